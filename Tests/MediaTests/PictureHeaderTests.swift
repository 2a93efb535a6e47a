import Foundation
import Media
import Resampling
import Testing

@Suite struct PictureHeaderTests {
    static let oriented = ["jpg", "png", "webp", "tif", "avif"].flatMap { kind in (1...8).map { (kind, $0) } }

    @Test(arguments: oriented) func orientationIsRead(_ kind: String, _ orientation: Int) throws {
        let header = try PictureHeader.read(path: PictureFixtures.path("orient\(orientation).\(kind)"))
        let (width, height) = kind == "avif" ? (96, 64) : (30, 20)
        #expect(header.orientation.rawValue == orientation)
        #expect((header.width, header.height) == (width, height))
        #expect((header.uprightWidth, header.uprightHeight) == (orientation >= 5 ? (height, width) : (width, height)))
        let picture = try DecodedPicture.decode(path: PictureFixtures.path("orient\(orientation).\(kind)"))
        #expect(picture.header == header)
        #expect((picture.width, picture.height) == (width, height))
    }

    static let sizes: [(String, PictureFormat, Int, Int)] = [
        ("420.jpg", .jpeg, 203, 151), ("progressive.jpg", .jpeg, 203, 151), ("size1x5000.jpg", .jpeg, 1, 5000),
        ("thumbnail.jpg", .jpeg, 203, 151), ("rgb16-i.png", .png, 61, 43), ("lossy.webp", .webp, 203, 151),
        ("lossy-alpha.webp", .webp, 203, 151), ("lossless.webp", .webp, 61, 43), ("animated.webp", .webp, 64, 48),
        ("RGB-tiff_lzw.tif", .tiff, 61, 43), ("hand16-3-mm.tif", .tiff, 61, 43), ("opaque.gif", .gif, 61, 43),
        ("RGB.bmp", .bmp, 61, 43), ("420.avif", .avif, 96, 64),
    ]

    @Test(arguments: sizes) func sizeIsReadFromContent(_ name: String, _ format: PictureFormat, _ width: Int, _ height: Int) throws {
        // Under a name that says something else.
        let path = try PictureFixtures.write(PictureFixtures.bytes(name), "\(name).misnamed.txt")
        let header = try PictureHeader.read(path: path)
        #expect((header.format, header.width, header.height) == (format, width, height))
        #expect(try PictureHeader.verifyComplete(path: path) == header)
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        #expect(try PictureHeader.read(fileDescriptor: file.fileDescriptor) == header)
    }

    @Test(arguments: [(PictureOrientation.upright, false), (.rotated180, false), (.transposed, true), (.rotated90Clockwise, true)])
    func axesAreExchangedFromFiveOn(_ orientation: PictureOrientation, _ exchanges: Bool) {
        #expect(orientation.exchangesAxes == exchanges)
    }
}
