/// How time passes within a motion: from 0 at its begin to 1 at its end, never backward.
///
/// - Source: the cubic Bézier curves of CSS Easing Functions Level 1, with y also within 0…1.
public struct Easing: Hashable, Sendable, CustomStringConvertible {
    public let x1: Double
    public let y1: Double
    public let x2: Double
    public let y2: Double

    /// `nil` unless all four are in 0…1.
    public init?(x1: Double, y1: Double, x2: Double, y2: Double) {
        guard [x1, y1, x2, y2].allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return nil }
        self.init(unchecked: x1, y1, x2, y2)
    }

    private init(unchecked x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
        self.x1 = x1
        self.y1 = y1
        self.x2 = x2
        self.y2 = y2
    }

    public static let linear = Easing(unchecked: 0, 0, 1, 1)
    public static let easeIn = Easing(unchecked: 0.42, 0, 1, 1)
    public static let easeOut = Easing(unchecked: 0, 0, 0.58, 1)
    public static let easeInOut = Easing(unchecked: 0.42, 0, 0.58, 1)
    /// As ease-in-out, but it begins and ends at a third of the mean speed instead of at rest, so that a picture is already moving
    /// when it fades in, or when a cut shows it. Its speed is 0.33…1.38 times the mean, that of `easeInOut`
    /// 0…1.72 times.
    public static let gentle = Easing(unchecked: 0.36, 0.12, 0.64, 0.88)

    /// What is taken where a manifest says nothing.
    public static let `default` = gentle

    /// Reads a name ("linear", "ease-in", "ease-out", "ease-in-out", "gentle") or "cubic-bezier(x1, y1, x2, y2)".
    public init?(parsing text: String) {
        switch text {
        case "linear": self = .linear
        case "ease-in": self = .easeIn
        case "ease-out": self = .easeOut
        case "ease-in-out": self = .easeInOut
        case "gentle": self = .gentle
        default:
            let prefix = "cubic-bezier("
            guard text.hasPrefix(prefix), text.hasSuffix(")") else { return nil }
            let numbers = text.dropFirst(prefix.count).dropLast().split(separator: ",", omittingEmptySubsequences: false)
                .compactMap { Double(decimal: $0) }
            guard numbers.count == 4 else { return nil }
            self.init(x1: numbers[0], y1: numbers[1], x2: numbers[2], y2: numbers[3])
        }
    }

    public var description: String {
        switch self {
        case .linear: "linear"
        case .easeIn: "ease-in"
        case .easeOut: "ease-out"
        case .easeInOut: "ease-in-out"
        case .gentle: "gentle"
        default: "cubic-bezier(\(x1), \(y1), \(x2), \(y2))"
        }
    }

    /// The eased time for a time in 0…1 (clamped to it).
    ///
    /// - Accuracy: 1e-12, by Newton's method kept inside a shrinking bracket, which also serves curves with vertical tangents.
    public func callAsFunction(_ time: Double) -> Double {
        guard time > 0 else { return 0 }
        guard time < 1 else { return 1 }
        if x1 == y1 && x2 == y2 { return time }
        var (low, high) = (0.0, 1.0)
        var parameter = time
        for _ in 0..<100 {
            let error = Easing.bezier(x1, x2, parameter) - time
            if error > 0 { high = parameter } else { low = parameter }
            if abs(error) < 1e-15 || high - low < 1e-15 { break }
            let slope = Easing.slope(x1, x2, parameter)
            let newton = slope > 0 ? parameter - error / slope : low
            parameter = newton > low && newton < high ? newton : (low + high) / 2
        }
        return min(max(Easing.bezier(y1, y2, parameter), 0), 1)
    }

    /// Speed at the begin, relative to the mean; at most 10, where the curve starts vertically.
    var slopeAtStart: Double {
        if x1 > 0 { return min(y1 / x1, 10) }
        if y1 > 0 { return 10 }
        // Both handles of the begin coincide with it: the second control point gives the direction.
        return x2 > 0 ? min(y2 / x2, 10) : (y2 > 0 ? 10 : 1)
    }

    /// Speed at the end, relative to the mean.
    var slopeAtEnd: Double { Easing(unchecked: 1 - x2, 1 - y2, 1 - x1, 1 - y1).slopeAtStart }

    private static func bezier(_ a: Double, _ b: Double, _ t: Double) -> Double {
        let s = 1 - t
        return 3 * s * s * t * a + 3 * s * t * t * b + t * t * t
    }

    private static func slope(_ a: Double, _ b: Double, _ t: Double) -> Double {
        let s = 1 - t
        return 3 * s * s * a + 6 * s * t * (b - a) + 3 * t * t * (1 - b)
    }
}

extension Double {
    /// A plain decimal number ("-1.5e3", white space around it allowed); no "inf", "nan" or hexadecimal, and nothing that
    /// overflows.
    init?(decimal text: some StringProtocol) {
        let trimmed = text.drop { $0 == " " || $0 == "\t" }
        let end = trimmed.lastIndex { $0 != " " && $0 != "\t" }
        guard let end, trimmed.utf8.count <= 64 else { return nil }
        let digits = trimmed[...end]
        let allowed = digits.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard allowed, let value = Double(String(digits)), value.isFinite else { return nil }
        self = value
    }
}
