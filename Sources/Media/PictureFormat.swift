/// The kinds of picture files that can be read, told apart by their content, never by their name.
public enum PictureFormat: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
    case jpeg = "JPEG"
    case png = "PNG"
    case webp = "WebP"
    case tiff = "TIFF"
    case gif = "GIF"
    case bmp = "BMP"
    case avif = "AVIF"

    public var description: String { rawValue }

    static let allowed = "JPEG, PNG, WebP, TIFF, GIF, BMP and AVIF"

    /// Tells the format from the first bytes of a file.
    ///
    /// - Throws: `PictureError` for content that is no picture or of a kind that is known and cannot be read.
    static func sniff(_ source: PictureSource) throws(PictureError) -> PictureFormat {
        if source.has([0xFF, 0xD8, 0xFF], at: 0) { return .jpeg }
        if source.has([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], at: 0) { return .png }
        if source.has("RIFF", at: 0), source.has("WEBP", at: 8) { return .webp }
        if source.has("GIF87a", at: 0) || source.has("GIF89a", at: 0) { return .gif }
        if source.has([0x49, 0x49, 0x2A, 0x00], at: 0) || source.has([0x4D, 0x4D, 0x00, 0x2A], at: 0) { return .tiff }
        if source.has([0x49, 0x49, 0x2B, 0x00], at: 0) || source.has([0x4D, 0x4D, 0x00, 0x2B], at: 0) {
            throw PictureError(.unsupported("a BigTIFF"))
        }
        if source.has("ftyp", at: 4) { return try sniffBrand(source) }
        // "BM" alone is a common start of text: the reserved words and the header's size must fit too.
        if source.has("BM", at: 0), source.has([0, 0, 0, 0], at: 6), let size = try? source.le32(14), BMP.headerSizes.contains(size) {
            return .bmp
        }
        for format in allCases where source.isPrefix(of: format.signature) { throw PictureError(.truncated(format)) }
        throw source.readError ?? PictureError(.notAPicture)
    }

    /// The bytes that every file of the format starts with; a shorter file that agrees with them is a picture cut short.
    private var signature: [UInt8] {
        switch self {
        case .jpeg: [0xFF, 0xD8, 0xFF]
        case .png: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        case .webp: Array("RIFF".utf8)
        case .tiff: [0x49, 0x49, 0x2A, 0x00]
        case .gif: Array("GIF8".utf8)
        case .bmp: Array("BM".utf8)
        case .avif: [0, 0, 0]
        }
    }

    private static func sniffBrand(_ source: PictureSource) throws(PictureError) -> PictureFormat {
        guard let length = try? source.be32(0), length >= 16, length <= 4096 else { throw PictureError(.notAPicture) }
        var offset = 8
        var isHEIC = false
        while offset + 4 <= length {
            if source.has("avif", at: offset) || source.has("avis", at: offset) { return .avif }
            if source.has("heic", at: offset) || source.has("heix", at: offset) { isHEIC = true }
            offset += offset == 8 ? 8 : 4
        }
        if length > source.size { throw PictureError(.truncated(.avif)) }
        if isHEIC { throw PictureError(.unsupported("a HEIC")) }
        throw PictureError(.notAPicture)
    }
}
