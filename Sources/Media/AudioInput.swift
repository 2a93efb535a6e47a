import CFFmpeg

/// A sound file opened for reading: container, the best audio stream, its decoder.
///
/// What libav's demuxers know of encoder delay and padding (edit lists, LAME and Opus headers, granule positions) is taken off
/// the decoded samples.
final class AudioInput {
    let reader: ContainerReader
    let stream: UnsafeMutablePointer<AVStream>
    let decoder: UnsafeMutablePointer<AVCodecContext>
    /// Packets that could not be decoded so far.
    private(set) var damagedPackets = 0
    /// Frames that were decoded so far.
    private(set) var decodedFrames = 0

    /// Containers and plain streams of sound. No playlists, no lists of files, no devices.
    private static let formats =
        "mp3,mov,wav,w64,flac,ogg,aac,matroska,aiff,caf,au,ac3,eac3,amr,asf,avi,mpegts,mpeg,flv,wv,tta,ape,loas,dts,dsf"

    /// Real recordings lie inside; a header that says 1 Hz would make hours out of kilobytes.
    private static let sampleRates: ClosedRange<Int32> = 4_000...768_000
    /// What libswresample can mix.
    private static let channelCounts: ClosedRange<Int32> = 1...64

    init(path: String, isCancelled: @escaping () -> Bool) throws {
        reader = try ContainerReader(path: path, formats: Self.formats, isCancelled: isCancelled)
        let code = avformat_find_stream_info(reader.context, nil)
        try reader.checkRead()
        if code < 0 {
            throw FilmError(.input, "\(path) holds no sound that can be read: \(LibavError.text(of: code)).",
                underlying: LibavError(call: "avformat_find_stream_info", code: code))
        }
        var codec: UnsafePointer<AVCodec>?
        let index = av_find_best_stream(reader.context, AVMEDIA_TYPE_AUDIO, -1, -1, &codec, 0)
        guard index >= 0, let found = reader.stream(Int(index)), let codec, let parameters = found.pointee.codecpar else {
            throw FilmError(.input, index == burns_av_decoder_not_found
                ? "\(path) holds sound that no decoder here knows."
                : "\(path) holds no sound (it is \(reader.formatName)).")
        }
        guard Self.sampleRates.contains(parameters.pointee.sample_rate), Self.channelCounts.contains(parameters.pointee.ch_layout.nb_channels) else {
            throw FilmError(.input, "\(path) holds no sound that can be used: it says \(parameters.pointee.sample_rate) Hz and \(parameters.pointee.ch_layout.nb_channels) channels, where 4000 to 768000 Hz and 1 to 64 channels are allowed.")
        }
        stream = found
        for other in 0..<Int(reader.context.pointee.nb_streams) where other != Int(index) {
            reader.stream(other)?.pointee.discard = AVDISCARD_ALL
        }
        decoder = try checkAllocated(avcodec_alloc_context3(codec), "avcodec_alloc_context3")
        do {
            try check(avcodec_parameters_to_context(decoder, parameters), "avcodec_parameters_to_context")
            decoder.pointee.pkt_timebase = stream.pointee.time_base
            decoder.pointee.thread_count = 1
            try check(avcodec_open2(decoder, codec, nil), "avcodec_open2")
        } catch {
            throw FilmError(.input, "\(path) holds sound that cannot be decoded: \(LibavLog.takeLastError() ?? error.description).", underlying: error)
        }
    }

    deinit {
        var freeing: UnsafeMutablePointer<AVCodecContext>? = decoder
        avcodec_free_context(&freeing)
    }

    var path: String { reader.file.path }
    var sampleRate: Int { Int(stream.pointee.codecpar.pointee.sample_rate) }
    var channels: Int { Int(stream.pointee.codecpar.pointee.ch_layout.nb_channels) }

    /// How long after the pictures of a video file its sound begins.
    var delayAfterVideoSeconds: Double {
        var start: Double?
        for index in 0..<Int(reader.context.pointee.nb_streams) {
            guard let other = reader.stream(index), other.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO,
                other.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0, other.pointee.start_time != burns_av_nopts
            else { continue }
            let seconds = Double(other.pointee.start_time) * av_q2d(other.pointee.time_base)
            start = min(start ?? seconds, seconds)
        }
        guard let start, stream.pointee.start_time != burns_av_nopts else { return 0 }
        let delay = Double(stream.pointee.start_time) * av_q2d(stream.pointee.time_base) - start
        return delay > 0 && delay < 3600 ? delay : 0
    }

    /// Hands every decoded frame to `body`, in order. Packets that cannot be decoded are counted and left out.
    func decode(_ body: (UnsafeMutablePointer<AVFrame>) throws -> Void) throws {
        var frame: UnsafeMutablePointer<AVFrame>? = av_frame_alloc()
        var held: UnsafeMutablePointer<AVFrame>? = av_frame_alloc()
        defer {
            av_frame_free(&frame)
            av_frame_free(&held)
        }
        guard let current = frame, let last = held else { throw LibavError(call: "av_frame_alloc", code: burns_av_enomem) }
        let packet = try Packet()
        var isDraining = false
        while true {
            let code = avcodec_receive_frame(decoder, current)
            if code >= 0 {
                decodedFrames += 1
                // One frame is held back: only the last one's length is open to question.
                if last.pointee.nb_samples > 0 { try body(last) }
                av_frame_unref(last)
                av_frame_move_ref(last, current)
                continue
            }
            if code == burns_av_eof { break }
            if code != burns_av_eagain {
                damagedPackets += 1
                if isDraining { break }
            }
            if isDraining && code == burns_av_eagain { break }
            try sendNextPacket(packet, &isDraining)
        }
        if last.pointee.nb_samples > 0 {
            trimPadding(last)
            if last.pointee.nb_samples > 0 { try body(last) }
        }
        if reader.file.cancelled() { throw CancellationError() }
    }

    private func sendNextPacket(_ packet: Packet, _ isDraining: inout Bool) throws {
        while true {
            if reader.file.cancelled() { throw CancellationError() }
            guard try reader.read(packet, damaged: { _ in damagedPackets += 1 }) else {
                isDraining = true
                avcodec_send_packet(decoder, nil)
                return
            }
            if packet.pointer.pointee.stream_index != stream.pointee.index { continue }
            if avcodec_send_packet(decoder, packet.pointer) >= 0 { return }
            damagedPackets += 1
        }
    }

    /// MP4 says how long its last packet is to be heard; the decoder gives the whole frame, the encoder's padding with it.
    private func trimPadding(_ frame: UnsafeMutablePointer<AVFrame>) {
        guard reader.formatName.hasPrefix("mov"), frame.pointee.pkt_duration > 0 else { return }
        let samples = av_rescale_q(frame.pointee.pkt_duration, stream.pointee.time_base, AVRational(num: 1, den: frame.pointee.sample_rate))
        if samples > 0 && samples < Int64(frame.pointee.nb_samples) { frame.pointee.nb_samples = Int32(samples) }
    }
}
