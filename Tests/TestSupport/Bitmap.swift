/// An uncompressed picture (BMP, 24 bit), for tests that need exact pixels and no encoder.
///
/// - Parameter color: red, green and blue of a pixel, from the top left.
public func bitmap(width: Int, height: Int, color: (_ x: Int, _ y: Int) -> (UInt8, UInt8, UInt8)) -> [UInt8] {
    let row = (width * 3 + 3) / 4 * 4
    var bytes = Array("BM".utf8)
    func append(_ value: Int, _ count: Int) {
        for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }
    for (value, count) in [
        (54 + row * height, 4), (0, 4), (54, 4), (40, 4), (width, 4), (height, 4), (1, 2), (24, 2), (0, 4), (row * height, 4),
        (2835, 4), (2835, 4), (0, 4), (0, 4),
    ] { append(value, count) }
    // Rows from the bottom up, blue first.
    for y in (0..<height).reversed() {
        for x in 0..<width {
            let (red, green, blue) = color(x, y)
            bytes += [blue, green, red]
        }
        bytes += [UInt8](repeating: 0, count: row - width * 3)
    }
    return bytes
}
