import CFFmpeg

/// Decoded frames of any layout, format and rate into planar float at the encoder's rate and channels.
///
/// A source may change its format on the way (mp3 does): the converter starts afresh there.
final class AudioConverter {
    private let sampleRate: Int
    private let channels: Int
    private var resampler: OpaquePointer?
    private var sourceRate: Int32 = 0
    private var sourceFormat: Int32 = -1
    private var sourceLayout = AVChannelLayout()

    init(sampleRate: Int, channels: Int) throws {
        self.sampleRate = sampleRate
        self.channels = channels
    }

    deinit {
        swr_free(&resampler)
        av_channel_layout_uninit(&sourceLayout)
    }

    func convert(_ frame: UnsafeMutablePointer<AVFrame>, into output: AACOutput) throws {
        if resampler == nil || frame.pointee.sample_rate != sourceRate || frame.pointee.format != sourceFormat
            || av_channel_layout_compare(&frame.pointee.ch_layout, &sourceLayout) != 0
        {
            try drain(into: output)
            try configure(for: frame)
        }
        let expected = swr_get_out_samples(resampler, frame.pointee.nb_samples)
        try convert(frame.pointee.extended_data, frame.pointee.nb_samples, capacity: max(1, expected), into: output)
    }

    /// What the resampler still holds; it then starts afresh.
    func drain(into output: AACOutput) throws {
        guard resampler != nil else { return }
        while try convert(nil, 0, capacity: 4096, into: output) > 0 {}
        swr_free(&resampler)
    }

    @discardableResult
    private func convert(
        _ data: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ count: Int32, capacity: Int32, into output: AACOutput
    ) throws -> Int32 {
        var planes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?
        try check(
            av_samples_alloc_array_and_samples(&planes, nil, Int32(channels), capacity, AV_SAMPLE_FMT_FLTP, 0),
            "av_samples_alloc_array_and_samples")
        defer {
            if let planes { av_free(planes[0]) }
            av_free(planes)
        }
        let made: Int32
        if let data {
            made = try data.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: 1) { source in
                try check(swr_convert(resampler, planes, capacity, source, count), "swr_convert")
            }
        } else {
            made = try check(swr_convert(resampler, planes, capacity, nil, 0), "swr_convert")
        }
        if made > 0, let planes { try output.append(planes, count: made) }
        return made
    }

    private func configure(for frame: UnsafeMutablePointer<AVFrame>) throws {
        try check(av_channel_layout_copy(&sourceLayout, &frame.pointee.ch_layout), "av_channel_layout_copy")
        sourceRate = frame.pointee.sample_rate
        sourceFormat = frame.pointee.format
        // Channels without places (raw PCM of many channels) get the usual ones, so that they can be mixed.
        var source = AVChannelLayout()
        defer { av_channel_layout_uninit(&source) }
        if sourceLayout.order == AV_CHANNEL_ORDER_UNSPEC {
            av_channel_layout_default(&source, sourceLayout.nb_channels)
        } else {
            try check(av_channel_layout_copy(&source, &sourceLayout), "av_channel_layout_copy")
        }
        var target = AVChannelLayout()
        av_channel_layout_default(&target, Int32(channels))
        defer { av_channel_layout_uninit(&target) }
        try check(
            swr_alloc_set_opts2(
                &resampler, &target, AV_SAMPLE_FMT_FLTP, Int32(sampleRate), &source, AVSampleFormat(rawValue: sourceFormat), sourceRate, 0, nil),
            "swr_alloc_set_opts2")
        guard let resampler else { throw LibavError(call: "swr_alloc_set_opts2", code: burns_av_enomem) }
        // A downmix in float is not kept from overflowing otherwise.
        try check(av_opt_set_double(UnsafeMutableRawPointer(resampler), "rematrix_maxval", 1, 0), "av_opt_set_double")
        try check(swr_init(resampler), "swr_init")
    }
}
