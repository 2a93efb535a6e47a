/// What Burns knows about an encoder by name: its quality scale, its presets, and the options that keep it to one thread, one
/// result and closed GOPs.
///
/// | encoder | quality | default | preset option | default |
/// |---|---|---|---|---|
/// | libx264 | crf 0…51 | 20 | preset, or `X264Preset` | ken-burns |
/// | libx265 | crf 0…51 | 22 | preset | fast |
/// | libsvtav1 | crf 1…63 | 30 | preset | 8 |
/// | libaom-av1 | crf 0…63 | 28 | cpu-used | 6 |
/// | libvpx-vp9 | crf 0…63 | 30 | cpu-used | 4 |
/// | librav1e | qp 0…255 | 80 | speed | 6 |
/// | *_nvenc | cq 1…51 | 22 | preset | its own |
/// | any other with `crf` | crf 0…63 | 25 | preset, if any | its own |
/// | any other | qscale 1…31 | 3 | preset, if any | its own |
struct EncoderTraits {
    enum Quality {
        /// A codec option of this name.
        case option(String)
        /// A fixed quantiser in the context's own fields.
        case quantiser
    }

    var quality: Quality
    var qualityRange: ClosedRange<Double>
    var defaultQuality: Double
    /// The codec option that a preset's name goes to; nil: found by asking the encoder.
    var presetOption: String?
    var defaultPreset: String?
    /// Burns' own presets by name: the options that each comes to.
    var ownPresets: [String: [(String, String)]] = [:]
    /// Allowed names where the option is free text.
    var presetNames: [String]?
    var presetRange: ClosedRange<Int>?
    var options: [(String, String)]

    static let x26xPresets = [
        "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
    ]

    init(
        _ quality: Quality, _ range: ClosedRange<Double>, default defaultQuality: Double, preset: String? = nil,
        defaultPreset: String? = nil, names: [String]? = nil, range presetRange: ClosedRange<Int>? = nil,
        options: [(String, String)] = []
    ) {
        self.quality = quality
        qualityRange = range
        self.defaultQuality = defaultQuality
        presetOption = preset
        self.defaultPreset = defaultPreset
        presetNames = names
        self.presetRange = presetRange
        self.options = options
    }

    /// Of these settings, the encoder's default where they name none.
    static func preset(of settings: VideoSettings) -> String? {
        settings.preset ?? EncoderTraits(encoder: settings.encoder, hasCRF: false).defaultPreset
    }

    init(encoder: String, hasCRF: Bool) {
        switch encoder {
        case "libx264":
            // The fastest preset turns the 8×8 transform off, and with it the High profile.
            self.init(
                .option("crf"), 0...51, default: 20, preset: "preset", defaultPreset: X264Preset.kenBurns.rawValue,
                names: X264Preset.allCases.map(\.rawValue) + Self.x26xPresets, options: [("8x8dct", "1")])
            ownPresets = Dictionary(uniqueKeysWithValues: X264Preset.allCases.map { ($0.rawValue, $0.options) })
        case "libx265":
            // x265 opens its GOPs unless told otherwise, and logs past libav.
            self.init(
                .option("crf"), 0...51, default: 22, preset: "preset", defaultPreset: "fast", names: Self.x26xPresets,
                options: [("x265-params", "log-level=none:pools=none:frame-threads=1:open-gop=0:info=0")])
        case "libsvtav1":
            // A crf of 0 means "not set" to libav's wrapper.
            self.init(
                .option("crf"), 1...63, default: 30, preset: "preset", defaultPreset: "8", range: 0...13,
                options: [("svtav1-params", "lp=1")])
        case "libaom-av1":
            self.init(.option("crf"), 0...63, default: 28, preset: "cpu-used", defaultPreset: "6", range: 0...8)
        case "libvpx-vp9":
            self.init(
                .option("crf"), 0...63, default: 30, preset: "cpu-used", defaultPreset: "4", range: 0...8,
                options: [("deadline", "good")])
        case "librav1e":
            self.init(.option("qp"), 0...255, default: 80, preset: "speed", defaultPreset: "6", range: 0...10)
        case "h264_nvenc", "hevc_nvenc", "av1_nvenc":
            self.init(.option("cq"), 1...51, default: 22, preset: "preset", options: [("rc", "vbr")])
        default:
            if hasCRF {
                self.init(.option("crf"), 0...63, default: 25)
            } else {
                self.init(.quantiser, 1...31, default: 3)
            }
        }
    }
}
