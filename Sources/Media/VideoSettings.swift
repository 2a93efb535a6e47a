/// A fraction: frames per second (30000/1001), or seconds per tick.
public struct Rational: Hashable, Sendable, CustomStringConvertible {
    public var numerator: Int32
    public var denominator: Int32

    public init(numerator: Int32, denominator: Int32) {
        self.numerator = numerator
        self.denominator = denominator
    }

    public var value: Double { Double(numerator) / Double(denominator) }
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }
}

/// How frames become a video stream.
public struct VideoSettings: Hashable, Sendable {
    /// Pixels; even.
    public var width: Int
    public var height: Int
    public var frameRate: Rational
    /// libav's name of a video encoder that takes 8-bit yuv420p and whose stream fits into MP4.
    public var encoder: String
    /// A preset that the encoder has ("veryfast"; a number for SVT-AV1, libaom, libvpx and rav1e) or, for libx264, one of
    /// `X264Preset`; nil: `EncoderTraits`' choice.
    public var preset: String?
    /// Constant quality on the encoder's own scale, lower is better; nil: `EncoderTraits`' choice. What it sets: `crf` where the
    /// encoder has that, `cq` for NVENC, `qp` for rav1e, else a fixed quantiser (`qscale`).
    public var crf: Double?
    /// The longest way between two key frames inside a chunk; a chunk always starts with one.
    public var keyFrameIntervalSeconds: Double

    public init(
        width: Int, height: Int, frameRate: Rational, encoder: String = "libx264", preset: String? = nil, crf: Double? = nil,
        keyFrameIntervalSeconds: Double = 5
    ) {
        self.width = width
        self.height = height
        self.frameRate = frameRate
        self.encoder = encoder
        self.preset = preset
        self.crf = crf
        self.keyFrameIntervalSeconds = keyFrameIntervalSeconds
    }
}

extension VideoSettings {
    /// Frames between key frames, at most.
    var keyFrameInterval: Int32 { Int32(max(1, min(1000, (keyFrameIntervalSeconds * frameRate.value).rounded()))) }

    /// Ticks per second in the container, and ticks per frame: exact for every frame rate.
    var ticks: (timescale: Int32, perFrame: Int64) {
        var timescale = Int64(frameRate.numerator)
        var perFrame = Int64(frameRate.denominator)
        while timescale < 10_000 {
            timescale *= 2
            perFrame *= 2
        }
        return (Int32(timescale), perFrame)
    }
}
