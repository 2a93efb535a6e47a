/// BMP's headers, Windows' and OS/2's. Source: Microsoft, "Bitmap Header Types".
enum BMP {
    static let headerSizes: Set<Int> = [12, 40, 52, 56, 64, 108, 124]

    static func parse(_ source: PictureSource) throws(PictureError) -> PictureLayout {
        let pixels = try source.le32(10)
        let headerSize = try source.le32(14)
        let isCore = headerSize == 12
        let width = isCore ? try source.le16(18) : Int(Int32(truncatingIfNeeded: try source.le32(18)))
        // A negative height says that rows run from top to bottom.
        let height = isCore ? try source.le16(20) : abs(Int(Int32(truncatingIfNeeded: try source.le32(22))))
        let bits = isCore ? try source.le16(24) : try source.le16(28)
        let compression = isCore ? 0 : try source.le32(30)
        if max(width, height) > 1 << 24 || bits > 32 { throw PictureError(.broken(.bmp, "its size is not sound")) }
        if compression == 4 || compression == 5 { throw PictureError(.unsupported("a BMP with a JPEG or PNG inside")) }
        if width > 0, height > 0, compression == 0 || compression == 3 {
            let strideBytes = (width * bits + 31) / 32 * 4
            if pixels + strideBytes * height > source.size { throw PictureError(.truncated(.bmp)) }
        } else if !isCore {
            let size = try source.le32(34)
            if pixels + size > source.size { throw PictureError(.truncated(.bmp)) }
        }
        let header = PictureHeader(format: .bmp, width: width, height: height, orientation: .upright)
        return PictureLayout(header, payload: [0..<source.size])
    }
}
