import CKernels
import Resampling

/// One thread's scratch memory, and the way through a plane: eight rows high, some hundred columns wide at a time, so that all
/// of a tile stays in the first-level cache from the working plane to the frame. Which samples are read, and where rows end,
/// is decided here once, so that the kernels have no edge cases.
final class CPURenderer: FrameRenderer {
    private let kernels: UnsafePointer<burns_frame_kernels>
    /// Each layer's tables of the frame before; only the phase table is ever reused.
    private var geometries: [LayerGeometry] = []
    /// Working columns of a tile after the vertical pass.
    private let between: UnsafeMutablePointer<Int16>
    /// A tile's output samples, of either layer.
    private let outputs: (UnsafeMutablePointer<Int16>, UnsafeMutablePointer<Int16>)
    /// The rows that one output row reads.
    private let tapRows: UnsafeMutablePointer<UnsafePointer<Int16>>

    private static let blockRows = Int(BURNS_BLOCK_ROWS)
    private static let tileWidth = 256
    private static let betweenStride = Int(BURNS_TILE_COLUMNS + BURNS_TILE_MARGIN)

    init(kernels: FrameKernels) {
        self.kernels = kernels.pointer
        func scratch(_ width: Int) -> UnsafeMutablePointer<Int16> {
            let rows = UnsafeMutablePointer<Int16>.allocate(capacity: width * Self.blockRows)
            rows.initialize(repeating: 0, count: width * Self.blockRows)
            return rows
        }
        between = scratch(Self.betweenStride)
        outputs = (scratch(Self.tileWidth), scratch(Self.tileWidth))
        tapRows = .allocate(capacity: PhaseTable.maximumTaps)
        tapRows.initialize(repeating: between, count: PhaseTable.maximumTaps)
    }

    deinit {
        between.deallocate()
        outputs.0.deallocate()
        outputs.1.deallocate()
        tapRows.deallocate()
    }

    func render(_ layers: [FrameLayer], into frame: FramePlanes) {
        precondition(layers.count == 1 || layers.count == 2, "a frame has one or two layers")
        geometries = layers.indices.map { index in
            LayerGeometry(
                view: layers[index].view, outputWidth: frame.width, outputHeight: frame.height,
                reusing: index < geometries.count ? geometries[index] : nil)
        }
        func plane(
            _ source: KeyPath<WorkingPicture, WorkingPlane>, _ x: KeyPath<LayerGeometry, AxisMap>,
            _ y: KeyPath<LayerGeometry, AxisMap>, black: Int, into bytes: UnsafeMutablePointer<UInt8>, strideBytes: Int
        ) {
            let inputs = zip(layers, geometries).map { layer, geometry in
                Input(
                    layer.picture[keyPath: source], x: geometry[keyPath: x], y: geometry[keyPath: y], geometry.table,
                    weight: layer.weight)
            }
            renderPlane(inputs, black: black, into: bytes, strideBytes: strideBytes)
        }
        // Inputs point into these.
        withExtendedLifetime((layers, geometries)) {
            plane(\.luma, \.lumaX, \.lumaY, black: FrameArithmetic.blackLuma, into: frame.y, strideBytes: frame.yStrideBytes)
            plane(
                \.cb, \.chromaX, \.chromaY, black: FrameArithmetic.neutralChroma, into: frame.cb,
                strideBytes: frame.cbStrideBytes)
            plane(
                \.cr, \.chromaX, \.chromaY, black: FrameArithmetic.neutralChroma, into: frame.cr,
                strideBytes: frame.crStrideBytes)
        }
    }

    /// One layer of one plane, as bare pointers: nothing is counted or checked in the loops.
    private struct Input {
        let samples: UnsafePointer<Int16>
        let width: Int
        let height: Int
        let strideSamples: Int
        let firstColumn: UnsafePointer<Int32>
        let columnPhase: UnsafePointer<UInt16>
        let columnCount: Int
        let firstRow: UnsafePointer<Int32>
        let rowPhase: UnsafePointer<UInt16>
        let rowCount: Int
        let coefficients: UnsafePointer<Int16>
        let taps: Int
        let tableStride: Int
        let weight: Int

        init(_ plane: WorkingPlane, x: AxisMap, y: AxisMap, _ table: PhaseTable, weight: Int) {
            samples = plane.samples
            width = plane.width
            height = plane.height
            strideSamples = plane.strideSamples
            firstColumn = x.firstTap
            columnPhase = x.phase
            columnCount = x.count
            firstRow = y.firstTap
            rowPhase = y.phase
            rowCount = y.count
            coefficients = table.coefficients
            taps = table.taps
            tableStride = table.stride
            self.weight = weight
        }

        /// Output columns whose input fits in the scratch rows, with room for the rounding of positions.
        var tileWidth: Int {
            let span = Double(firstColumn[columnCount - 1] - firstColumn[0])
            let available = Double(Int(BURNS_TILE_COLUMNS) - taps - 2)
            return max(1, min(CPURenderer.tileWidth, Int(available / max(span / Double(max(1, columnCount - 1)), 1))))
        }
    }

    private func renderPlane(
        _ inputs: [Input], black: Int, into bytes: UnsafeMutablePointer<UInt8>, strideBytes: Int
    ) {
        let (width, height) = (inputs[0].columnCount, inputs[0].rowCount)
        let rest = FrameLayer.fullWeight - inputs.reduce(0) { $0 + $1.weight }
        let bias = Int32(black * rest + (1 << 13))
        let tile = inputs.map(\.tileWidth).min() ?? Self.tileWidth
        for top in stride(from: 0, to: height, by: Self.blockRows) {
            let rows = top..<min(top + Self.blockRows, height)
            for left in stride(from: 0, to: width, by: tile) {
                let columns = left..<min(left + tile, width)
                resample(inputs[0], rows, columns, into: outputs.0)
                if inputs.count == 2 { resample(inputs[1], rows, columns, into: outputs.1) }
                for row in rows {
                    let mixed = outputs.0 + (row - top) * Self.tileWidth
                    if inputs.count == 2 {
                        kernels.pointee.mix(
                            mixed, Int32(inputs[0].weight), outputs.1 + (row - top) * Self.tileWidth,
                            Int32(inputs[1].weight), bias, columns.count)
                    } else if rest != 0 {
                        kernels.pointee.mix(mixed, Int32(inputs[0].weight), mixed, 0, bias, columns.count)
                    }
                    kernels.pointee.finish(mixed, bytes + row * strideBytes + left, columns.count)
                }
            }
        }
    }

    /// Vertical into the rows between, over the columns that the horizontal pass will read; then horizontal.
    private func resample(
        _ input: Input, _ rows: Range<Int>, _ columns: Range<Int>, into out: UnsafeMutablePointer<Int16>
    ) {
        let begin = Int(input.firstColumn[columns.lowerBound])
        let count = Int(input.firstColumn[columns.upperBound - 1]) + input.taps - begin
        // Columns of the plane itself, at least one; the rest replicates the nearest.
        let firstInside = min(max(begin, 0), input.width - 1)
        let insideCount = max(min(begin + count, input.width) - firstInside, 1)
        let start = firstInside >= begin && firstInside < begin + count ? firstInside - begin : 0
        // Whole vectors: what lies past the plane's columns is replaced below.
        let vectorCount = (insideCount + 15) & ~15
        for row in rows {
            let firstRow = Int(input.firstRow[row])
            for tap in 0..<input.taps {
                let inside = min(max(firstRow + tap, 0), input.height - 1)
                tapRows[tap] = input.samples + (inside * input.strideSamples + firstInside)
            }
            let line = between + (row - rows.lowerBound) * Self.betweenStride
            kernels.pointee.vertical(
                tapRows, input.coefficients + Int(input.rowPhase[row]) * input.tableStride, input.taps, line + start,
                vectorCount)
            let end = start + insideCount
            for column in 0..<start { line[column] = line[start] }
            for column in end..<max(count, end) { line[column] = line[end - 1] }
        }
        kernels.pointee.horizontal(
            between - begin, Self.betweenStride, input.firstColumn + columns.lowerBound,
            input.columnPhase + columns.lowerBound, input.coefficients, input.tableStride, input.taps, out,
            Self.tileWidth, columns.count)
    }
}
