/// Burns' presets of libx264, for pictures that move slowly and as a whole.
///
/// Each starts from x264's `veryfast` and changes what is listed below.
enum X264Preset: String, CaseIterable {
    case kenBurnsFast = "ken-burns-fast"
    case kenBurns = "ken-burns"
    case kenBurnsBest = "ken-burns-best"

    /// Options of libav's encoder.
    var options: [(String, String)] {
        [("preset", Self.base), ("x264-params", parameters.map { "\($0)=\($1)" }.joined(separator: ":"))]
    }

    private static let base = "veryfast"

    private var parameters: [(String, String)] {
        switch self {
        case .kenBurnsFast: Self.common + Self.fast
        case .kenBurns: Self.common + Self.usual
        case .kenBurnsBest: Self.common + Self.best
        }
    }

    private static let common = [
        ("bframes", "5"),
        ("b-adapt", "0"),
        ("weightp", "1"),
        ("partitions", "p8x8,i8x8"),
        ("deadzone-inter", "10"),
        ("deadzone-intra", "6"),
        ("no-dct-decimate", "1"),
        ("aq-mode", "3"),
        ("aq-strength", "0.7"),
        ("qcomp", "0.5"),
        ("deblock", "-1,-1"),
    ]

    private static let fast = [
        ("subme", "2"),
        ("me", "dia"),
        ("ref", "1"),
    ]

    private static let usual = [
        ("subme", "4"),
        ("me", "dia"),
        ("ref", "1"),
    ]

    private static let best = [
        ("subme", "8"),
        ("psy", "0"),
        ("ref", "2"),
        ("rc-lookahead", "40"),
    ]
}
