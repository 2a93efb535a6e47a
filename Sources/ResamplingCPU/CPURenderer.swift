import CKernels
import Resampling

/// One thread's scratch rows and the loop over rows. Which rows are read, and where rows end, is decided here once, so that
/// the kernels have no edge cases.
final class CPURenderer: FrameRenderer {
    private let kernels: UnsafePointer<burns_frame_kernels>
    /// Each layer's tables of the frame before; only the phase table is ever reused.
    private var geometries: [LayerGeometry] = []
    private var between = ScratchRow()
    private var mixed = ScratchRow()
    private var other = ScratchRow()

    init(kernels: FrameKernels, width: Int) {
        self.kernels = kernels.pointer
        mixed.reserve(width)
        other.reserve(width)
    }

    func render(_ layers: [FrameLayer], into frame: FramePlanes) {
        precondition(layers.count == 1 || layers.count == 2, "a frame has one or two layers")
        geometries = layers.indices.map { index in
            LayerGeometry(
                view: layers[index].view, outputWidth: frame.width, outputHeight: frame.height,
                reusing: index < geometries.count ? geometries[index] : nil)
        }
        mixed.reserve(frame.width)
        other.reserve(frame.width)
        let inputs = zip(layers, geometries)
        renderPlane(
            inputs.map { Input(plane: $0.picture.luma, x: $1.lumaX, y: $1.lumaY, table: $1.table, weight: $0.weight) },
            black: FrameArithmetic.blackLuma, into: frame.y, strideBytes: frame.yStrideBytes)
        renderPlane(
            inputs.map { Input(plane: $0.picture.cb, x: $1.chromaX, y: $1.chromaY, table: $1.table, weight: $0.weight) },
            black: FrameArithmetic.neutralChroma, into: frame.cb, strideBytes: frame.cbStrideBytes)
        renderPlane(
            inputs.map { Input(plane: $0.picture.cr, x: $1.chromaX, y: $1.chromaY, table: $1.table, weight: $0.weight) },
            black: FrameArithmetic.neutralChroma, into: frame.cr, strideBytes: frame.crStrideBytes)
    }

    private struct Input {
        var plane: WorkingPlane
        var x: AxisMap
        var y: AxisMap
        var table: PhaseTable
        var weight: Int
    }

    private func renderPlane(
        _ inputs: [Input], black: Int, into bytes: UnsafeMutablePointer<UInt8>, strideBytes: Int
    ) {
        let width = inputs[0].x.count
        let rest = FrameLayer.fullWeight - inputs.reduce(0) { $0 + $1.weight }
        let bias = Int32(black * rest + (1 << 13))
        for row in 0..<inputs[0].y.count {
            resampleRow(row, of: inputs[0], into: mixed.base)
            if inputs.count == 2 {
                resampleRow(row, of: inputs[1], into: other.base)
                kernels.pointee.mix(
                    mixed.base, Int32(inputs[0].weight), other.base, Int32(inputs[1].weight), bias, width)
            } else if rest != 0 {
                kernels.pointee.mix(mixed.base, Int32(inputs[0].weight), mixed.base, 0, bias, width)
            }
            kernels.pointee.finish(mixed.base, bytes + row * strideBytes, width)
        }
    }

    /// Vertical into the row between, over the columns that the horizontal pass will read; then horizontal.
    private func resampleRow(_ row: Int, of input: Input, into out: UnsafeMutablePointer<Int16>) {
        let plane = input.plane
        let table = input.table
        let width = input.x.count
        let firstColumn = Int(input.x.firstTap[0])
        let endColumn = Int(input.x.firstTap[width - 1]) + table.stride
        let firstInside = min(max(firstColumn, 0), plane.width - 1)
        let inside = firstInside..<max(min(endColumn, plane.width), firstInside + 1)
        let reach = min(firstColumn, firstInside)..<max(endColumn, inside.upperBound)
        between.reserve(reach.count)
        // `columns[c]` is the sample of working column c, for c in `reach`.
        let columns = between.base - reach.lowerBound
        table.coefficients.withUnsafeBufferPointer { coefficients in
            guard let coefficientBase = coefficients.baseAddress else { return }
            withUnsafeTemporaryAllocation(of: UnsafePointer<Int16>.self, capacity: table.taps) { rows in
                guard let rowBase = rows.baseAddress else { return }
                let firstRow = Int(input.y.firstTap[row])
                for tap in 0..<table.taps {
                    (rowBase + tap).initialize(to: plane.row(clamping: firstRow + tap) + inside.lowerBound)
                }
                kernels.pointee.vertical(
                    rowBase, coefficientBase + Int(input.y.phase[row]) * table.stride, table.taps,
                    columns + inside.lowerBound, inside.count)
            }
            for column in reach.lowerBound..<inside.lowerBound { columns[column] = columns[inside.lowerBound] }
            for column in inside.upperBound..<reach.upperBound { columns[column] = columns[inside.upperBound - 1] }
            input.x.firstTap.withUnsafeBufferPointer { first in
                input.x.phase.withUnsafeBufferPointer { phase in
                    guard let firstBase = first.baseAddress, let phaseBase = phase.baseAddress else { return }
                    kernels.pointee.horizontal(columns, firstBase, phaseBase, coefficientBase, table.stride, out, width)
                }
            }
        }
    }
}

/// A row of samples that grows when asked and is never shrunk.
private struct ScratchRow: ~Copyable {
    private(set) var base = UnsafeMutablePointer<Int16>.allocate(capacity: 64)
    private var capacity = 64

    /// Makes room for `count` samples; what was there is lost when the row grows.
    mutating func reserve(_ count: Int) {
        guard count > capacity else { return }
        base.deallocate()
        base = .allocate(capacity: count)
        capacity = count
    }

    deinit { base.deallocate() }
}
