import Foundation
import Media
import TestSupport
import Testing

private func peakMemoryKilobytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
}

/// What bad files get: an error with a sentence, soon, and never a part of a picture.
@Suite struct PictureRefusalTests {
    private func message(_ path: String, limits: PictureLimits = PictureLimits()) -> String? {
        do {
            _ = try DecodedPicture.decode(path: path, limits: limits)
            return nil
        } catch { return error.description }
    }

    static let notPictures: [(String, [UInt8], String)] = [
        ("text", Array("This is a text that someone called holiday.jpg.\n".utf8), "is not a picture"),
        ("text starting with BM", Array("BM is how this text of some length starts, as a BMP would.".utf8), "is not a picture"),
        ("HTML", Array("<!DOCTYPE html><html><body>404</body></html>".utf8), "JPEG, PNG, WebP, TIFF, GIF, BMP and AVIF"),
        ("one byte", [0x41], "is not a picture"), ("empty", [], "empty"),
        ("zeros", [UInt8](repeating: 0, count: 5000), "is not a picture"),
        ("a start of JPEG", [0xFF, 0xD8], "cut short"), ("a start of PNG", [0x89, 0x50, 0x4E], "cut short"),
        ("BigTIFF", [0x49, 0x49, 0x2B, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0], "BigTIFF"),
        ("HEIC", [0, 0, 0, 24] + Array("ftypheic".utf8) + [0, 0, 0, 0] + Array("mif1heic".utf8), "HEIC"),
    ]

    @Test(arguments: notPictures) func contentIsNamed(_ name: String, _ bytes: [UInt8], _ words: String) throws {
        let path = try PictureFixtures.write(bytes, "\(name).jpg")
        #expect(message(path)?.contains(words) == true, "\(message(path) ?? "decoded")")
        #expect(throws: PictureError.self) { try PictureHeader.read(path: path) }
        #expect(throws: PictureError.self) { try PictureHeader.verifyComplete(path: path) }
    }

    @Test func whatIsNoFileIsRefusedAtOnce() throws {
        let folder = try PictureFixtures.path("")
        let pipe = try PictureFixtures.path("pipe.jpg")
        #expect(mkfifo(pipe, 0o600) == 0)
        let cases = [
            (folder, "a directory"), (pipe, "a pipe"), ("/dev/null", "a device"),
            (folder + "/missing.jpg", "No such file"), (folder + "/420.jpg/x", "Not a directory"),
        ]
        for (path, words) in cases { #expect(message(path)?.contains(words) == true, "\(message(path) ?? "decoded")") }
        if getuid() != 0 {
            let secret = try PictureFixtures.write(PictureFixtures.bytes("420.jpg"), "secret.jpg")
            chmod(secret, 0)
            #expect(message(secret)?.contains("Permission denied") == true)
        }
    }

    @Test func bombsAreRefusedFromTheirHeader() throws {
        var bomb = try PictureFixtures.bytes("rgb8.png")
        bomb.replaceSubrange(16..<24, with: [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60])
        let path = try PictureFixtures.write(bomb, "bomb.png")
        let start = ContinuousClock.now
        #expect(message(path)?.contains("60000 × 60000") == true)
        #expect(start.duration(to: .now) < .milliseconds(500))
        #expect(throws: PictureError.self) { try PictureHeader.verifyComplete(path: path) }
        #expect(try PictureHeader.read(path: path).width == 60000)
        // More than libav itself allows, whatever the limit.
        #expect(message(path, limits: PictureLimits(maximumPixels: .max))?.contains("60000 × 60000") == true)
    }

    @Test func limitsAreInclusive() throws {
        let path = try PictureFixtures.path("420.jpg")
        let bytes = try PictureFixtures.bytes("420.jpg").count
        #expect(message(path, limits: PictureLimits(maximumPixels: 203 * 151, maximumFileBytes: bytes)) == nil)
        #expect(message(path, limits: PictureLimits(maximumPixels: 203 * 151 - 1)) != nil)
        #expect(message(path, limits: PictureLimits(maximumFileBytes: bytes - 1))?.contains("\(bytes) bytes") == true)
    }

    @Test(arguments: ["hdr.avif"]) func unreadableKindsAreNamed(_ name: String) throws {
        #expect(try message(PictureFixtures.path(name))?.contains("HDR") == true)
    }

    static let whole = [
        "420.jpg", "progressive.jpg", "cmyk.jpg", "thumbnail.jpg", "rgb8.png", "rgb16-i.png", "palette4.png", "lossy.webp",
        "lossless-alpha.webp", "animated.webp", "RGB-raw.tif", "RGB-tiff_lzw.tif", "hand16-3-mm.tif", "opaque.gif", "RGB.bmp",
        "palette.bmp", "420.avif", "alpha.avif",
    ]

    /// A file cut anywhere is an error, or all of the picture where only what follows it is gone.
    @Test(arguments: whole) func truncatedFilesAreErrors(_ name: String) throws {
        let bytes = try PictureFixtures.bytes(name)
        let want = pixels(try DecodedPicture.decode(path: PictureFixtures.path(name)))
        let cuts = Set((0..<36).map { bytes.count * $0 / 36 } + [1, 2, 3, bytes.count - 1, bytes.count - 2, bytes.count - 5])
        var complete = 0
        for cut in cuts.sorted() {
            let path = try PictureFixtures.write(Array(bytes[..<cut]), "cut-\(name)")
            if let picture = try? DecodedPicture.decode(path: path) {
                #expect(pixels(picture) == want, "cut at \(cut) of \(bytes.count)")
                complete += 1
            } else {
                #expect(message(path)?.isEmpty == false)
            }
        }
        // Only a GIF's trailer may be missing.
        #expect(complete == 0 || name.hasSuffix(".gif") && complete == 1, "\(complete) cuts passed")
    }

    /// Pixels that end too early inside a file that is whole.
    @Test func missingPixelsInAWholeFileAreErrors() throws {
        for name in ["rgb8.png", "rgba8.png", "palette8.png", "grey16.png"] {
            let bytes = try PictureFixtures.bytes(name)
            // The last IDAT goes, and every CRC is right.
            let last = try #require(bytes.indices.dropLast(4).last { Array(bytes[$0..<$0 + 4]) == Array("IDAT".utf8) }) - 4
            let path = try PictureFixtures.write(Array(bytes[..<last] + bytes.suffix(12)), "short-\(name)")
            #expect(message(path) != nil, "\(name)")
        }
        // Half of a GIF's codes and the end of their blocks.
        let gif = try PictureFixtures.bytes("opaque.gif")
        var short = Array(gif.prefix(13 + 768))
        let codes = try #require(gif[(13 + 768)...].firstIndex(of: 0x2C)) + 11
        short += gif[(13 + 768)..<codes] + gif[codes..<codes + 1 + Int(gif[codes])] + [0, 0x3B]
        #expect(message(try PictureFixtures.write(short, "short.gif"))?.contains("end before") == true)
        // The middle of the entropy-coded data goes.
        for name in ["420.jpg", "grey.jpg", "progressive.jpg"] {
            let bytes = try PictureFixtures.bytes(name)
            let path = try PictureFixtures.write(Array(bytes[..<(bytes.count / 2)] + bytes.suffix(2)), "short-\(name)")
            #expect(message(path) != nil, "\(name)")
        }
        var damaged = try PictureFixtures.bytes("rgb8.png")
        damaged[damaged.count / 2] ^= 1
        #expect(message(try PictureFixtures.write(damaged, "crc.png")) != nil)
    }

    static let tiny = [
        "tiny.jpg", "tiny-progressive.jpg", "tiny.png", "tiny.webp", "tiny-lossless.webp", "tiny-alpha.webp", "tiny-animated.webp",
        "tiny.tif", "tiny.gif", "tiny.bmp", "tiny.avif", "alpha.avif",
    ]

    /// The example's own pictures: one with EXIF and an editor's notes, and one without.
    static let example = ["hubble-deep-field.jpg", "rocket-launch.jpg"]

    /// Random damage gives a picture or an error, in time, without a crash.
    @Test(arguments: tiny + example) func fuzz(_ name: String) throws {
        let isExample = PictureRefusalTests.example.contains(name)
        let original = try isExample ? PictureFixtures.exampleBytes(name) : PictureFixtures.bytes(name)
        var generator = SeededGenerator(seed: name.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        let limits = PictureLimits(maximumPixels: 1 << 20)
        let start = ContinuousClock.now
        for round in 0..<(isExample ? 60 : 300) {
            var bytes = original
            // Headers are where parsers go wrong: half of the damage is done to the first 256 bytes.
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let end = Bool.random(using: &generator) ? min(256, bytes.count) : bytes.count
                let at = Int.random(in: 0..<end, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &generator)
                case 2: bytes[at] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator)!
                default:
                    let count = min(4, bytes.count - at)
                    bytes.replaceSubrange(at..<at + count, with: [UInt8](repeating: round & 1 == 0 ? 0xFF : 0, count: count))
                }
            }
            if round % 10 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
            let path = try PictureFixtures.write(bytes, "fuzz-\(name)")
            _ = try? PictureHeader.read(path: path)
            _ = try? PictureHeader.verifyComplete(path: path, limits: limits)
            do {
                let picture = try DecodedPicture.decode(path: path, limits: limits)
                #expect(pixels(picture).count == 4 * picture.width * picture.height)
            } catch { #expect(error.description.hasSuffix(".")) }
        }
        #expect(start.duration(to: .now) < .seconds(60))
    }

    /// Damaged colour profiles give a picture, with or without them.
    @Test func fuzzProfiles() throws {
        let profile = try PictureColorTests.profile(PictureColorTests.adobe)
        let picture = try PictureFixtures.bytes("tiny.jpg")
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<150 {
            var damaged = profile
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let at = Int.random(in: 0..<damaged.count, using: &generator)
                damaged[at] = Bool.random(using: &generator) ? 0xFF : UInt8.random(in: 0...255, using: &generator)
            }
            let segment = Array("ICC_PROFILE\0".utf8) + [1, 1] + damaged
            let length = segment.count + 2
            let marker = [0xFF, 0xE2, UInt8(length >> 8), UInt8(length & 255)]
            let path = try PictureFixtures.write(picture[..<2] + marker + segment + picture[2...], "fuzz-profile.jpg")
            let decoded = try DecodedPicture.decode(path: path)
            #expect(pixels(decoded).count == 4 * 24 * 17)
        }
    }

    /// Texts and profiles that inflate to gigabytes are never inflated.
    @Test func ancillaryBombsAreNotInflated() throws {
        let script = """
            import struct, zlib
            def chunk(k, d): return struct.pack('>I', len(d)) + k + d + struct.pack('>I', zlib.crc32(k + d))
            png = open('rgb8.png', 'rb').read()
            one = zlib.compressobj(1); body = b''.join(one.compress(bytes(1 << 20)) for _ in range(400)) + one.flush()
            for kind, name in ((b'zTXt', 'ztxt.png'), (b'iCCP', 'iccp.png')):
                open(name, 'wb').write(png[:33] + chunk(kind, b'x\\0\\0' + body) + png[33:])
            """
        try run("/usr/bin/python3", ["-c", script], in: URL(fileURLWithPath: PictureFixtures.path("")))
        let want = pixels(try DecodedPicture.decode(path: PictureFixtures.path("rgb8.png")))
        for (name, warnings) in [("ztxt.png", 0), ("iccp.png", 1)] {
            let before = peakMemoryKilobytes()
            let picture = try DecodedPicture.decode(path: PictureFixtures.path(name))
            #expect(pixels(picture) == want && picture.warnings.count == warnings)
            // They hold 400 MB.
            #expect(peakMemoryKilobytes() - before < 200 << 10)
        }
    }

    @Test func randomBytesBehindASignatureAreErrors() throws {
        var generator = SeededGenerator(seed: 11)
        for name in Self.tiny {
            let start = try PictureFixtures.bytes(name).prefix(16)
            for _ in 0..<20 {
                let noise = (0..<3000).map { _ in UInt8.random(in: 0...255, using: &generator) }
                #expect(message(try PictureFixtures.write(start + noise, "noise-\(name)"), limits: PictureLimits(maximumPixels: 1 << 20)) != nil)
            }
        }
    }
}
