import Foundation
import Media
import TestSupport
import Testing

/// Every kind of file against the pixels that its maker reads from it.
@Suite struct PictureDecodingTests {
    static let exact: [String] = {
        var names: [String] = []
        for interlaced in ["", "-i"] {
            for depth in [1, 2, 4, 8, 16] {
                names.append("grey\(depth)\(interlaced).png")
                if depth <= 8 { names += ["palette\(depth)\(interlaced).png", "palette\(depth)a\(interlaced).png"] }
            }
            for depth in [8, 16] {
                for kind in ["rgb", "greya", "rgba"] { names.append("\(kind)\(depth)\(interlaced).png") }
                for kind in ["rgb", "grey"] { names.append("\(kind)\(depth)key\(interlaced).png") }
            }
        }
        names += ["1x1", "1x300", "300x1", "2x3"].map { "size\($0).png" }
        for compression in ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"] {
            names += ["L", "RGB", "RGBA"].map { "\($0)-\(compression).tif" }
        }
        names += ["grey16.tif", "bilevel.tif", "palette.tif", "premultiplied.tif", "padded.tif"]
        for order in ["ii", "mm"] {
            for channels in [1, 3, 4] { names += [8, 16].map { "hand\($0)-\(channels)-\(order).tif" } }
        }
        names += ["lossless.webp", "lossless-alpha.webp", "animated.webp"]
        names += ["opaque.gif", "transparent.gif", "interlaced.gif", "animated.gif"]
        names += ["L.bmp", "RGB.bmp", "palette.bmp", "bilevel.bmp", "rgb565le.bmp", "rgb555le.bmp"]
        return names
    }()

    @Test(arguments: exact) func losslessIsExact(_ name: String) throws {
        let picture = try DecodedPicture.decode(path: PictureFixtures.path(name))
        let (got, want) = (pixels(picture), try PictureFixtures.reference(name))
        try #require(got.count == want.count)
        // What colour a wholly transparent pixel has does not matter.
        let first = got.indices.first { got[$0] != want[$0] && !($0 & 3 != 3 && got[$0 | 3] == 0 && want[$0 | 3] == 0) }
        #expect(first == nil, "\(first.map { "sample \($0): got \(got[$0]), want \(want[$0])" } ?? "")")
        #expect(picture.isOpaque == false || want.enumerated().allSatisfy { $0.offset & 3 != 3 || $0.element == 65535 })
        #expect(picture.warnings.isEmpty)
    }

    static let lossy: [(String, Int, Double)] = [
        // One step of Y' and of a chroma (two ways to round an inverse DCT) are 1 + 1.77 steps of B'.
        ("420.jpg", 3, 0.6), ("422.jpg", 3, 0.6), ("444.jpg", 3, 0.6), ("440.jpg", 3, 0.6), ("411.jpg", 9, 1.5),
        ("progressive.jpg", 3, 0.6), ("grey.jpg", 1, 0.6), ("rgb.jpg", 1, 0.6), ("jfif-adobe.jpg", 3, 0.6), ("junk.jpg", 3, 0.6),
        ("thumbnail.jpg", 3, 0.6), ("cmyk.jpg", 3, 0.9), ("cmyk-ids.jpg", 3, 0.9), ("cmyk-initials.jpg", 3, 0.9),
        ("cmyk-plain.jpg", 3, 0.9), ("ycck.jpg", 4, 1.2), ("cmyk.tif", 1, 0.9),
        ("size1x1.jpg", 2, 1), ("size2x2.jpg", 2, 1), ("size3x5.jpg", 2, 1), ("size17x33.jpg", 3, 0.6), ("size16x16.jpg", 3, 0.6),
        // libjpeg repeats chroma where it is less than three samples wide; here it is filtered downwards all the same.
        ("size1x5000.jpg", 7, 1.6), ("size5000x1.jpg", 3, 0.6), ("lossy.webp", 2, 0.6), ("lossy-alpha.webp", 2, 0.6),
        ("full8.avif", 1, 0.01), ("limited8.avif", 1, 0.01), ("full10.avif", 1, 0.01), ("limited12.avif", 1, 0.01),
        ("unspecified8.avif", 0, 0.01), ("left8.avif", 0, 0.01), ("topleft8.avif", 0, 0.01), ("left10.avif", 0, 0.01),
    ]

    /// The largest difference and its RMS, in 1/255.
    @Test(arguments: lossy) func lossyIsWithin(_ name: String, _ largest: Int, _ rms: Double) throws {
        let picture = try DecodedPicture.decode(path: PictureFixtures.path(name))
        let (got, want) = (pixels(picture), try PictureFixtures.reference(name))
        try #require(got.count == want.count)
        let differences = zip(got, want).map { abs(Double($0) - Double($1)) / 257 }
        let worst = differences.max() ?? 0
        let square = (differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)).squareRoot()
        #expect(worst < Double(largest) + 0.5, "largest \(worst), RMS \(square)")
        #expect(square <= rms, "largest \(worst), RMS \(square)")
    }

    @Test(arguments: ["420.jpg", "411.jpg", "rgba16.png", "palette4a.png", "lossy-alpha.webp", "grey2.png", "420.avif"])
    func rowsComeOutTheSameInAnyOrder(_ name: String) throws {
        let picture = try DecodedPicture.decode(path: PictureFixtures.path(name))
        let whole = pixels(picture)
        let stride = 4 * picture.width
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<40 {
            let y = Int.random(in: 0..<picture.height, using: &generator)
            let count = Int.random(in: 0...(picture.height - y), using: &generator)
            var some = [UInt16](repeating: 77, count: (stride + 8) * count + 8)
            some.withUnsafeMutableBufferPointer { picture.readRows(y, count: count, into: $0.baseAddress!, strideSamples: stride + 8) }
            for row in 0..<count {
                let from = row * (stride + 8)
                #expect(some[from..<from + stride] == whole[(y + row) * stride..<(y + row + 1) * stride])
                #expect(some[from + stride..<from + stride + 8].allSatisfy { $0 == 77 })
            }
        }
    }

    @Test func sixteenBitsAreKept() throws {
        #expect(try DecodedPicture.decode(path: PictureFixtures.path("rgb16.png")).bitsPerSample == 16)
        #expect(try DecodedPicture.decode(path: PictureFixtures.path("rgb8.png")).bitsPerSample == 8)
        #expect(try DecodedPicture.decode(path: PictureFixtures.path("full10.avif")).bitsPerSample == 10)
    }
}
