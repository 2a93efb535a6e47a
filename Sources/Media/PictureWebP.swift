import Resampling

/// WebP's RIFF structure. Source: Google, "WebP Container Specification"; RFC 6386, 9.1 (VP8's frame header).
enum WebP {
    static func parse(_ source: PictureSource) throws(PictureError) -> PictureLayout {
        let end = 8 + (try source.le32(4))
        if end > source.size { throw PictureError(.truncated(.webp)) }
        var offset = 12
        var canvas: (width: Int, height: Int)?
        var picture: (width: Int, height: Int)?
        var orientation: PictureOrientation?
        var layoutProfile: Range<Int>?
        var animationFrame: Range<Int>?
        while offset + 8 <= end {
            let length = try source.le32(offset + 4)
            let body = offset + 8
            if body + length > end { throw broken("a chunk is longer than the file") }
            if source.has("VP8X", at: offset) {
                canvas = (1 + (try source.le24(body + 4)), 1 + (try source.le24(body + 7)))
            } else if source.has("VP8 ", at: offset) || source.has("VP8L", at: offset), picture == nil {
                picture = try bitstreamSize(source, chunk: offset)
            } else if source.has("EXIF", at: offset) {
                // Some writers keep JPEG's "Exif\0\0" in front.
                let skip = source.has("Exif\0\0", at: body) ? 6 : 0
                if length > skip { orientation = EXIF.orientation(source, body + skip..<body + length) }
            } else if source.has("ICCP", at: offset) {
                layoutProfile = body..<body + length
            } else if source.has("ANMF", at: offset), animationFrame == nil {
                animationFrame = body..<body + length
            }
            offset = body + length + (length & 1)
        }
        if picture == nil, let animationFrame, let canvas {
            return try firstFrame(source, animationFrame, canvas, orientation ?? .upright, layoutProfile)
        }
        guard let picture else { throw broken("it holds no picture") }
        if let canvas, canvas != picture { throw broken("its canvas and its picture differ in size") }
        let header = PictureHeader(
            format: .webp, width: picture.width, height: picture.height, orientation: orientation ?? .upright)
        var layout = PictureLayout(header, payload: [0..<end])
        layout.profile = layoutProfile
        return layout
    }

    /// An animation's first frame, as a WebP file of its own: libav's decoder knows no animations.
    private static func firstFrame(
        _ source: PictureSource, _ frame: Range<Int>, _ canvas: (width: Int, height: Int), _ orientation: PictureOrientation,
        _ profile: Range<Int>?
    ) throws(PictureError) -> PictureLayout {
        if frame.count < 24 { throw broken("its first frame is empty") }
        let x = 2 * (try source.le24(frame.lowerBound))
        let y = 2 * (try source.le24(frame.lowerBound + 3))
        let width = 1 + (try source.le24(frame.lowerBound + 6))
        let height = 1 + (try source.le24(frame.lowerBound + 9))
        if x != 0 || y != 0 || (width, height) != canvas {
            throw PictureError(.unsupported("an animated WebP whose first frame covers only a part of it"))
        }
        let chunks = frame.lowerBound + 16..<frame.upperBound
        let hasAlpha = source.has("ALPH", at: chunks.lowerBound)
        func le(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let extended = Array("VP8X".utf8) + le(10, 4) + [hasAlpha ? 0x10 : 0, 0, 0, 0] + le(width - 1, 3) + le(height - 1, 3)
        let header = PictureHeader(format: .webp, width: width, height: height, orientation: orientation)
        var layout = PictureLayout(header, payload: [chunks])
        layout.preamble = Array("RIFF".utf8) + le(4 + extended.count + chunks.count, 4) + Array("WEBP".utf8) + extended
        layout.profile = profile
        return layout
    }

    private static func bitstreamSize(_ source: PictureSource, chunk: Int) throws(PictureError) -> (width: Int, height: Int) {
        let body = chunk + 8
        if source.has("VP8L", at: chunk) {
            if try source.byte(body) != 0x2F { throw broken("its lossless picture has no signature") }
            let bits = try source.le32(body + 1)
            return (1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
        }
        if !source.has([0x9D, 0x01, 0x2A], at: body + 3) { throw broken("its picture has no start code") }
        return (try source.le16(body + 6) & 0x3FFF, try source.le16(body + 8) & 0x3FFF)
    }

    private static func broken(_ what: String) -> PictureError { PictureError(.broken(.webp, what)) }
}
