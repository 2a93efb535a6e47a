/// GIF's block structure up to the first picture. Source: CompuServe GIF89a specification.
enum GIF {
    static func parse(_ source: PictureSource, complete: Bool) throws(PictureError) -> PictureLayout {
        let width = try source.le16(6)
        let height = try source.le16(8)
        let flags = try source.byte(10)
        let header = PictureHeader(format: .gif, width: width, height: height, orientation: .upright)
        var offset = 13 + (flags & 0x80 != 0 ? 3 << ((flags & 7) + 1) : 0)
        if !complete { return PictureLayout(header, payload: [0..<source.size]) }
        while true {
            switch try source.byte(offset) {
            case 0x21: offset = try blocksEnd(source, from: offset + 2)
            case 0x2C:
                let local = try source.byte(offset + 9)
                offset += 10 + (local & 0x80 != 0 ? 3 << ((local & 7) + 1) : 0)
                let end = try blocksEnd(source, from: offset + 1)
                // A GIF of one picture cut just here has lost nothing that is seen.
                return PictureLayout(header, payload: [0..<end])
            case 0x3B: throw PictureError(.broken(.gif, "it holds no picture"))
            default: throw PictureError(.broken(.gif, "there is no block where one must be (byte \(offset))"))
            }
        }
    }

    private static func blocksEnd(_ source: PictureSource, from start: Int) throws(PictureError) -> Int {
        var offset = start
        while true {
            let length = try source.byte(offset)
            offset += 1 + length
            if length == 0 { return offset }
        }
    }
}
