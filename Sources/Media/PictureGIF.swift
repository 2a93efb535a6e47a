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
                let pixels = (try source.le16(offset + 5)) * (try source.le16(offset + 7))
                let local = try source.byte(offset + 9)
                offset += 10 + (local & 0x80 != 0 ? 3 << ((local & 7) + 1) : 0)
                let end = try blocksEnd(source, from: offset + 1)
                if !(try holdsPixels(source, from: offset, pixels)) {
                    throw PictureError(.broken(.gif, "its pixels end before the picture does"))
                }
                // A GIF of one picture cut just here has lost nothing that is seen.
                return PictureLayout(header, payload: [0..<end])
            case 0x3B: throw PictureError(.broken(.gif, "it holds no picture"))
            default: throw PictureError(.broken(.gif, "there is no block where one must be (byte \(offset))"))
            }
        }
    }

    /// Whether the LZW codes stand for so many pixels: libav fills up what is missing and says nothing.
    ///
    /// Only lengths are followed: a new code is one pixel longer than the code before it.
    private static func holdsPixels(_ source: PictureSource, from start: Int, _ pixels: Int) throws(PictureError) -> Bool {
        let rootBits = try source.byte(start)
        if rootBits < 1 || rootBits > 8 { return false }
        let clear = 1 << rootBits
        var lengths = [Int](repeating: 1, count: 4096)
        var (next, codeBits, previous) = (clear + 2, rootBits + 1, 0)
        var (bits, bitCount, total) = (0, 0, 0)
        var offset = start + 1
        while true {
            let blockLength = try source.byte(offset)
            if blockLength == 0 { return total >= pixels }
            for at in offset + 1...offset + blockLength {
                bits |= (try source.byte(at)) << bitCount
                bitCount += 8
                while bitCount >= codeBits {
                    let code = bits & ((1 << codeBits) - 1)
                    bits >>= codeBits
                    bitCount -= codeBits
                    if code == clear {
                        (next, codeBits, previous) = (clear + 2, rootBits + 1, 0)
                        continue
                    }
                    if code == clear + 1 { return total >= pixels }
                    if code > next || code == next && previous == 0 { return false }
                    let length = code == next ? previous + 1 : lengths[code]
                    if previous > 0, next < 4096 {
                        lengths[next] = previous + 1
                        next += 1
                        if next == 1 << codeBits, codeBits < 12 { codeBits += 1 }
                    }
                    total += length
                    if total >= pixels { return true }
                    previous = length
                }
            }
            offset += 1 + blockLength
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
