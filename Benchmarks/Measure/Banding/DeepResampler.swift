import Resampling

/// Frames as they are before they are rounded to 8 bits: steps 1 to 3 of `ReferenceResampler`, of which a frame holds the code
/// value's whole part or its fraction. Plain code; one pass after the other.
struct DeepResampler: HostResampler {
    enum Part: String, CaseIterable {
        /// clamp(m >> 6, 0, 255).
        case whole
        /// m & 63; that of 255 63/64 where the sample is above the range, and 0 below.
        case fraction
    }

    let part: Part
    var backend: String { "deep" }
    var kernels: String { "plain" }

    func makeRenderer(width: Int, height: Int) -> any FrameRenderer { DeepRenderer(part) }
}

private final class DeepRenderer: FrameRenderer {
    private let part: DeepResampler.Part
    private var between: [Int16] = []
    private var sums: [Int32] = []
    private var mixed: [Int32] = []

    init(_ part: DeepResampler.Part) { self.part = part }

    func render(_ layers: [FrameLayer], into frame: FramePlanes) {
        let geometries = layers.map { LayerGeometry(view: $0.view, outputWidth: frame.width, outputHeight: frame.height) }
        func plane(
            _ source: (WorkingPicture) -> WorkingPlane, _ x: (LayerGeometry) -> AxisMap, _ y: (LayerGeometry) -> AxisMap,
            black: Int, into bytes: UnsafeMutablePointer<UInt8>, strideBytes: Int
        ) {
            let rest = FrameLayer.fullWeight - layers.reduce(0) { $0 + $1.weight }
            let columns = x(geometries[0]).count
            for row in 0..<y(geometries[0]).count {
                mixed = [Int32](repeating: Int32(black * rest + (1 << 13)), count: columns)
                for (layer, geometry) in zip(layers, geometries) {
                    add(source(layer.picture), x(geometry), y(geometry), row, geometry.table, weight: Int32(layer.weight))
                }
                let out = bytes + row * strideBytes
                for column in 0..<columns {
                    let sample = min(max(mixed[column] >> 14, 0), 256 * 64 - 1)
                    out[column] = UInt8(part == .whole ? sample >> 6 : sample & 63)
                }
            }
        }
        plane(\.luma, \.lumaX, \.lumaY, black: FrameArithmetic.blackLuma, into: frame.y, strideBytes: frame.yStrideBytes)
        plane(\.cb, \.chromaX, \.chromaY, black: FrameArithmetic.neutralChroma, into: frame.cb, strideBytes: frame.cbStrideBytes)
        plane(\.cr, \.chromaX, \.chromaY, black: FrameArithmetic.neutralChroma, into: frame.cr, strideBytes: frame.crStrideBytes)
    }

    /// Adds a layer's share of an output row to `mixed`.
    private func add(_ plane: WorkingPlane, _ x: AxisMap, _ y: AxisMap, _ row: Int, _ table: PhaseTable, weight: Int32) {
        let rounding: Int32 = 1 << 13
        sums = [Int32](repeating: rounding, count: plane.width)
        for tap in 0..<table.taps {
            let samples = plane.row(clamping: Int(y.firstTap[row]) + tap)
            let coefficient = Int32(table.coefficients[Int(y.phase[row]) * table.taps + tap])
            for column in 0..<plane.width { sums[column] &+= Int32(samples[column]) &* coefficient }
        }
        between = sums.map { Int16(clamping: $0 >> 14) }
        for column in 0..<x.count {
            let coefficients = table.coefficients + Int(x.phase[column]) * table.taps
            let first = Int(x.firstTap[column])
            var sum = rounding
            for tap in 0..<table.taps {
                sum &+= Int32(between[min(max(first + tap, 0), plane.width - 1)]) &* Int32(coefficients[tap])
            }
            mixed[column] &+= Int32(Int16(clamping: sum >> 14)) &* weight
        }
    }
}
