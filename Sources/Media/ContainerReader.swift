import CFFmpeg

/// An open container that packets are read from: format and protocols restricted, no other file is ever opened.
///
/// Thread rule: one thread at a time.
final class ContainerReader {
    let file: OpenFile
    let context: UnsafeMutablePointer<AVFormatContext>
    private let io: UnsafeMutablePointer<AVIOContext>

    /// - formats: libav's names of the demuxers that may be chosen, comma separated. Playlists are never among them.
    /// - options: the demuxer's, `key: value`.
    init(
        path: String, formats: String, options: [(String, String)] = [], isCancelled: @escaping () -> Bool
    ) throws {
        LibavLog.install()
        _ = LibavLog.takeLastError()
        file = try OpenFile(reading: path, isCancelled: isCancelled)
        if file.byteCount == 0 { throw FilmError(.input, "\(path) is empty.") }
        io = try makeIOContext(file, writing: false)
        guard let allocated = avformat_alloc_context() else {
            freeIOContext(io)
            throw LibavError(call: "avformat_alloc_context", code: burns_av_enomem)
        }
        allocated.pointee.pb = io
        // A demuxer that wants a second file (external data references, playlists) gets none.
        allocated.pointee.io_open = { _, _, _, _, _ in -EACCES }

        var dictionary: OpaquePointer?
        defer { av_dict_free(&dictionary) }
        av_dict_set(&dictionary, "format_whitelist", formats, 0)
        av_dict_set(&dictionary, "protocol_whitelist", "file", 0)
        for (key, value) in options { av_dict_set(&dictionary, key, value, 0) }
        var opening: UnsafeMutablePointer<AVFormatContext>? = allocated
        // The name serves the guess of the format only; the bytes come from the context above.
        let code = avformat_open_input(&opening, path, nil, &dictionary)
        guard code >= 0, let opened = opening else {
            // avformat_open_input frees the context on failure, not the I/O of its caller.
            freeIOContext(io)
            if file.wasCancelled { throw CancellationError() }
            if file.errorNumber != 0 { throw FilmError(.input, "\(path) cannot be read: \(systemText(file.errorNumber)).") }
            let error = LibavError(call: "avformat_open_input", code: code)
            let cause = LibavLog.takeLastError() ?? LibavError.text(of: code)
            throw FilmError(.input, "\(path) is not in a format that can be read here: \(cause).", underlying: error)
        }
        context = opened
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&closing)
        freeIOContext(io)
    }

    var formatName: String { context.pointee.iformat.map { String(cString: $0.pointee.name) } ?? "unknown" }

    func stream(_ index: Int) -> UnsafeMutablePointer<AVStream>? {
        index < Int(context.pointee.nb_streams) ? context.pointee.streams[index] : nil
    }

    /// A cancelled or failed read is not the file's fault, whatever a demuxer makes of it.
    func checkRead() throws {
        if file.wasCancelled { throw CancellationError() }
        if file.errorNumber != 0 { throw FilmError(.input, "\(file.path) cannot be read: \(systemText(file.errorNumber)).") }
    }

    /// The next packet of any stream; false at the end of the file. Demuxers call damage in mid-file an end with an error of
    /// their own, which is handed to `damaged` and then treated as the end.
    func read(_ packet: Packet, damaged: (LibavError) -> Void) throws -> Bool {
        av_packet_unref(packet.pointer)
        let code = av_read_frame(context, packet.pointer)
        try checkRead()
        if code >= 0 { return true }
        if code != burns_av_eof { damaged(LibavError(call: "av_read_frame", code: code)) }
        return false
    }
}

/// One owned packet.
final class Packet {
    let pointer: UnsafeMutablePointer<AVPacket>

    init() throws(LibavError) { pointer = try checkAllocated(av_packet_alloc(), "av_packet_alloc") }

    deinit {
        var freeing: UnsafeMutablePointer<AVPacket>? = pointer
        av_packet_free(&freeing)
    }
}
