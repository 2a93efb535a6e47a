/// The filter that every axis of one frame's layer uses, at every phase: what lies between two samples, cut finely.
///
/// - Shape: `coefficients[phase * taps ..< (phase + 1) * taps]`.
/// - Units: a phase's coefficients sum to exactly `1 << 14`. Phase `p` stands for the position `p / phaseCount` past a sample.
/// - Precision: 1024 phases up to 8 taps, so that a position is at most 1/2048 sample off; fewer beyond, where an output sample
///   spans more input samples, so that it is at most 1/1024 of an output sample.
/// - Cost: `phaseCount × taps` polynomials, once per frame of a zoom, once per shot of a pan.
/// - Source: `CubicConvolution`, widened by the ratio when there are more input than output samples.
public final class PhaseTable: @unchecked Sendable {  // immutable after construction
    /// Input samples that one output sample reads. Even, at least 6.
    public let taps: Int
    /// log2 of the number of phases.
    public let phaseBits: Int
    /// The filter's widening: `max(1, ratio)`.
    public let scale: Double
    /// Lives as long as the object.
    public let coefficients: UnsafePointer<Int16>

    public static let coefficientBits = 14
    /// The largest supported ratio of input samples to one output sample.
    public static let maximumRatio = 64.0
    public static let maximumTaps = 384
    /// The most that a table's coefficients take.
    public static let maximumByteCount = (1 << 8) * maximumTaps * 2

    public var byteCount: Int { (1 << phaseBits) * taps * 2 }

    /// - Parameter ratio: input samples per output sample, above 0, at most `maximumRatio`.
    public init(ratio: Double) {
        precondition(ratio > 0 && ratio <= Self.maximumRatio, "input samples per output sample: above 0, at most 64")
        let scale = max(1, ratio)
        let taps = 2 * Int((CubicConvolution.radius * scale).rounded(.up))
        let phaseBits = taps <= 8 ? 10 : taps <= 12 ? 9 : 8
        self.scale = scale
        self.taps = taps
        self.phaseBits = phaseBits
        let phaseCount = 1 << phaseBits
        let coefficients = UnsafeMutablePointer<Int16>.allocate(capacity: phaseCount * taps)
        var weights = [Double](repeating: 0, count: taps)
        for phase in 0..<phaseCount {
            let fraction = Double(phase) / Double(phaseCount)
            for tap in 0..<taps {
                weights[tap] = CubicConvolution.weight((Double(tap - taps / 2 + 1) - fraction) / scale)
            }
            Self.quantize(weights, into: coefficients + phase * taps)
        }
        self.coefficients = UnsafePointer(coefficients)
    }

    deinit { coefficients.deallocate() }

    /// Scales the weights to a sum of `1 << 14` and rounds them; what rounding loses goes to the largest.
    private static func quantize(_ weights: [Double], into coefficients: UnsafeMutablePointer<Int16>) {
        let one = 1 << coefficientBits
        let scale = Double(one) / weights.reduce(0, +)
        var rest = one
        var largest = 0
        for (index, weight) in weights.enumerated() {
            let rounded = Int((weight * scale).rounded())
            (coefficients + index).initialize(to: Int16(rounded))
            rest -= rounded
            if weight > weights[largest] { largest = index }
        }
        coefficients[largest] += Int16(rest)
    }
}
