/// The few transcendental functions that camera paths need, from additions, multiplications, divisions and roots alone.
///
/// IEEE 754 defines those to the last bit, whereas a C library's `exp` differs between its versions and between processors with
/// and without fused multiply-add; frames must not.
///
/// - Accuracy: a few units in the last place for |x| < 700, as a test against the C library asserts.
package enum PortableMath {
    // ln 2 as a sum, the first term with 21 trailing zero bits, so that small multiples of it are exact.
    private static let ln2High = 0x1.62e42fee00000p-1
    private static let ln2Low = 0x1.a39ef35793c76p-33

    package static func exp(_ x: Double) -> Double {
        if x < -700 { return 0 }
        let octaves = (min(x, 709) * 1.4426950408889634).rounded()
        let rest = (min(x, 709) - octaves * ln2High) - octaves * ln2Low
        return Double(sign: .plus, exponent: Int(octaves), significand: 1 + rest * exponentialTail(rest))
    }

    /// exp(x) - 1 without cancellation near 0.
    package static func expm1(_ x: Double) -> Double {
        abs(x) < 0.4 ? x * exponentialTail(x) : exp(x) - 1
    }

    /// For positive x.
    package static func log(_ x: Double) -> Double {
        var octaves = Double(x.exponent)
        var significand = x.significand
        if significand > 1.4142135623730951 {
            significand /= 2
            octaves += 1
        }
        return octaves * ln2High + (inverseTangentSeries((significand - 1) / (significand + 1)) + octaves * ln2Low)
    }

    package static func sinh(_ x: Double) -> Double {
        let growth = expm1(abs(x))
        let magnitude = (growth + growth / (growth + 1)) / 2
        return x < 0 ? -magnitude : magnitude
    }

    package static func cosh(_ x: Double) -> Double {
        let growth = exp(abs(x))
        return (growth + 1 / growth) / 2
    }

    package static func asinh(_ x: Double) -> Double {
        let size = abs(x)
        // Beyond this the 1 below the root is lost anyway, and squares would overflow.
        let magnitude = size > 0x1p40
            ? log(size) + (ln2High + ln2Low) : log1p(size + size * size / (1 + (1 + size * size).squareRoot()))
        return x < 0 ? -magnitude : magnitude
    }

    private static func log1p(_ x: Double) -> Double {
        x < 0.4 ? inverseTangentSeries(x / (2 + x)) : log(1 + x)
    }

    /// (exp(x) - 1) / x for |x| < 0.4, by its Taylor series.
    private static func exponentialTail(_ x: Double) -> Double {
        var sum = 1.0
        for divisor in stride(from: 16.0, to: 1.0, by: -1.0) { sum = 1 + x / divisor * sum }
        return sum
    }

    /// 2 artanh(x) for |x| < 0.18, by its Taylor series.
    private static func inverseTangentSeries(_ x: Double) -> Double {
        let square = x * x
        var sum = 0.0
        for odd in stride(from: 23.0, to: 1.0, by: -2.0) { sum = square * (1 / odd + sum) }
        return 2 * x * (1 + sum)
    }
}
