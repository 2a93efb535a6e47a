import Resampling

/// PNG's chunk structure. Source: W3C "Portable Network Graphics (PNG) Specification", second edition.
enum PNG {
    /// The chunks that the decoder gets. It would inflate texts too, a thousandfold and into memory without bounds.
    private static let decoded: [StaticString] = ["IHDR", "PLTE", "tRNS", "iCCP", "IDAT", "IEND"]
    /// The same danger; a profile for screens has some kilobytes.
    private static let maximumProfileBytes = 256 << 10

    static func parse(_ source: PictureSource) throws(PictureError) -> PictureLayout {
        if try source.be32(8) != 13 || !source.has("IHDR", at: 12) { throw broken("its first chunk is not IHDR") }
        let width = try source.be32(16)
        let height = try source.be32(20)
        let depth = try source.byte(24)
        let colour = try source.byte(25)
        let depths: [Int: [Int]] = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
        if depths[colour]?.contains(depth) != true { throw broken("it has colour type \(colour) with \(depth) bits") }
        var orientation: PictureOrientation?
        var hasPixels = false
        var offset = 8
        var kept: [Range<Int>] = [0..<8]
        var warnings: [String] = []
        while true {
            let length = try source.be32(offset)
            let end = offset + 12 + length
            if decoded.contains(where: { source.has($0, at: offset + 4) }) {
                if source.has("iCCP", at: offset + 4), length > maximumProfileBytes {
                    warnings.append("The picture's colours are read as sRGB: its colour profile is larger than \(maximumProfileBytes) bytes.")
                } else if let last = kept.last, last.upperBound == offset {
                    kept[kept.count - 1] = last.lowerBound..<end
                } else {
                    kept.append(offset..<end)
                }
            }
            if source.has("IEND", at: offset + 4) {
                _ = try source.be32(offset + 8 + length)
                break
            }
            if source.has("IDAT", at: offset + 4) { hasPixels = true }
            if source.has("eXIf", at: offset + 4), orientation == nil {
                orientation = EXIF.orientation(source, offset + 8..<min(offset + 8 + length, source.size))
            }
            offset = end
        }
        if !hasPixels { throw broken("it holds no pixels") }
        let header = PictureHeader(format: .png, width: width, height: height, orientation: orientation ?? .upright)
        var layout = PictureLayout(header, payload: kept)
        layout.warnings = warnings
        return layout
    }

    private static func broken(_ what: String) -> PictureError { PictureError(.broken(.png, what)) }
}
