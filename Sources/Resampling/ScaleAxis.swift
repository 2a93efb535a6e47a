import CKernels

/// One axis of a scaling in linear light: which inputs each output reads, and their weights.
struct ScaleAxis {
    private let first: [Int32]
    private let coefficients: [Float]
    let taps: Int
    let inputCount: Int
    let outputCount: Int

    /// Area-correct scaling of a whole axis: the prefilter, widened by the ratio. `outputCount <= inputCount`.
    init(scaling inputCount: Int, to outputCount: Int) {
        precondition(inputCount > 0 && outputCount > 0, "an axis has at least one sample")
        let step = Double(inputCount) / Double(outputCount)
        let ratio = max(1, step)
        self.init(
            inputCount: inputCount, outputCount: outputCount, origin: 0.5 * step - 0.5, step: step,
            radius: outputCount == inputCount ? 0 : Prefilter.radius * ratio
        ) { Prefilter.weight($0 / ratio) }
    }

    /// Smooth enlargement of a few cells to many samples: the cubic B-spline, which never overshoots.
    init(blurring inputCount: Int, to outputCount: Int, origin: Double, step: Double) {
        self.init(inputCount: inputCount, outputCount: outputCount, origin: origin, step: step, radius: 2) {
            let t = abs($0)
            if t < 1 { return (0.5 * t - 1) * t * t + 2.0 / 3 }
            return t < 2 ? (2 - t) * (2 - t) * (2 - t) / 6 : 0
        }
    }

    private init(
        inputCount: Int, outputCount: Int, origin: Double, step: Double, radius: Double, kernel: (Double) -> Double
    ) {
        let taps = max(1, 2 * Int(radius.rounded(.up)))
        var first: [Int32] = []
        var coefficients: [Float] = []
        first.reserveCapacity(outputCount)
        coefficients.reserveCapacity(outputCount * taps)
        for output in 0..<outputCount {
            let position = origin + Double(output) * step
            let begin = taps == 1 ? output : Int(position.rounded(.down)) - taps / 2 + 1
            let weights = (0..<taps).map { taps == 1 ? 1 : kernel(Double(begin + $0) - position) }
            let total = weights.reduce(0, +)
            first.append(Int32(begin))
            coefficients += weights.map { Float($0 / total) }
        }
        self.first = first
        self.coefficients = coefficients
        self.taps = taps
        self.inputCount = inputCount
        self.outputCount = outputCount
    }

    /// The input that output `index` reads at `tap`, clamped into the axis.
    func input(ofOutput index: Int, tap: Int) -> Int { min(max(Int(first[index]) + tap, 0), inputCount - 1) }

    func withKernel<R>(_ body: (burns_scale_axis) throws -> R) rethrows -> R? {
        try first.withUnsafeBufferPointer { first in
            try coefficients.withUnsafeBufferPointer { coefficients in
                guard let firstBase = first.baseAddress, let coefficientBase = coefficients.baseAddress else { return nil }
                return try body(burns_scale_axis(first: firstBase, coefficients: coefficientBase, taps: taps))
            }
        }
    }

    func withCoefficients<R>(ofOutput index: Int, _ body: (UnsafePointer<Float>) throws -> R) rethrows -> R? {
        try coefficients.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            return try body(base + index * taps)
        }
    }
}
