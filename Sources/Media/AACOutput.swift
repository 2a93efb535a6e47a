import CFFmpeg

/// An `.m4a` being written from planar float samples.
final class AACOutput {
    private let encoder: UnsafeMutablePointer<AVCodecContext>
    private let writer: ContainerWriter
    private let stream: UnsafeMutablePointer<AVStream>
    private let fifo: OpaquePointer
    private let frame: UnsafeMutablePointer<AVFrame>
    private let packet: Packet
    private let channels: Int
    /// Samples handed in, and samples handed to the encoder.
    private var appended: Int64 = 0
    private var encoded: Int64 = 0
    static let bitRate: Int64 = 192_000
    /// At this rate the search that takes half the time also leaves less noise (speech 43 dB below the sound instead of 34, a chord
    /// 71 instead of 36, pink noise 13 instead of 10, clicks 6 instead of 8), as long as it may not give up a band's phases or
    /// waveform: with intensity stereo a sweep of two tones came to 18 dB, without it to 62.
    static let options = [("aac_coder", "fast"), ("aac_is", "0"), ("aac_pns", "0")]

    init(path: String, sampleRate: Int, channels: Int, isCancelled: @escaping () -> Bool) throws {
        self.channels = channels
        let codec = try checkAllocated(avcodec_find_encoder_by_name("aac"), "avcodec_find_encoder_by_name(aac)")
        writer = try ContainerWriter(path: path, isCancelled: isCancelled)
        packet = try Packet()
        encoder = try checkAllocated(avcodec_alloc_context3(codec), "avcodec_alloc_context3")
        frame = try checkAllocated(av_frame_alloc(), "av_frame_alloc")
        fifo = try checkAllocated(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, Int32(channels), 8192), "av_audio_fifo_alloc")
        stream = try writer.addStream(timescale: Int32(sampleRate))
        encoder.pointee.sample_rate = Int32(sampleRate)
        encoder.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
        av_channel_layout_default(&encoder.pointee.ch_layout, Int32(channels))
        encoder.pointee.bit_rate = Self.bitRate
        encoder.pointee.profile = FF_PROFILE_AAC_LOW
        encoder.pointee.time_base = AVRational(num: 1, den: Int32(sampleRate))
        encoder.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT
        encoder.pointee.thread_count = 1
        for (name, value) in Self.options { try check(av_opt_set(encoder.pointee.priv_data, name, value, 0), "av_opt_set(\(name))") }
        try check(avcodec_open2(encoder, codec, nil), "avcodec_open2(aac)")
        try check(avcodec_parameters_from_context(stream.pointee.codecpar, encoder), "avcodec_parameters_from_context")
        // The edit list counts in samples: milliseconds would blur the end.
        try writer.writeHeader(options: [("movie_timescale", "\(sampleRate)")])
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = encoder
        avcodec_free_context(&context)
        var freeing: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&freeing)
        av_audio_fifo_free(fifo)
    }

    func append(_ planes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, count: Int32) throws {
        try planes.withMemoryRebound(to: UnsafeMutableRawPointer?.self, capacity: channels) { data in
            _ = try check(av_audio_fifo_write(fifo, data, count), "av_audio_fifo_write")
        }
        appended += Int64(count)
        // One frame stays: the length is known only at the end.
        while av_audio_fifo_size(fifo) >= 2 * encoder.pointee.frame_size { try encodeFrame(encoder.pointee.frame_size) }
    }

    func appendSilence(_ samples: Int64) throws {
        var left = samples
        if left <= 0 { return }
        var planes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?
        let block: Int32 = 4096
        try check(
            av_samples_alloc_array_and_samples(&planes, nil, Int32(channels), block, AV_SAMPLE_FMT_FLTP, 0),
            "av_samples_alloc_array_and_samples")
        defer {
            if let planes { av_free(planes[0]) }
            av_free(planes)
        }
        guard let planes else { throw LibavError(call: "av_samples_alloc_array_and_samples", code: burns_av_enomem) }
        av_samples_set_silence(planes, 0, block, Int32(channels), AV_SAMPLE_FMT_FLTP)
        while left > 0 {
            let count = Int32(min(left, Int64(block)))
            try append(planes, count: count)
            left -= Int64(count)
        }
    }

    /// Ends the sound after `samples` samples: a few too many are dropped, a few missing are silence.
    func finish(atLength samples: Int64) throws {
        try appendSilence(samples - appended)
        var left = samples - encoded
        while left > 0 {
            let count = Int32(min(left, Int64(encoder.pointee.frame_size)))
            try encodeFrame(count)
            left -= Int64(count)
        }
        try check(avcodec_send_frame(encoder, nil), "avcodec_send_frame(aac)")
        try writeReadyPackets()
        try writer.finish()
    }

    private func encodeFrame(_ count: Int32) throws {
        av_frame_unref(frame)
        frame.pointee.nb_samples = count
        frame.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
        frame.pointee.sample_rate = encoder.pointee.sample_rate
        try check(av_channel_layout_copy(&frame.pointee.ch_layout, &encoder.pointee.ch_layout), "av_channel_layout_copy")
        try check(av_frame_get_buffer(frame, 0), "av_frame_get_buffer")
        try frame.pointee.extended_data.withMemoryRebound(to: UnsafeMutableRawPointer?.self, capacity: channels) { data in
            _ = try check(av_audio_fifo_read(fifo, data, count), "av_audio_fifo_read")
        }
        frame.pointee.pts = encoded
        encoded += Int64(count)
        try check(avcodec_send_frame(encoder, frame), "avcodec_send_frame(aac)")
        try writeReadyPackets()
    }

    private func writeReadyPackets() throws {
        while true {
            let code = avcodec_receive_packet(encoder, packet.pointer)
            if code == burns_av_eagain || code == burns_av_eof { return }
            try check(code, "avcodec_receive_packet(aac)")
            packet.pointer.pointee.stream_index = stream.pointee.index
            av_packet_rescale_ts(packet.pointer, encoder.pointee.time_base, stream.pointee.time_base)
            try writer.write(packet)
        }
    }
}
