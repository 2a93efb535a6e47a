import CKernels
import CLCMS2
import Glibc
import Synchronization

/// From a picture's own colours to sRGB, relative colorimetric with black point compensation, as browsers do.
///
/// Matrix profiles (nearly all of photographs') go through tables and an integer matrix of our own: exact to 16 bits, where
/// Little CMS would either interpolate in a coarse grid or take ten times as long. All others go through Little CMS.
/// - Threads: any number at once; nothing changes after init.
final class ColorTransform: @unchecked Sendable {
    enum Outcome {
        /// Effectively sRGB: nothing to do.
        case none
        case transform(ColorTransform)
        case ignored(String)
    }

    private enum Kind {
        case shaper(curves: [UInt32], matrix: [Int32])
        case curve([UInt16])
        case lcms(LCMSTransform)
    }

    private let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// Converts a row of R'G'B'A in place.
    func apply(to rgba: UnsafeMutablePointer<UInt16>, width: Int) {
        switch kind {
        case .shaper(let curves, let matrix):
            burns_picture_shaper_row(rgba, Int32(width), curves, matrix, SRGBEncoding.shared.low, SRGBEncoding.shared.high)
        case .curve(let curve): burns_picture_curve_row(rgba, Int32(width), curve)
        case .lcms(let transform): transform.apply(to: rgba, width: width)
        }
    }

    // MARK: From ICC profiles

    private struct Recent { var profile: [UInt8]; var isGrey: Bool; var outcome: Outcome }
    private static let recentCount = 4
    /// Pictures of one project often come from one camera.
    private static let recent = Mutex<[Recent]>([])

    static func make(profile: [UInt8], isGrey: Bool) -> Outcome {
        if let known = recent.withLock({ $0.first { $0.isGrey == isGrey && $0.profile == profile }?.outcome }) { return known }
        let outcome = build(profile, isGrey)
        recent.withLock {
            if $0.count == recentCount { $0.removeFirst() }
            $0.append(Recent(profile: profile, isGrey: isGrey, outcome: outcome))
        }
        return outcome
    }

    private static func build(_ bytes: [UInt8], _ isGrey: Bool) -> Outcome {
        guard let context = LCMSContext(), let sRGB = LCMSProfile.sRGB(context) else { return .ignored("memory is short") }
        guard let profile = LCMSProfile(context, bytes) else { return .ignored("its colour profile is broken") }
        switch cmsGetColorSpace(profile.handle) {
        case cmsSigGrayData where isGrey: return grey(context, profile, sRGB)
        case cmsSigRgbData: return rgb(context, profile, sRGB)
        case cmsSigGrayData: return .ignored("its colour profile is for grey pictures")
        case cmsSigCmykData: return .ignored("its colour profile is for ink")
        default: return .ignored("its colour profile is not for RGB")
        }
    }

    private static func grey(_ context: LCMSContext, _ profile: LCMSProfile, _ sRGB: LCMSProfile) -> Outcome {
        guard let transform = LCMSTransform(context, profile, burns_cms_gray_16, sRGB, burns_cms_rgb_16, isExact: true) else {
            return .ignored("its colour profile is broken")
        }
        let input = (0...65535).map { UInt16($0) }
        var output = [UInt16](repeating: 0, count: 3 * input.count)
        cmsDoTransform(transform.handle, input, &output, UInt32(input.count))
        let curve = input.indices.map { output[3 * $0 + 1] }
        let difference = input.indices.reduce(0) { max($0, abs(Int(curve[$1]) - $1)) }
        return difference < 256 ? .none : .transform(ColorTransform(.curve(curve)))
    }

    private static func rgb(_ context: LCMSContext, _ profile: LCMSProfile, _ sRGB: LCMSProfile) -> Outcome {
        guard let exact = LCMSTransform(context, profile, burns_cms_rgb_16, sRGB, burns_cms_rgb_16, isExact: true) else {
            return .ignored("its colour profile is broken")
        }
        if isNearlyIdentity(exact) { return .none }
        if let shaper = shaper(profile, sRGB) { return .transform(ColorTransform(shaper)) }
        guard let transform = LCMSTransform(context, profile, burns_cms_rgba_16, sRGB, burns_cms_rgba_16, isExact: false) else {
            return .ignored("its colour profile is broken")
        }
        return .transform(ColorTransform(.lcms(transform)))
    }

    /// A 9 × 9 × 9 grid that comes out within 1/256 of where it went in.
    private static func isNearlyIdentity(_ transform: LCMSTransform) -> Bool {
        let steps = (0...8).map { UInt16($0 * 65535 / 8) }
        let input = steps.flatMap { r in steps.flatMap { g in steps.flatMap { b in [r, g, b] } } }
        var output = [UInt16](repeating: 0, count: input.count)
        cmsDoTransform(transform.handle, input, &output, UInt32(input.count / 3))
        return zip(input, output).allSatisfy { abs(Int($0) - Int($1)) < 256 }
    }

    private static func shaper(_ profile: LCMSProfile, _ sRGB: LCMSProfile) -> Kind? {
        let tables = [cmsSigAToB0Tag, cmsSigAToB1Tag, cmsSigDToB0Tag, cmsSigDToB1Tag]
        if cmsIsMatrixShaper(profile.handle) == 0 || cmsGetPCS(profile.handle) != cmsSigXYZData { return nil }
        for tag in tables where cmsIsTag(profile.handle, tag) != 0 { return nil }
        guard let from = profile.colorants, let to = sRGB.colorants, let back = to.inverse else { return nil }
        let matrix = back * from
        // Sums of products of 1 << 20 and these must stay far inside 64 bits, and mean something.
        if !matrix.rows.allSatisfy({ abs($0) < 64 }) { return nil }
        var curves: [UInt32] = []
        curves.reserveCapacity(3 * 65536)
        for tag in [cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag] {
            guard let raw = cmsReadTag(profile.handle, tag) else { return nil }
            let curve = OpaquePointer(raw)
            // A black that gives light needs black point compensation: Little CMS's business.
            if cmsEvalToneCurveFloat(curve, 0) > 1e-4 { return nil }
            for code in 0...65535 {
                let light = Double(cmsEvalToneCurveFloat(curve, Float(code) / 65535))
                curves.append(UInt32((min(max(light.isNaN ? 0 : light, 0), 1) * 1_048_576).rounded()))
            }
        }
        return .shaper(curves: curves, matrix: matrix.rows.map { Int32(($0 * 16384).rounded()) })
    }

    // MARK: From code points

    /// A transform for the primaries and transfer that a container states (ITU-T H.273); nil where they are sRGB's.
    static func make(codePoints: PictureLayout.CodePoints, _ format: PictureFormat) throws(PictureError) -> ColorTransform? {
        if codePoints.transfer == 16 || codePoints.transfer == 18 { throw PictureError(.unsupported("an HDR \(format)")) }
        let xy: [Double]
        switch codePoints.primaries {
        case 9: xy = [0.708, 0.292, 0.170, 0.797, 0.131, 0.046]
        case 12: xy = [0.680, 0.320, 0.265, 0.690, 0.150, 0.060]
        default: xy = [0.640, 0.330, 0.300, 0.600, 0.150, 0.060]
        }
        let gamma: Double? = [4: 2.2, 5: 2.8, 8: 1.0][codePoints.transfer]
        guard xy[0] != 0.640 || gamma != nil else { return nil }
        guard let context = LCMSContext(), let sRGB = LCMSProfile.sRGB(context),
            let profile = LCMSProfile(context, xy: xy, gamma: gamma), let shaper = shaper(profile, sRGB)
        else { throw PictureError(.outOfMemory) }
        return ColorTransform(shaper)
    }
}

/// sRGB's encoding of linear light as tables, fine where the curve is steep.
///
/// - Source: IEC 61966-2-1.
private struct SRGBEncoding: Sendable {
    static let shared = SRGBEncoding()

    let low, high: [UInt16]

    private init() {
        func encode(_ light: Double) -> UInt16 {
            let code = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
            return UInt16((min(max(code, 0), 1) * 65535).rounded())
        }
        low = (0..<65536).map { encode(Double($0) / 1_048_576) }
        high = (0...65536).map { encode(Double($0) / 65536) }
    }
}
