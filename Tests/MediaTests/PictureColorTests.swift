import CLCMS2
import Foundation
import Media
import Testing

/// Embedded profiles. The profiles are made here from their definitions, the expected colours computed in double precision.
@Suite struct PictureColorTests {
    struct Space: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Chromaticities of red, green and blue.
        var primaries: [(Double, Double)]
        /// nil: sRGB's curve.
        var gamma: Double?

        func linear(_ v: Double) -> Double {
            if let gamma { return pow(v, gamma) }
            return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
        }
    }

    static let p3 = Space(testDescription: "Display P3", primaries: [(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)], gamma: nil)
    static let adobe = Space(
        testDescription: "Adobe RGB", primaries: [(0.64, 0.33), (0.21, 0.71), (0.15, 0.06)], gamma: 2.19921875)
    static let sRGB = Space(testDescription: "sRGB", primaries: [(0.64, 0.33), (0.30, 0.60), (0.15, 0.06)], gamma: nil)

    static let patches: [[Double]] = [
        [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0.5], [1, 1, 1], [0, 0, 0], [0.5, 0.7, 0.3], [0.3, 0.31, 0.29], [0.02, 0.02, 0.02],
        [0.8, 0.6, 0.5], [0.1, 0.2, 0.15], [0.9, 0.2, 0.4],
    ]

    // MARK: Making files

    static func profile(_ space: Space, curve custom: [UInt16]? = nil) throws -> [UInt8] {
        var white = cmsCIExyY(x: 0.3127, y: 0.3290, Y: 1)
        let p = space.primaries.map { cmsCIExyY(x: $0.0, y: $0.1, Y: 1) }
        var primaries = cmsCIExyYTRIPLE(Red: p[0], Green: p[1], Blue: p[2])
        let curve = if let custom {
            cmsBuildTabulatedToneCurve16(nil, UInt32(custom.count), custom)
        } else if let gamma = space.gamma {
            cmsBuildGamma(nil, gamma)
        } else {
            cmsBuildParametricToneCurve(nil, 4, [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045])
        }
        defer { cmsFreeToneCurve(curve) }
        var curves: [OpaquePointer?] = [curve, curve, curve]
        return try saved(cmsCreateRGBProfile(&white, &primaries, &curves))
    }

    static func greyProfile(gamma: Double) throws -> [UInt8] {
        var white = cmsCIExyY(x: 0.3457, y: 0.3585, Y: 1)
        let curve = cmsBuildGamma(nil, gamma)
        defer { cmsFreeToneCurve(curve) }
        return try saved(cmsCreateGrayProfile(&white, curve))
    }

    private static func saved(_ profile: cmsHPROFILE?) throws -> [UInt8] {
        let profile = try #require(profile)
        defer { cmsCloseProfile(profile) }
        var count: UInt32 = 0
        cmsSaveProfileToMem(profile, nil, &count)
        var bytes = [UInt8](repeating: 0, count: Int(count))
        try #require(cmsSaveProfileToMem(profile, &bytes, &count) != 0)
        return bytes
    }

    /// A 16-bit PNG of one row with a profile, or another kind of file made from 8-bit samples by Pillow.
    static func picture(_ samples: [UInt16], channels: Int, profile: [UInt8], name: String, like: String? = nil) throws -> String {
        let icc = try PictureFixtures.write(profile)
        let raw = try PictureFixtures.write(samples.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })
        let script = """
            import sys, struct, zlib
            import numpy as np
            from PIL import Image
            icc = open(sys.argv[1], 'rb').read(); a = np.fromfile(sys.argv[2], '>u2').reshape(1, -1, \(channels)); name = sys.argv[3]
            if name.endswith('.png'):
                def chunk(k, d): return struct.pack('>I', len(d)) + k + d + struct.pack('>I', zlib.crc32(k + d))
                open(name, 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', a.shape[1], 1, 16, {1: 0, 3: 2, 4: 6}[\(channels)], 0, 0, 0))
                    + chunk(b'iCCP', b'x\\0\\0' + zlib.compress(icc)) + chunk(b'IDAT', zlib.compress(b'\\0' + a.tobytes())) + chunk(b'IEND', b''))
            else:
                im = Image.fromarray(np.repeat(np.repeat((a // 257).astype(np.uint8), 16, 0), 16, 1))
                im.save(name, icc_profile=icc, **({'lossless': True} if name.endswith('.webp') else {'quality': 100, 'subsampling': 0} if name.endswith('.jpg') else {}))
            """
        let path = try PictureFixtures.path(name)
        try run("/usr/bin/python3", ["-c", script, icc, raw, path], in: URL(fileURLWithPath: PictureFixtures.path("")))
        return path
    }

    // MARK: The expected colour, in double precision

    static func toXYZ(_ primaries: [(Double, Double)]) -> [[Double]] {
        let columns = primaries.map { [$0.0 / $0.1, 1, (1 - $0.0 - $0.1) / $0.1] }
        let m = (0..<3).map { row in columns.map { $0[row] } }
        let white = [0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290]
        let scale = solve(m, white)
        return m.map { row in zip(row, scale).map { $0 * $1 } }
    }

    /// Cramer's rule.
    static func solve(_ m: [[Double]], _ v: [Double]) -> [Double] {
        func det(_ a: [[Double]]) -> Double {
            a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) - a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0])
                + a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0])
        }
        return (0..<3).map { column in
            var changed = m
            for row in 0..<3 { changed[row][column] = v[row] }
            return det(changed) / det(m)
        }
    }

    static func expected(_ rgb: [Double], in space: Space) -> [Double] {
        let linear = rgb.map(space.linear)
        let xyz = toXYZ(space.primaries).map { row in zip(row, linear).reduce(0) { $0 + $1.0 * $1.1 } }
        return solve(toXYZ(sRGB.primaries), xyz).map { light in
            let v = min(max(light, 0), 1)
            return v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055
        }
    }

    static func samples(_ patches: [[Double]]) -> [UInt16] { patches.flatMap { $0.map { UInt16(($0 * 65535).rounded()) } } }

    // MARK: Tests

    @Test(arguments: [p3, adobe]) func matrixProfilesAreApplied(_ space: Space) throws {
        let path = try Self.picture(
            Self.samples(Self.patches), channels: 3, profile: Self.profile(space), name: "\(space.testDescription).png")
        let picture = try DecodedPicture.decode(path: path)
        #expect(picture.warnings.isEmpty)
        let got = pixels(picture)
        for (index, patch) in Self.patches.enumerated() {
            let want = Self.expected(patch, in: space)
            for c in 0..<3 {
                let value = Double(got[4 * index + c]) / 65535
                // Profiles hold numbers in sixteenths of a thousandth; near black the encoding multiplies them by 13.
                #expect(abs(value - want[c]) < 0.0015, "\(patch) component \(c): got \(value), want \(want[c])")
            }
            #expect(got[4 * index + 3] == 65535)
        }
    }

    @Test func knownColoursOfDisplayP3() throws {
        let path = try Self.picture(
            Self.samples([[1, 0, 0], [0.5, 0.5, 0.5], [1, 1, 1]]), channels: 3, profile: Self.profile(Self.p3), name: "p3-known.png")
        let got = pixels(try DecodedPicture.decode(path: path)).map { (Int($0) + 128) / 257 }
        #expect(Array(got[0..<3]) == [255, 0, 0])
        #expect(got[4..<7].allSatisfy { abs($0 - 128) <= 1 })
        #expect(Array(got[8..<11]) == [255, 255, 255])
    }

    @Test(arguments: ["jpg", "webp", "tif"]) func profilesAreFoundInEveryFormat(_ kind: String) throws {
        let patches = [[0.5, 0.7, 0.3], [0.8, 0.4, 0.4]]
        let path = try Self.picture(Self.samples(patches), channels: 3, profile: Self.profile(Self.adobe), name: "adobe.\(kind)")
        let picture = try DecodedPicture.decode(path: path)
        let got = pixels(picture)
        for (index, patch) in patches.enumerated() {
            let rounded = patch.map { Double(Int(($0 * 65535).rounded()) / 257) / 255 }
            let want = Self.expected(rounded, in: Self.adobe)
            let at = 4 * (8 * picture.width + 16 * index + 8)
            for c in 0..<3 { #expect(abs(Double(got[at + c]) / 65535 - want[c]) < (kind == "jpg" ? 0.01 : 0.002)) }
        }
    }

    @Test func sRGBItselfIsLeftAlone() throws {
        let samples = Self.samples(Self.patches)
        let path = try Self.picture(samples, channels: 3, profile: Self.profile(Self.sRGB), name: "srgb.png")
        let got = pixels(try DecodedPicture.decode(path: path))
        for index in Self.patches.indices { #expect(Array(got[4 * index..<4 * index + 3]) == Array(samples[3 * index..<3 * index + 3])) }
    }

    @Test func alphaGoesThroughProfilesUntouched() throws {
        let path = try Self.picture([65535, 0, 0, 12345, 30000, 30000, 30000, 0], channels: 4, profile: Self.profile(Self.p3), name: "p3a.png")
        let got = pixels(try DecodedPicture.decode(path: path))
        #expect(got[3] == 12345 && got[7] == 0)
    }

    @Test func greyProfilesAreAppliedToGrey() throws {
        let levels: [UInt16] = [0, 1000, 20000, 40000, 65535]
        let path = try Self.picture(levels, channels: 1, profile: Self.greyProfile(gamma: 1.8), name: "grey18.png")
        let got = pixels(try DecodedPicture.decode(path: path))
        for (index, level) in levels.enumerated() {
            let light = pow(Double(level) / 65535, 1.8)
            let want = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
            for c in 0..<3 { #expect(abs(Double(got[4 * index + c]) / 65535 - want) < 0.002) }
        }
    }

    /// A black that gives light needs Little CMS itself; the result must not depend on rows being read alone or together.
    @Test func otherProfilesGoThroughLittleCMS() throws {
        let curve = (0..<1024).map { UInt16((0.01 + 0.99 * pow(Double($0) / 1023, 2.2)) * 65535) }
        let path = try Self.picture(
            Self.samples(Self.patches), channels: 3, profile: Self.profile(Self.adobe, curve: curve), name: "lit-black.png")
        let got = pixels(try DecodedPicture.decode(path: path))
        // Black stays black (compensation), white white, grey neutral, and green grows more vivid.
        #expect(got[4 * 5..<4 * 5 + 3].allSatisfy { $0 < 900 })
        #expect(got[4 * 4..<4 * 4 + 3].allSatisfy { $0 > 65200 })
        #expect(abs(Int(got[12]) - Int(got[13])) < 200 && abs(Int(got[13]) - Int(got[14])) < 200)
        let want = Self.expected([0.5, 0.7, 0.3], in: Self.adobe)
        for c in 0..<3 { #expect(abs(Double(got[4 * 6 + c]) / 65535 - want[c]) < 0.02) }
    }

    @Test func badProfilesAreReportedAndIgnored() throws {
        let samples = Self.samples(Self.patches)
        let cases: [(String, [UInt8], String)] = [
            ("noise", (0..<400).map { UInt8(truncatingIfNeeded: $0 * 37) }, "broken"), ("grey", try Self.greyProfile(gamma: 2.2), "grey"),
            ("cut", Array(try Self.profile(Self.p3).prefix(200)), "broken"),
        ]
        for (name, profile, words) in cases {
            let picture = try DecodedPicture.decode(path: Self.picture(samples, channels: 3, profile: profile, name: "bad-\(name).png"))
            #expect(picture.warnings.count == 1 && picture.warnings[0].contains(words), "\(name): \(picture.warnings)")
            #expect(Array(pixels(picture)[0..<3]) == Array(samples[0..<3]))
        }
    }

    @Test func codePointsOfAVIFAreApplied() throws {
        let plain = pixels(try DecodedPicture.decode(path: PictureFixtures.path("orient1.avif")))
        let p3 = pixels(try DecodedPicture.decode(path: PictureFixtures.path("p3.avif")))
        for index in stride(from: 0, to: plain.count, by: 4 * 97) {
            let want = Self.expected(plain[index..<index + 3].map { Double($0) / 65535 }, in: Self.p3)
            for c in 0..<3 { #expect(abs(Double(p3[index + c]) / 65535 - want[c]) < 0.003) }
        }
    }

    @Test func alphaOfAVIFIsItsOwnPicture() throws {
        let picture = try DecodedPicture.decode(path: PictureFixtures.path("alpha.avif"))
        let opaque = try DecodedPicture.decode(path: PictureFixtures.path("orient1.avif"))
        let grey = pixels(try DecodedPicture.decode(path: PictureFixtures.path("grey.avif")))
        #expect(!picture.isOpaque && opaque.isOpaque)
        let (got, plain) = (pixels(picture), pixels(opaque))
        // The alpha was made from the green of the same picture, without loss.
        for i in stride(from: 0, to: got.count, by: 4) {
            #expect(Array(got[i..<i + 3]) == Array(plain[i..<i + 3]))
            #expect(Array(grey[i..<i + 4]) == [got[i + 3], got[i + 3], got[i + 3], 65535])
            #expect(abs(Int(got[i + 3]) - Int(got[i + 1])) < 5 * 257)
        }
    }
}
