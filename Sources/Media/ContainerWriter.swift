import CFFmpeg

/// An MP4 being written.
///
/// Deterministic: no dates, no version strings. `finish` writes the index, flushes to the disk and closes; without it the file is
/// closed unfinished, and removing it is the caller's.
///
/// Thread rule: one thread at a time.
final class ContainerWriter {
    let file: OpenFile
    let context: UnsafeMutablePointer<AVFormatContext>
    private let io: UnsafeMutablePointer<AVIOContext>

    init(path: String, isCancelled: @escaping () -> Bool) throws {
        LibavLog.install()
        _ = LibavLog.takeLastError()
        file = try OpenFile(writing: path, isCancelled: isCancelled)
        io = try makeIOContext(file, writing: true)
        var allocating: UnsafeMutablePointer<AVFormatContext>?
        let code = avformat_alloc_output_context2(&allocating, nil, "mp4", nil)
        guard code >= 0, let allocated = allocating else {
            freeIOContext(io)
            throw LibavError(call: "avformat_alloc_output_context2", code: code)
        }
        context = allocated
        context.pointee.pb = io
        context.pointee.flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT
        // Faststart reads back what was written, through the same descriptor.
        context.pointee.io_open = { context, reader, _, flags, _ in
            guard flags & AVIO_FLAG_WRITE == 0, let io = context?.pointee.pb else { return -EACCES }
            guard let sibling = makeReadingSibling(of: io) else { return burns_av_enomem }
            reader?.pointee = sibling
            return 0
        }
        context.pointee.io_close2 = { _, reader in
            if let reader { freeIOContext(reader) }
            return 0
        }
    }

    deinit {
        avformat_free_context(context)
        freeIOContext(io)
    }

    /// Adds a stream with a copy of `parameters`, in units of `1 / timescale` seconds.
    func addStream(_ parameters: UnsafePointer<AVCodecParameters>, timescale: Int32) throws -> UnsafeMutablePointer<AVStream> {
        let stream = try addStream(timescale: timescale)
        try check(avcodec_parameters_copy(stream.pointee.codecpar, parameters), "avcodec_parameters_copy")
        return stream
    }

    func addStream(timescale: Int32) throws -> UnsafeMutablePointer<AVStream> {
        let stream = try checkAllocated(avformat_new_stream(context, nil), "avformat_new_stream")
        stream.pointee.time_base = AVRational(num: 1, den: timescale)
        return stream
    }

    func writeHeader(options: [(String, String)]) throws {
        var dictionary: OpaquePointer?
        defer { av_dict_free(&dictionary) }
        for (key, value) in options { av_dict_set(&dictionary, key, value, 0) }
        try checkWritten(avformat_write_header(context, &dictionary), "avformat_write_header")
        if let unknown = av_dict_get(dictionary, "", nil, AV_DICT_IGNORE_SUFFIX) {
            throw FilmError(.output, "This build of libavformat does not know the MP4 option '\(String(cString: unknown.pointee.key))'.")
        }
    }

    /// Writes one packet as it stands; the caller interleaves. The packet keeps its data.
    func write(_ packet: Packet) throws {
        try checkWritten(av_write_frame(context, packet.pointer), "av_write_frame")
    }

    func finish() throws {
        try checkWritten(av_write_trailer(context), "av_write_trailer")
        avio_flush(io)
        try checkWritten(0, "avio_flush")
        try file.flushAndClose()
    }

    /// Muxers do not hand every write error on; the context and the file remember it.
    private func checkWritten(_ code: Int32, _ call: String) throws {
        if file.wasCancelled { throw CancellationError() }
        if file.errorNumber != 0 {
            throw FilmError(.output, "\(file.path) cannot be written: \(systemText(file.errorNumber)).",
                underlying: LibavError(call: call, code: -file.errorNumber))
        }
        let failure = code < 0 ? code : io.pointee.error
        if failure < 0 {
            let error = LibavError(call: call, code: failure)
            throw FilmError(.output, "\(file.path) cannot be written: \(LibavLog.takeLastError() ?? error.description).", underlying: error)
        }
    }
}
