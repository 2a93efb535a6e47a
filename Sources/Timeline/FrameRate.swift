/// Frames per second as an exact fraction in lowest terms, 1…240.
public struct FrameRate: Hashable, Sendable, CustomStringConvertible {
    public let numerator: Int
    public let denominator: Int

    /// `nil` outside 1…240 frames per second, or where a term exceeds a million after reduction.
    public init?(numerator: Int, denominator: Int) {
        guard (1...1_000_000_000).contains(numerator), (1...1_000_000_000).contains(denominator) else { return nil }
        var (a, b) = (numerator, denominator)
        while b != 0 { (a, b) = (b, a % b) }
        self.numerator = numerator / a
        self.denominator = denominator / a
        guard self.numerator >= self.denominator, self.numerator <= 240 * self.denominator,
            self.numerator <= 1_000_000, self.denominator <= 1_000_000
        else { return nil }
    }

    /// Reads "24", "30000/1001" or a decimal ("12.5"). The decimals that people write for the NTSC rates ("23.976", "29.97",
    /// "59.94", within 0.005) become those rates, n × 1000/1001.
    public init?(parsing text: String) {
        let terms = text.split(separator: "/", omittingEmptySubsequences: false)
        if terms.count == 2 {
            guard let numerator = FrameRate.wholeNumber(terms[0]), let denominator = FrameRate.wholeNumber(terms[1]) else {
                return nil
            }
            self.init(numerator: numerator, denominator: denominator)
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard terms.count == 1, parts.count <= 2, let whole = FrameRate.wholeNumber(parts[0]), whole <= 1000 else { return nil }
        guard parts.count == 2 else {
            self.init(numerator: whole, denominator: 1)
            return
        }
        let digits = parts[1].prefix(6)
        guard parts[1].utf8.count <= 20, FrameRate.wholeNumber(parts[1].prefix(9)) != nil,
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let fraction = FrameRate.wholeNumber(digits)
        else { return nil }
        let millionths = digits.utf8.reduce(into: 1_000_000) { scale, _ in scale /= 10 } * fraction + whole * 1_000_000
        let next = (millionths + 999_999) / 1_000_000
        let distance = abs(Double(next) * 1_000_000_000 / 1001 - Double(millionths))
        if next * 1_000_000 != millionths, distance < 5000 {
            self.init(numerator: next * 1000, denominator: 1001)
        } else {
            self.init(numerator: millionths, denominator: 1_000_000)
        }
    }

    /// The frame nearest to an absolute time, halves away from zero; 0 for a time that is not a number, and the nearest
    /// representable frame for one beyond all films.
    public func frame(atSeconds seconds: Double) -> Int {
        let frame = (seconds * Double(numerator) / Double(denominator)).rounded(.toNearestOrAwayFromZero)
        guard !frame.isNaN else { return 0 }
        return Int(max(-0x1p53, min(frame, 0x1p53)))
    }

    /// The time at which a frame begins, correctly rounded for |frame| × denominator below 2⁵³.
    public func seconds(ofFrame frame: Int) -> Double {
        Double(frame) * Double(denominator) / Double(numerator)
    }

    public var framesPerSecond: Double { Double(numerator) / Double(denominator) }

    /// "24" or "30000/1001": what ``init(parsing:)`` reads back.
    public var description: String { denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)" }

    private static func wholeNumber(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
