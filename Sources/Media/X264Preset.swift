/// Burns' presets of libx264, for pictures that move slowly and as a whole.
///
/// Each starts from x264's `veryfast` and changes what is listed below. The figures say what an option is for: the size, against
/// `medium`'s at the same SSIM / the same VMAF, that `ken-burns` has with another value, where it has -9 % / -3 %
/// (`make encoder-sweep`, Benchmarks/Encoding/RESULTS.md). CPU time is in points, of which `medium` takes 100.
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
        // Even motion is predicted well from both sides. 3: -5 / 0; 7: -1 / +6.
        ("bframes", "5"),
        // Always five. 1: -7 / -2; 2: -5 / -2 for 27 points more CPU.
        ("b-adapt", "0"),
        // For fades. 0: -8 / -2.
        ("weightp", "1"),
        // Smaller than the usual 21 and 11, which round faint texture away: -8 / +5.
        ("deadzone-inter", "10"),
        ("deadzone-intra", "6"),
        // The same for blocks with little left in them. Hardly measurable (0: -9.4 / -2.7; 1: -9.0 / -2.9), and free.
        ("no-dct-decimate", "1"),
        // 2 measures a little better (-11 / -4), but leaves jagged edges along the steps of dark gradients, where 3 looks like
        // `medium`. 1: -8 / -3.
        ("aq-mode", "3"),
        // 1 is usual: -7 / +3.
        ("aq-strength", "0.7"),
        // 0.6 is usual: -6 / +1. It sets the strength of mbtree, without which: +11 / +13.
        ("qcomp", "0.5"),
        // A weaker filter blurs less. 0,0: -9 / -1.
        ("deblock", "-1,-1"),
    ]

    private static let fast = [
        // 9 points less CPU than 4, for +14 / +15.
        ("subme", "2"),
        ("me", "dia"),
        ("ref", "1"),
        ("partitions", "p8x8,i8x8"),
    ]

    private static let usual = [
        // 3: -6 / +1; 5: -11 / -5 for some 5 points more CPU.
        ("subme", "4"),
        // Predicted vectors are nearly right. hex: -10 / -4 for some 5 points more CPU.
        ("me", "dia"),
        // 2: -10 / -3 for 8 points more CPU.
        ("ref", "1"),
        // What moves as a whole hardly needs smaller blocks. p8x8 besides: -12 / -5 for 3 points more CPU; b8x8 as well: -13 / -6
        // for 15 more; not even i8x8: -7 / -2.
        ("partitions", "i8x8"),
    ]

    private static let best = [
        // Modes by rate and distortion, in B-frames too.
        ("subme", "8"),
        // Psychovisual rate-distortion (from subme 6) spends on grain what SSIM and VMAF do not see: subme 6 has -7 / -3 with it,
        // -14 / -8 without.
        ("psy", "0"),
        ("ref", "2"),
        ("partitions", "p8x8,i8x8"),
        // A longer look ahead costs time, and lowers the quality of what is soon gone.
        ("rc-lookahead", "40"),
    ]
}
