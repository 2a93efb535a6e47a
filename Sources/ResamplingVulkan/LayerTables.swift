import Resampling

/// Where one layer's tables lie in a frame's table buffer, in words; `frame.comp` says how.
struct LayerTables {
    let taps: Int
    let coefficients: Int
    let lumaX: Int
    let lumaY: Int
    let chromaX: Int
    let chromaY: Int

    /// Copies a layer's tables to `memory` from byte `end` on, which moves behind them.
    init(_ geometry: LayerGeometry, to memory: UnsafeMutableRawPointer, end: inout Int) {
        taps = geometry.table.taps
        coefficients = end / 4
        (memory + end).copyMemory(from: geometry.table.coefficients, byteCount: geometry.table.byteCount)
        end += geometry.table.byteCount
        func place(_ axis: AxisMap) -> Int {
            defer { end += Self.byteCount(ofAxis: axis.count) }
            (memory + end).copyMemory(from: axis.firstTap, byteCount: axis.count * 4)
            (memory + end + axis.count * 4).copyMemory(from: axis.phase, byteCount: axis.count * 2)
            return end / 4
        }
        lumaX = place(geometry.lumaX)
        lumaY = place(geometry.lumaY)
        chromaX = place(geometry.chromaX)
        chromaY = place(geometry.chromaY)
    }

    /// The most that the tables of a layer take.
    static func maximumByteCount(width: Int, height: Int) -> Int {
        PhaseTable.maximumByteCount
            + [width, height, (width + 1) / 2, (height + 1) / 2].reduce(0) { $0 + byteCount(ofAxis: $1) }
    }

    /// First taps, then phases, in whole words.
    private static func byteCount(ofAxis count: Int) -> Int { count * 4 + (count + 1) / 2 * 4 }
}
