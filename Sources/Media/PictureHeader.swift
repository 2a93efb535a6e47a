import Resampling

/// What a picture file says of itself before anything is decoded.
public struct PictureHeader: Hashable, Sendable {
    public let format: PictureFormat
    /// Pixels, as stored.
    public let width, height: Int
    public let orientation: PictureOrientation

    /// Pixels, as seen.
    public var uprightWidth: Int { orientation.exchangesAxes ? height : width }
    public var uprightHeight: Int { orientation.exchangesAxes ? width : height }

    /// Reads a file's header from its content, whatever its name.
    ///
    /// - Cost: some reads of 64 KiB; nothing is decoded. PNG files are walked to their end, chunk by chunk.
    /// - Throws: for what is no picture, cannot be read or is cut short within what was looked at.
    public static func read(path: String) throws(PictureError) -> PictureHeader {
        let file = try PictureFile(path: path)
        return try PictureLayout.parse(PictureSource(fileDescriptor: file.descriptor, size: file.size), complete: false).header
    }

    /// The same for an open file, which stays the caller's and whose position does not move.
    public static func read(fileDescriptor: Int32) throws(PictureError) -> PictureHeader {
        let size = try PictureFile.checkedSize(fileDescriptor)
        return try PictureLayout.parse(PictureSource(fileDescriptor: fileDescriptor, size: size), complete: false).header
    }

    /// Reads the header and walks the file's structure to the end of the picture, without decoding: finds files that were
    /// cut short, are over the limits or of a kind that cannot be decoded.
    ///
    /// - Cost: the whole file is read once, about a millisecond per 4 MB from the page cache.
    @discardableResult
    public static func verifyComplete(path: String, limits: PictureLimits = PictureLimits()) throws(PictureError) -> PictureHeader {
        let file = try PictureFile(path: path)
        if file.size > limits.maximumFileBytes {
            throw PictureError(.tooManyBytes(size: file.size, maximum: limits.maximumFileBytes))
        }
        let source = PictureSource(fileDescriptor: file.descriptor, size: file.size)
        let header = try PictureLayout.parse(source, complete: true).header
        try limits.check(header)
        return header
    }
}

/// What a picture may cost at most.
public struct PictureLimits: Hashable, Sendable {
    public var maximumPixels: Int
    public var maximumFileBytes: Int

    public init(maximumPixels: Int = 256 << 20, maximumFileBytes: Int = 1 << 30) {
        self.maximumPixels = maximumPixels
        self.maximumFileBytes = maximumFileBytes
    }

    /// libav counts eight bytes a pixel and refuses pictures of 2 GiB (`av_image_check_size2`): just under 16384 × 16384.
    static let libavMaximumPixels = 255 << 20

    func check(_ header: PictureHeader) throws(PictureError) {
        let (width, height) = (header.width, header.height)
        let pixels = width.multipliedReportingOverflow(by: height)
        if pixels.overflow || pixels.partialValue > maximumPixels {
            throw PictureError(.tooManyPixels(width: width, height: height, maximum: maximumPixels))
        }
        if width >= 1 << 28 || height >= 1 << 28 || (8 * width + 1024) * (height + 128) >= Int(Int32.max) {
            throw PictureError(.tooManyPixels(width: width, height: height, maximum: min(maximumPixels, Self.libavMaximumPixels)))
        }
    }
}

/// A header and what the decoder needs to know beyond it.
struct PictureLayout {
    var header: PictureHeader
    /// Where the coded picture lies in the file.
    var payload: [Range<Int>]
    /// Bytes to put in front of the payload (a header made for the first picture of an animation).
    var preamble: [UInt8] = []
    var alphaPayload: [Range<Int>] = []
    var profile: Range<Int>?
    var ink = Ink.none
    var alpha = Alpha.straight
    /// Bytes of the file to change before it is decoded, where libav's reading of them is not everybody's.
    var patches: [(offset: Int, byte: UInt8)] = []
    /// Code points of ITU-T H.273 where the container states them: primaries, transfer, matrix, and full range.
    var codePoints: CodePoints?
    var warnings: [String] = []

    /// Pictures meant for print: the decoder makes R, G and B of their inks, or leaves them as they are (all ink is 0).
    enum Ink { case none, converted, raw }
    /// What a fourth channel holds.
    enum Alpha { case straight, premultiplied, meaningless }
    struct CodePoints { var primaries, transfer, matrix: Int; var fullRange: Bool }

    init(_ header: PictureHeader, payload: [Range<Int>]) {
        self.header = header
        self.payload = payload
    }

    /// - Parameter complete: walk on to the end of the picture.
    static func parse(_ source: PictureSource, complete: Bool) throws(PictureError) -> PictureLayout {
        let format = try PictureFormat.sniff(source)
        source.format = format
        let layout = switch format {
        case .jpeg: try JPEG.parse(source, complete: complete)
        case .png: try PNG.parse(source)
        case .webp: try WebP.parse(source)
        case .tiff: try TIFF.parse(source)
        case .gif: try GIF.parse(source, complete: complete)
        case .bmp: try BMP.parse(source)
        case .avif: try AVIF.parse(source)
        }
        if layout.header.width < 1 || layout.header.height < 1 {
            throw PictureError(.broken(format, "its size is \(layout.header.width) × \(layout.header.height)"))
        }
        return layout
    }
}
