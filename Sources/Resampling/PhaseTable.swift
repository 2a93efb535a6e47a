/// The filter that every axis of one frame's layer uses, at every phase: what lies between two samples, cut finely.
///
/// - Shape: `coefficients[phase * stride ..< phase * stride + taps]`; the rest up to `stride` is zero, so that kernels may read
///   whole vectors.
/// - Units: a phase's coefficients sum to exactly `1 << 14`. Phase `p` stands for the position `p / phaseCount` past a sample.
/// - Precision: 1024 phases up to 8 taps, so that a position is at most 1/2048 sample off; 256 beyond, where one output sample
///   spans more than two input samples and 1/512 of an input sample is still finer.
/// - Cost: about `phaseCount × taps` polynomial evaluations (30 µs for 8 taps), once per frame of a zoom, once per shot of a pan.
/// - Source: Keys 1981 (cubic convolution), a = -0.5, widened by the ratio when there are more input than output samples.
public final class PhaseTable: @unchecked Sendable {  // immutable after construction
    /// Input samples that one output sample reads. Even, at least 4.
    public let taps: Int
    /// Coefficients from one phase to the next: 4, or a multiple of 8.
    public let stride: Int
    /// log2 of the number of phases.
    public let phaseBits: Int
    /// The filter's widening: `max(1, ratio)`.
    public let scale: Double
    /// Lives as long as the object.
    public let coefficients: UnsafePointer<Int16>

    public static let coefficientBits = 14
    /// The largest supported ratio of input samples to one output sample.
    public static let maximumRatio = 64.0
    public static let maximumTaps = 256

    /// - Parameter ratio: input samples per output sample, above 0, at most `maximumRatio`.
    public init(ratio: Double) {
        precondition(ratio > 0 && ratio <= Self.maximumRatio, "input samples per output sample: above 0, at most 64")
        let scale = max(1, ratio)
        let taps = 2 * Int((2 * scale).rounded(.up))
        let stride = taps == 4 ? 4 : (taps + 7) / 8 * 8
        let phaseBits = taps <= 8 ? 10 : 8
        self.scale = scale
        self.taps = taps
        self.stride = stride
        self.phaseBits = phaseBits
        let phaseCount = 1 << phaseBits
        let coefficients = UnsafeMutablePointer<Int16>.allocate(capacity: phaseCount * stride)
        coefficients.initialize(repeating: 0, count: phaseCount * stride)
        var weights = [Double](repeating: 0, count: taps)
        for phase in 0..<phaseCount {
            let fraction = Double(phase) / Double(phaseCount)
            for tap in 0..<taps {
                weights[tap] = Self.cubicConvolution((Double(tap - taps / 2 + 1) - fraction) / scale)
            }
            Self.quantize(weights, into: coefficients + phase * stride)
        }
        self.coefficients = UnsafePointer(coefficients)
    }

    deinit { coefficients.deallocate() }

    /// Keys' cubic convolution kernel with a = -0.5: interpolating, third order, zero from ±2 on.
    public static func cubicConvolution(_ x: Double) -> Double {
        let t = abs(x)
        if t < 1 { return (1.5 * t - 2.5) * t * t + 1 }
        if t < 2 { return ((-0.5 * t + 2.5) * t - 4) * t + 2 }
        return 0
    }

    /// Scales the weights to a sum of `1 << 14` and rounds them; what rounding loses goes to the largest.
    private static func quantize(_ weights: [Double], into coefficients: UnsafeMutablePointer<Int16>) {
        let one = 1 << coefficientBits
        let scale = Double(one) / weights.reduce(0, +)
        var rest = one
        var largest = 0
        for (index, weight) in weights.enumerated() {
            let rounded = Int((weight * scale).rounded())
            coefficients[index] = Int16(rounded)
            rest -= rounded
            if weight > weights[largest] { largest = index }
        }
        coefficients[largest] += Int16(rest)
    }
}
