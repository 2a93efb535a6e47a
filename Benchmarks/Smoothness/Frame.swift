/// One 8-bit 4:2:0 frame: luma, Cb, Cr, rows without padding; chroma sited left.
struct Frame: Sendable {
    static let byteCount = Move.outputWidth * Move.outputHeight * 3 / 2

    /// The three planes, one after the other.
    var bytes: [UInt8]

    static func size(of plane: Dot.Plane) -> (width: Int, height: Int) {
        plane == .luma ? (Move.outputWidth, Move.outputHeight) : (Move.outputWidth / 2, Move.outputHeight / 2)
    }

    static func offset(of plane: Dot.Plane) -> Int {
        Move.outputWidth * Move.outputHeight * [0, 4, 5][plane.rawValue] / 4
    }

    /// Where a luma position lies in a plane: chroma samples lie on every second column, and between two rows.
    static func planePosition(_ position: SIMD2<Double>, in plane: Dot.Plane) -> SIMD2<Double> {
        plane == .luma ? position : SIMD2(position.x / 2, (position.y - 0.5) / 2)
    }

    /// The reverse of `planePosition`.
    static func lumaPosition(_ position: SIMD2<Double>, in plane: Dot.Plane) -> SIMD2<Double> {
        plane == .luma ? position : SIMD2(position.x * 2, position.y * 2 + 0.5)
    }
}
