import Glibc

/// Tables between sRGB code values and linear light (IEC 61966-2-1).
///
/// Made in double precision and rounded once, so that they are the same wherever the maths library is right to within its
/// last digits.
enum LinearLight {
    /// Linear light, 0…1, of a 16-bit code value.
    static let eotf: [Float] = (0...65535).map { Float(decode(Double($0) / 65535)) }

    /// 16-bit code value of linear light in steps of 2^-18: fine enough for a quarter of a working sample where the curve is
    /// steepest.
    static let oetf: [UInt16] = (0...262144).map { UInt16((encode(Double($0) / 262144) * 65535).rounded()) }

    static func decode(_ code: Double) -> Double {
        code <= 0.04045 ? code / 12.92 : pow((code + 0.055) / 1.055, 2.4)
    }

    static func encode(_ light: Double) -> Double {
        light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
    }
}
