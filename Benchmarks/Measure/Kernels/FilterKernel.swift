import Resampling

/// A resampling filter as a formula, in double precision: what a library's integers stand for.
struct FilterKernel: Sendable {
    /// The weight is zero from here on, in input samples (in output samples where there are fewer of those).
    let radius: Double
    let weight: @Sendable (Double) -> Double

    static let keysSixPoint = FilterKernel(radius: CubicConvolution.radius, weight: CubicConvolution.weight)

    /// Four-point cubics.
    ///
    /// - Source: Mitchell and Netravali, "Reconstruction Filters in Computer Graphics" (1988). b = 0, c = 0.5 is Keys' a = -0.5.
    static func cubic(b: Double, c: Double) -> FilterKernel {
        FilterKernel(radius: 2) { x in
            let t = abs(x)
            if t < 1 { return ((12 - 9 * b - 6 * c) * t * t * t + (-18 + 12 * b + 6 * c) * t * t + 6 - 2 * b) / 6 }
            guard t < 2 else { return 0 }
            return ((-b - 6 * c) * t * t * t + (6 * b + 30 * c) * t * t + (-12 * b - 48 * c) * t + 8 * b + 24 * c) / 6
        }
    }

    static let lanczos3 = FilterKernel(radius: 3) { x in
        func sinc(_ x: Double) -> Double { x == 0 ? 1 : sine(.pi * x) / (.pi * x) }
        return abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0
    }

    /// - Source: AviSynth's Spline36Resize, which zimg follows.
    static let spline36 = FilterKernel(radius: 3) { x in
        let t = abs(x)
        if t < 1 { return ((13.0 / 11 * t - 453.0 / 209) * t - 3.0 / 209) * t + 1 }
        if t < 2 { return ((-6.0 / 11 * (t - 1) + 270.0 / 209) * (t - 1) - 156.0 / 209) * (t - 1) }
        if t < 3 { return ((1.0 / 11 * (t - 2) - 45.0 / 209) * (t - 2) + 26.0 / 209) * (t - 2) }
        return 0
    }
}
