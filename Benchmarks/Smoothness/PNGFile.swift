import Foundation

/// Writes 16-bit RGB pictures as PNG without compression: 16 bits, so that the test pictures' own rounding moves no dot.
enum PNGFile {
    /// - Parameter color: R'G'B' in 0…1 of the pixel in column x and row y.
    static func write(width: Int, height: Int, to path: String, color: (_ x: Int, _ y: Int) -> SIMD3<Double>) throws {
        var raw: [UInt8] = []
        raw.reserveCapacity(height * (width * 6 + 1))
        for y in 0..<height {
            raw.append(0)  // no filter
            for x in 0..<width {
                let pixel = color(x, y)
                for channel in 0..<3 {
                    raw.append(bigEndian: UInt16((min(max(pixel[channel], 0), 1) * 65535).rounded()))
                }
            }
        }
        var header: [UInt8] = []
        header.append(bigEndian: UInt32(width))
        header.append(bigEndian: UInt32(height))
        header += [16, 2, 0, 0, 0]  // 16 bits, RGB, deflate, adaptive filters, not interlaced
        let file: [UInt8] =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", stored(raw)) + chunk("IEND", [])
        try Data(file).write(to: URL(fileURLWithPath: path))
    }

    private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt32(content.count))
        bytes += body
        bytes.append(bigEndian: crc32(body))
        return bytes
    }

    /// A zlib stream of stored blocks (RFC 1950, 1951).
    private static func stored(_ raw: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x78, 0x01]
        var start = 0
        while start < raw.count {
            let end = min(start + 65535, raw.count)
            let count = UInt16(end - start)
            bytes.append(end == raw.count ? 1 : 0)
            bytes += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
            bytes += raw[start..<end]
            start = end
        }
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in raw {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        bytes.append(bigEndian: b << 16 | a)
        return bytes
    }

    private static let crcTable: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in crcTable[Int((crc ^ UInt32(byte)) & 255)] ^ crc >> 8 }
    }
}

extension [UInt8] {
    fileprivate mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
