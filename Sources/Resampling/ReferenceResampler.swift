/// What a frame is, to the bit. Plain to read, slow, and the judge of every other backend.
///
/// For each output plane and each layer, with the layer's `LayerGeometry`:
///
/// 1. vertical: `t[x] = sat16((Σ rows[k][x] · c[k] + 2^13) >> 14)`, rows outside of the plane replicate its edge;
/// 2. horizontal: `v[x] = sat16((Σ t[first + k] · c[k] + 2^13) >> 14)`, columns outside replicate the edge;
/// 3. mix: `m = (Σ v_layer · weight_layer + black · (2^14 − Σ weight) + 2^13) >> 14`, skipped for one layer of full weight
///    (where it would change nothing);
/// 4. finish: `byte = clamp((m + 2^5) >> 6, 0, 255)`.
///
/// Sums are 32 bits wide and cannot overflow: |sample| < 2^15, Σ|c| < 2 · 2^14.
public struct ReferenceResampler: HostResampler {
    public init() {}
    public var backend: String { "reference" }
    public var kernels: String { "reference" }

    public func makeRenderer(width: Int, height: Int) -> any FrameRenderer { ReferenceRenderer() }
}

private final class ReferenceRenderer: FrameRenderer {
    func render(_ layers: [FrameLayer], into frame: FramePlanes) {
        let geometries = layers.map {
            LayerGeometry(view: $0.view, outputWidth: frame.width, outputHeight: frame.height)
        }
        func plane(
            _ source: (WorkingPicture) -> WorkingPlane, _ x: (LayerGeometry) -> AxisMap, _ y: (LayerGeometry) -> AxisMap,
            black: Int, into bytes: UnsafeMutablePointer<UInt8>, strideBytes: Int
        ) {
            let inputs = zip(layers, geometries).map {
                (plane: source($0.picture), x: x($1), y: y($1), table: $1.table, weight: $0.weight)
            }
            for row in 0..<y(geometries[0]).count {
                for column in 0..<x(geometries[0]).count {
                    var sum = 0
                    var rest = FrameLayer.fullWeight
                    for input in inputs {
                        sum += input.weight * sample(input.plane, column, row, input.x, input.y, input.table)
                        rest -= input.weight
                    }
                    let mixed = (sum + black * rest + (1 << 13)) >> 14
                    bytes[row * strideBytes + column] = UInt8(min(max((mixed + (1 << 5)) >> 6, 0), 255))
                }
            }
        }
        plane(\.luma, \.lumaX, \.lumaY, black: FrameArithmetic.blackLuma, into: frame.y, strideBytes: frame.yStrideBytes)
        plane(\.cb, \.chromaX, \.chromaY, black: FrameArithmetic.neutralChroma, into: frame.cb, strideBytes: frame.cbStrideBytes)
        plane(\.cr, \.chromaX, \.chromaY, black: FrameArithmetic.neutralChroma, into: frame.cr, strideBytes: frame.crStrideBytes)
    }

    /// Steps 1 and 2 for one output sample.
    private func sample(
        _ plane: WorkingPlane, _ column: Int, _ row: Int, _ x: AxisMap, _ y: AxisMap, _ table: PhaseTable
    ) -> Int {
        func filtered(_ axis: AxisMap, _ index: Int, _ input: (Int) -> Int) -> Int {
            let coefficients = Int(axis.phase[index]) * table.taps
            var sum = 0
            for tap in 0..<table.taps {
                sum += input(Int(axis.firstTap[index]) + tap) * Int(table.coefficients[coefficients + tap])
            }
            return min(max((sum + (1 << 13)) >> 14, -32768), 32767)
        }
        return filtered(x, column) { inputColumn in
            let inside = min(max(inputColumn, 0), plane.width - 1)
            return filtered(y, row) { inputRow in Int(plane.row(clamping: inputRow)[inside]) }
        }
    }
}
