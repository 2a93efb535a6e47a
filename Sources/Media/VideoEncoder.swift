import CFFmpeg
import Glibc

/// One video encoder of this libavcodec that can make Burns' chunks.
public struct EncoderDescription: Hashable, Sendable {
    /// libav's name: "libx264".
    public let name: String
    public let longName: String
    /// "h264", "hevc", "av1"…
    public let codecName: String
    /// Needs a device that may not be there: only opening tells.
    public let isHardware: Bool
}

/// The video encoders that take 8-bit yuv420p and whose streams fit into MP4, by name.
public func availableVideoEncoders() -> [EncoderDescription] {
    var found: [EncoderDescription] = []
    var position: UnsafeMutableRawPointer?
    while let codec = av_codec_iterate(&position) {
        guard av_codec_is_encoder(codec) != 0, codec.pointee.type == AVMEDIA_TYPE_VIDEO, takesYUV420(codec), fitsMP4(codec.pointee.id),
            codec.pointee.capabilities & AV_CODEC_CAP_EXPERIMENTAL == 0
        else { continue }
        let name = String(cString: codec.pointee.name)
        found.append(
            EncoderDescription(
                name: name, longName: codec.pointee.long_name.map { String(cString: $0) } ?? name,
                codecName: String(cString: avcodec_get_name(codec.pointee.id)),
                isHardware: codec.pointee.capabilities & (AV_CODEC_CAP_HARDWARE | AV_CODEC_CAP_HYBRID) != 0
                    || ["_nvenc", "_v4l2m2m", "_omx"].contains { name.hasSuffix($0) }))
    }
    return found.sorted { $0.name < $1.name }
}

func takesYUV420(_ codec: UnsafePointer<AVCodec>) -> Bool {
    guard var format = codec.pointee.pix_fmts else { return false }
    while format.pointee != AV_PIX_FMT_NONE {
        if format.pointee == AV_PIX_FMT_YUV420P { return true }
        format += 1
    }
    return false
}

func fitsMP4(_ codec: AVCodecID) -> Bool {
    avformat_query_codec(av_guess_format("mp4", nil, nil), codec, FF_COMPLIANCE_NORMAL) == 1
}

/// The encoder and every option that `settings` come to, checked: what validation, the fingerprint and encoding share.
struct EncoderPlan {
    let codec: UnsafePointer<AVCodec>
    let settings: VideoSettings
    /// Codec options that the encoded bytes depend on, in the order in which they are set.
    let options: [(String, String)]
    /// Those that say which of this machine's instructions are used, so that the bytes are those of other machines.
    let instructionOptions: [(String, String)]
    /// Quantiser for encoders without a quality option.
    let quantiser: Double?

    init(_ settings: VideoSettings) throws(FilmError) {
        LibavLog.install()
        guard settings.width >= 16, settings.height >= 16, settings.width <= 16384, settings.height <= 16384,
            settings.width % 2 == 0, settings.height % 2 == 0
        else {
            throw FilmError(.settings, "The size \(settings.width)×\(settings.height) cannot be encoded: both sides must be even and from 16 to 16384 pixels.")
        }
        let rate = settings.frameRate
        guard rate.numerator > 0, rate.denominator > 0, rate.value >= 0.01, rate.value <= 1000, rate.numerator <= 1_000_000 else {
            throw FilmError(.settings, "The frame rate \(rate.numerator)/\(rate.denominator) cannot be encoded: it must lie between 1/100 and 1000 frames per second.")
        }
        guard settings.keyFrameIntervalSeconds > 0 else {
            throw FilmError(.settings, "The key frame interval must be more than 0 seconds.")
        }
        guard let codec = avcodec_find_encoder_by_name(settings.encoder) else {
            throw FilmError(.settings, "There is no encoder '\(settings.encoder)' in this libavcodec; there are \(Self.encoderNames()).")
        }
        let name = String(cString: codec.pointee.name)
        guard codec.pointee.type == AVMEDIA_TYPE_VIDEO else {
            throw FilmError(.settings, "The encoder '\(name)' does not encode video; these do: \(Self.encoderNames()).")
        }
        guard takesYUV420(codec) else {
            throw FilmError(.settings, "The encoder '\(name)' does not take 8-bit yuv420p frames; these do: \(Self.encoderNames()).")
        }
        guard fitsMP4(codec.pointee.id) else {
            throw FilmError(.settings, "The encoder '\(name)' makes \(String(cString: avcodec_get_name(codec.pointee.id))), which cannot go into an MP4; these can: \(Self.encoderNames()).")
        }
        self.codec = codec
        self.settings = settings

        let traits = EncoderTraits(encoder: name, hasCRF: Self.option("crf", of: codec) != nil)
        var options = traits.options
        instructionOptions = name == "libx264" ? X264Instructions.options(width: settings.width) : []
        if let preset = settings.preset ?? traits.defaultPreset {
            let checked = try Self.checkedPreset(preset, traits, codec)
            options += traits.ownPresets[checked] ?? [(traits.presetOption ?? "preset", checked)]
        }
        let quality = settings.crf ?? traits.defaultQuality
        guard traits.qualityRange.contains(quality) else {
            let shown = "\(quality)".hasSuffix(".0") ? String("\(quality)".dropLast(2)) : "\(quality)"
            throw FilmError(.settings, "A crf of \(shown) is outside the range of '\(name)', which is \(Int(traits.qualityRange.lowerBound)) to \(Int(traits.qualityRange.upperBound)).")
        }
        switch traits.quality {
        case .option(let option):
            let isInteger = Self.option(option, of: codec).map { $0.pointee.type == AV_OPT_TYPE_INT } ?? false
            if isInteger && quality != quality.rounded() {
                throw FilmError(.settings, "The encoder '\(name)' takes whole crf values only, not \(quality).")
            }
            options.append((option, isInteger ? "\(Int(quality))" : "\(quality)"))
            quantiser = nil
        case .quantiser:
            quantiser = quality
            // libav's MPEG encoders refuse closed GOPs together with scene change detection.
            if Self.option("sc_threshold", of: codec) != nil { options.append(("sc_threshold", "1000000000")) }
        }
        self.options = options
    }

    private static func encoderNames() -> String { availableVideoEncoders().map(\.name).joined(separator: ", ") }

    private static func option(_ name: String, of codec: UnsafePointer<AVCodec>) -> UnsafePointer<AVOption>? {
        var option = burns_next_option(codec.pointee.priv_class, nil)
        while let current = option {
            if current.pointee.type != AV_OPT_TYPE_CONST && String(cString: current.pointee.name) == name { return current }
            option = burns_next_option(codec.pointee.priv_class, current)
        }
        return nil
    }

    private static func checkedPreset(
        _ preset: String, _ traits: EncoderTraits, _ codec: UnsafePointer<AVCodec>
    ) throws(FilmError) -> String {
        let name = String(cString: codec.pointee.name)
        if let names = traits.presetNames {
            if names.contains(preset) { return preset }
            throw FilmError(.settings, "The encoder '\(name)' has no preset '\(preset)'; it has \(names.joined(separator: ", ")).")
        }
        if let range = traits.presetRange {
            if let number = Int(preset), range.contains(number) { return preset }
            throw FilmError(.settings, "The encoder '\(name)' has no preset '\(preset)'; it has the numbers \(range.lowerBound) (slowest) to \(range.upperBound).")
        }
        guard let option = Self.option("preset", of: codec) else {
            throw FilmError(.settings, "The encoder '\(name)' has no presets; leave the preset out.")
        }
        var names: [String] = []
        if let unit = option.pointee.unit {
            var constant = burns_next_option(codec.pointee.priv_class, nil)
            while let current = constant {
                if current.pointee.type == AV_OPT_TYPE_CONST, let other = current.pointee.unit, String(cString: other) == String(cString: unit) {
                    names.append(String(cString: current.pointee.name))
                }
                constant = burns_next_option(codec.pointee.priv_class, current)
            }
        }
        if names.isEmpty || names.contains(preset) { return preset }
        throw FilmError(.settings, "The encoder '\(name)' has no preset '\(preset)'; it has \(names.joined(separator: ", ")).")
    }

    /// An opened encoder.
    func open() throws -> VideoEncoder { try VideoEncoder(self) }
}

/// An open libavcodec video encoder: one thread, BT.709 limited, closed GOPs, no quality that depends on time.
///
/// Of SVT-AV1 there is one at a time in a process: another one is opened when it has gone, by a thread that waits for that.
final class VideoEncoder {
    private let turn: EncoderTurn?
    let context: UnsafeMutablePointer<AVCodecContext>
    private var isOpen = false
    private var hasFrames = false

    init(_ plan: EncoderPlan) throws {
        let settings = plan.settings
        turn = EncoderTurn.isNeeded(for: settings.encoder) ? try EncoderTurn.take(for: settings.encoder) : nil
        _ = LibavLog.takeLastError()
        context = try checkAllocated(avcodec_alloc_context3(plan.codec), "avcodec_alloc_context3")
        context.pointee.width = Int32(settings.width)
        context.pointee.height = Int32(settings.height)
        context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
        context.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
        context.pointee.time_base = AVRational(num: settings.frameRate.denominator, den: settings.frameRate.numerator)
        context.pointee.framerate = AVRational(num: settings.frameRate.numerator, den: settings.frameRate.denominator)
        context.pointee.color_primaries = AVCOL_PRI_BT709
        context.pointee.color_trc = AVCOL_TRC_BT709
        context.pointee.colorspace = AVCOL_SPC_BT709
        context.pointee.color_range = AVCOL_RANGE_MPEG
        context.pointee.chroma_sample_location = AVCHROMA_LOC_LEFT
        // Chunks are encoded side by side; more threads in each would also change the bytes with the machine.
        context.pointee.thread_count = 1
        context.pointee.gop_size = settings.keyFrameInterval
        context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | Int32(bitPattern: UInt32(AV_CODEC_FLAG_CLOSED_GOP))
        // Constant quality: libav's default of 200 kb/s would bound it for some encoders.
        context.pointee.bit_rate = 0
        if let quantiser = plan.quantiser {
            context.pointee.flags |= AV_CODEC_FLAG_QSCALE
            context.pointee.global_quality = Int32((quantiser * Double(burns_qp2lambda)).rounded())
        }
        for (key, value) in plan.options + plan.instructionOptions {
            let code = av_opt_set(context.pointee.priv_data, key, value, 0)
            if code < 0 {
                throw FilmError.encoding("The encoder \(settings.encoder) does not take \(key)=\(value)", LibavError(call: "av_opt_set", code: code))
            }
        }
        // Only those that take turns take real time, so that nobody else starts such threads meanwhile.
        func open() -> Int32 { avcodec_open2(context, plan.codec, nil) }
        let code = turn == nil ? open() : withoutTakingRealTime(open)
        if code < 0 {
            throw FilmError.encoding(
                "The encoder \(settings.encoder) cannot start at \(settings.width)×\(settings.height), \(settings.frameRate) frames per second",
                LibavError(call: "avcodec_open2", code: code))
        }
        isOpen = true
    }

    deinit {
        if isOpen && !hasFrames { sendGreyFrame() }
        var freeing: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&freeing)
    }

    /// SVT-AV1 1.4 waits for ever when it is closed before it was given a frame.
    private func sendGreyFrame() {
        guard let name = context.pointee.codec?.pointee.name, String(cString: name) == "libsvtav1" else { return }
        var frame = av_frame_alloc()
        defer { av_frame_free(&frame) }
        guard let grey = frame else { return }
        grey.pointee.width = context.pointee.width
        grey.pointee.height = context.pointee.height
        grey.pointee.format = context.pointee.pix_fmt.rawValue
        grey.pointee.pts = 0
        guard av_frame_get_buffer(grey, 0) >= 0 else { return }
        // Closing throws away whatever comes of it, so neither result matters.
        _ = avcodec_send_frame(context, grey)
        _ = avcodec_send_frame(context, nil)
    }

    /// Sends a frame, or nil to drain. Take all packets in between.
    func send(_ frame: UnsafePointer<AVFrame>?) throws {
        if frame != nil { hasFrames = true }
        let code = avcodec_send_frame(context, frame)
        if code < 0 { throw FilmError.encoding("The encoder failed", LibavError(call: "avcodec_send_frame", code: code)) }
    }

    /// Whether a packet was ready.
    func receive(_ packet: Packet) throws -> Bool {
        let code = avcodec_receive_packet(context, packet.pointer)
        if code == burns_av_eagain || code == burns_av_eof { return false }
        if code < 0 { throw FilmError.encoding("The encoder failed", LibavError(call: "avcodec_receive_packet", code: code)) }
        return true
    }
}
