/// The filter that frames are resampled with: Keys' six-point cubic convolution.
///
/// It interpolates (weight 1 at 0, weight 0 at every other whole number) and is of fourth order: a polynomial of third degree
/// comes out exactly, whatever the phase. The four-point kernel of the same family is of third order, and with it fine detail
/// trembles by an amount that changes with the phase: measured by `make smoothness`.
///
/// - Source: R. G. Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 29 (1981), eq. 25.
public enum CubicConvolution {
    /// The kernel is zero from here on.
    public static let radius = 3.0

    public static func weight(_ x: Double) -> Double {
        let t = abs(x)
        if t < 1 { return (4.0 / 3 * t - 7.0 / 3) * t * t + 1 }
        if t < 2 { return ((-7.0 / 12 * t + 3) * t - 59.0 / 12) * t + 2.5 }
        if t < 3 { return ((1.0 / 12 * t - 2.0 / 3) * t + 1.75) * t - 1.5 }
        return 0
    }
}
