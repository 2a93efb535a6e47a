import CFFmpeg

/// AAC-LC packets into an `.m4a` without touching them; raw ADTS loses its headers.
///
/// Times are counted in samples from the first packet on. Packets before 0 (the encoder's delay, where the source tells of it)
/// go before the edit list's start, and the last packet is as long as the source's last sample is away.
func copyAudio(from source: String, _ info: AudioInfo, to path: String, _ isCancelled: @escaping () -> Bool) throws -> AudioInfo {
    let input = try AudioInput(path: source, isCancelled: isCancelled)
    let packet = try Packet()
    let writer = try ContainerWriter(path: path, isCancelled: isCancelled)
    let timescale = Int32(info.sampleRate)
    let filter = try StreamFilter(input.stream)
    var stream: UnsafeMutablePointer<AVStream>?
    var position: Int64 = 0
    let samplesPerPacket: Int64 = 1024

    while try input.reader.read(packet, damaged: { _ in }) {
        if packet.pointer.pointee.stream_index != input.stream.pointee.index { continue }
        try filter.apply(packet)
        if stream == nil {
            // Known only now: the filter finds the configuration in the first packet.
            let created = try writer.addStream(filter.parameters, timescale: timescale)
            created.pointee.codecpar.pointee.codec_tag = 0
            created.pointee.codecpar.pointee.profile = FF_PROFILE_AAC_LOW
            try writer.writeHeader(options: [("movie_timescale", "\(timescale)")])
            stream = created
            let first = packet.pointer.pointee.pts
            if first != burns_av_nopts {
                position = min(0, av_rescale_q(first, input.stream.pointee.time_base, AVRational(num: 1, den: timescale)))
            }
        }
        guard let stream else { break }
        if position >= info.sampleCount { break }
        packet.pointer.pointee.stream_index = stream.pointee.index
        packet.pointer.pointee.pts = position
        packet.pointer.pointee.dts = position
        packet.pointer.pointee.duration = min(samplesPerPacket, info.sampleCount - position)
        packet.pointer.pointee.flags = AV_PKT_FLAG_KEY
        av_packet_free_side_data(packet.pointer)
        try writer.write(packet)
        position += samplesPerPacket
    }
    try writer.finish()
    return info
}

/// `aac_adtstoasc` where the source is ADTS, nothing elsewhere.
private final class StreamFilter {
    private let context: UnsafeMutablePointer<AVBSFContext>

    init(_ stream: UnsafeMutablePointer<AVStream>) throws {
        // ADTS carries its configuration in every packet; everything else in the stream's extradata.
        let isADTS = stream.pointee.codecpar.pointee.extradata_size == 0
        var allocating: UnsafeMutablePointer<AVBSFContext>?
        if isADTS {
            let filter = try checkAllocated(av_bsf_get_by_name("aac_adtstoasc"), "av_bsf_get_by_name")
            try check(av_bsf_alloc(filter, &allocating), "av_bsf_alloc")
        } else {
            try check(av_bsf_get_null_filter(&allocating), "av_bsf_get_null_filter")
        }
        context = try checkAllocated(allocating, "av_bsf_alloc")
        try check(avcodec_parameters_copy(context.pointee.par_in, stream.pointee.codecpar), "avcodec_parameters_copy")
        context.pointee.time_base_in = stream.pointee.time_base
        try check(av_bsf_init(context), "av_bsf_init")
    }

    deinit {
        var freeing: UnsafeMutablePointer<AVBSFContext>? = context
        av_bsf_free(&freeing)
    }

    /// Valid after the first packet. The filter hands its configuration on as side data of that packet.
    private(set) var configuration: [UInt8] = []

    var parameters: UnsafePointer<AVCodecParameters> {
        if !configuration.isEmpty, let out = context.pointee.par_out, out.pointee.extradata == nil,
            let memory = av_mallocz(configuration.count + Int(AV_INPUT_BUFFER_PADDING_SIZE))
        {
            memory.copyMemory(from: configuration, byteCount: configuration.count)
            out.pointee.extradata = memory.assumingMemoryBound(to: UInt8.self)
            out.pointee.extradata_size = Int32(configuration.count)
        }
        return UnsafePointer(context.pointee.par_out)
    }

    func apply(_ packet: Packet) throws {
        try check(av_bsf_send_packet(context, packet.pointer), "av_bsf_send_packet")
        try check(av_bsf_receive_packet(context, packet.pointer), "av_bsf_receive_packet")
        if configuration.isEmpty {
            var count = 0
            if let data = av_packet_get_side_data(packet.pointer, AV_PKT_DATA_NEW_EXTRADATA, &count) {
                configuration = Array(UnsafeBufferPointer(start: data, count: count))
            }
        }
    }
}
