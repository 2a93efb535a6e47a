/// PNG's chunk structure. Source: W3C "Portable Network Graphics (PNG) Specification", second edition.
enum PNG {
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
        while true {
            let length = try source.be32(offset)
            if source.has("IEND", at: offset + 4) {
                _ = try source.be32(offset + 8 + length)
                break
            }
            if source.has("IDAT", at: offset + 4) { hasPixels = true }
            if source.has("eXIf", at: offset + 4), orientation == nil {
                orientation = EXIF.orientation(source, offset + 8..<min(offset + 8 + length, source.size))
            }
            offset += 12 + length
        }
        if !hasPixels { throw broken("it holds no pixels") }
        let header = PictureHeader(format: .png, width: width, height: height, orientation: orientation ?? .upright)
        return PictureLayout(header, payload: [0..<min(offset + 12, source.size)])
    }

    private static func broken(_ what: String) -> PictureError { PictureError(.broken(.png, what)) }
}
