import CLCMS2

/// A Little CMS context: its memory and errors apart from every other's.
final class LCMSContext {
    let handle: cmsContext

    init?() {
        guard let handle = cmsCreateContext(nil, nil) else { return nil }
        self.handle = handle
    }

    deinit { cmsDeleteContext(handle) }
}

final class LCMSProfile {
    let handle: cmsHPROFILE
    private let context: LCMSContext

    private init?(_ context: LCMSContext, taking handle: cmsHPROFILE?) {
        guard let handle else { return nil }
        self.handle = handle
        self.context = context
    }

    /// Nil where the bytes are no profile.
    convenience init?(_ context: LCMSContext, _ bytes: [UInt8]) {
        guard let count = UInt32(exactly: bytes.count) else { return nil }
        self.init(context, taking: cmsOpenProfileFromMemTHR(context.handle, bytes, count))
    }

    static func sRGB(_ context: LCMSContext) -> LCMSProfile? {
        LCMSProfile(context, taking: cmsCreate_sRGBProfileTHR(context.handle))
    }

    /// A display profile of D65 white.
    ///
    /// - Parameters:
    ///   - xy: chromaticities of red, green and blue, two numbers each.
    ///   - gamma: nil is sRGB's curve.
    convenience init?(_ context: LCMSContext, xy: [Double], gamma: Double?) {
        var white = cmsCIExyY(x: 0.3127, y: 0.3290, Y: 1)
        var primaries = cmsCIExyYTRIPLE(
            Red: cmsCIExyY(x: xy[0], y: xy[1], Y: 1), Green: cmsCIExyY(x: xy[2], y: xy[3], Y: 1),
            Blue: cmsCIExyY(x: xy[4], y: xy[5], Y: 1))
        let curve = if let gamma {
            cmsBuildGamma(context.handle, gamma)
        } else {
            cmsBuildParametricToneCurve(context.handle, 4, [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045])
        }
        guard let curve else { return nil }
        defer { cmsFreeToneCurve(curve) }
        var curves: [OpaquePointer?] = [curve, curve, curve]
        self.init(context, taking: cmsCreateRGBProfileTHR(context.handle, &white, &primaries, &curves))
    }

    deinit { cmsCloseProfile(handle) }

    /// The matrix from linear R, G, B to XYZ of D50.
    var colorants: Matrix3? {
        var columns: [cmsCIEXYZ] = []
        for tag in [cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag] {
            guard let raw = cmsReadTag(handle, tag) else { return nil }
            columns.append(raw.assumingMemoryBound(to: cmsCIEXYZ.self).pointee)
        }
        return Matrix3(rows: columns.map(\.X) + columns.map(\.Y) + columns.map(\.Z))
    }
}

/// - Threads: any number at once, for Little CMS keeps no last colour (`cmsFLAGS_NOCACHE`).
final class LCMSTransform {
    let handle: cmsHTRANSFORM
    private let context: LCMSContext

    /// - Parameter isExact: every colour through the whole chain in floating point; slow.
    init?(
        _ context: LCMSContext, _ from: LCMSProfile, _ fromFormat: cmsUInt32Number, _ to: LCMSProfile,
        _ toFormat: cmsUInt32Number, isExact: Bool
    ) {
        var flags = UInt32(cmsFLAGS_NOCACHE | cmsFLAGS_BLACKPOINTCOMPENSATION)
        flags |= isExact ? UInt32(cmsFLAGS_NOOPTIMIZE) : UInt32(cmsFLAGS_COPY_ALPHA | cmsFLAGS_HIGHRESPRECALC)
        guard let handle = cmsCreateTransformTHR(
            context.handle, from.handle, fromFormat, to.handle, toFormat, UInt32(INTENT_RELATIVE_COLORIMETRIC), flags)
        else { return nil }
        self.handle = handle
        self.context = context
    }

    deinit { cmsDeleteTransform(handle) }

    func apply(to rgba: UnsafeMutablePointer<UInt16>, width: Int) { cmsDoTransform(handle, rgba, rgba, UInt32(width)) }
}

/// A 3 × 3 matrix, row by row.
struct Matrix3 {
    var rows: [Double]

    static func * (a: Matrix3, b: Matrix3) -> Matrix3 {
        var product = [Double](repeating: 0, count: 9)
        for i in 0..<9 {
            for k in 0..<3 { product[i] += a.rows[i / 3 * 3 + k] * b.rows[k * 3 + i % 3] }
        }
        return Matrix3(rows: product)
    }

    /// Nil for a matrix that has none.
    var inverse: Matrix3? {
        let m = rows
        func minor(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double { m[a] * m[d] - m[b] * m[c] }
        let determinant = m[0] * minor(4, 5, 7, 8) - m[1] * minor(3, 5, 6, 8) + m[2] * minor(3, 4, 6, 7)
        if !(abs(determinant) > 1e-9) { return nil }
        let adjugate = [
            minor(4, 5, 7, 8), -minor(1, 2, 7, 8), minor(1, 2, 4, 5),
            -minor(3, 5, 6, 8), minor(0, 2, 6, 8), -minor(0, 2, 3, 5),
            minor(3, 4, 6, 7), -minor(0, 1, 6, 7), minor(0, 1, 3, 4),
        ]
        return Matrix3(rows: adjugate.map { $0 / determinant })
    }
}
