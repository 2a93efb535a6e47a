import CKernels
import Resampling

/// One thread's scratch memory, and the way through a plane: in tiles eight rows high and as wide as the first-level cache bears,
/// four rows at a time vertically, all eight horizontally. Which samples are read, and where rows end, is decided here once, so
/// that the kernels have no edge cases.
final class CPURenderer: FrameRenderer {
    private let kernels: UnsafePointer<burns_frame_kernels>
    /// Each layer's tables of the frame before; only the phase table is ever reused.
    private var geometries: [LayerGeometry] = []
    /// Each layer's columns of luma and of chroma.
    private let columnGroups = [ColumnGroups(), ColumnGroups(), ColumnGroups(), ColumnGroups()]
    /// Working columns of a tile after the vertical pass.
    private let between: UnsafeMutablePointer<Int16>
    /// A tile's output samples, of either layer.
    private let outputs: (UnsafeMutablePointer<Int16>, UnsafeMutablePointer<Int16>)
    /// The rows that a group of output rows reads.
    private let tapRows: UnsafeMutablePointer<UnsafePointer<Int16>>
    /// The rows that are brought nearer meanwhile.
    private let aheadRows: UnsafeMutablePointer<UnsafePointer<Int16>>

    private static let blockRows = Int(BURNS_BLOCK_ROWS)
    private static let groupWidth = Int(BURNS_GROUP_COLUMNS)
    private static let groupRows = Int(BURNS_GROUP_ROWS)
    /// The widest tile, in output columns: a row of 1080p in one piece where little is read for it.
    private static let maximumTileWidth = 1920
    /// Working samples that an output row of a tile may read. What it shares with the next one is to stay in a first-level cache of
    /// 32 KB, with room for what is written.
    private static let tileSamples = 12_288
    /// The vertical pass works on whole vectors, from one cache line on.
    private static let vectorWidth = Int(BURNS_VECTOR_COLUMNS)
    private static let lineWidth = 32
    private static let betweenStride = Int(BURNS_TILE_COLUMNS + BURNS_TILE_MARGIN) + 2 * vectorWidth

    init(kernels: FrameKernels) {
        self.kernels = kernels.pointer
        func scratch(_ width: Int) -> UnsafeMutablePointer<Int16> {
            let count = width * Self.blockRows
            return UnsafeMutableRawPointer.allocate(byteCount: count * 2, alignment: 64)
                .initializeMemory(as: Int16.self, repeating: 0, count: count)
        }
        between = scratch(Self.betweenStride)
        outputs = (scratch(Self.maximumTileWidth), scratch(Self.maximumTileWidth))
        let rowCount = 2 * PhaseTable.maximumTaps + 1
        tapRows = .allocate(capacity: rowCount)
        tapRows.initialize(repeating: between, count: rowCount)
        aheadRows = .allocate(capacity: rowCount)
        aheadRows.initialize(repeating: between, count: rowCount)
    }

    deinit {
        between.deallocate()
        outputs.0.deallocate()
        outputs.1.deallocate()
        tapRows.deallocate()
        aheadRows.deallocate()
    }

    func render(_ layers: [FrameLayer], into frame: FramePlanes) {
        precondition(layers.count == 1 || layers.count == 2, "a frame has one or two layers")
        geometries = layers.indices.map { index in
            LayerGeometry(
                view: layers[index].view, outputWidth: frame.width, outputHeight: frame.height,
                reusing: index < geometries.count ? geometries[index] : nil)
        }
        // Inputs point into these.
        withExtendedLifetime((layers, geometries)) {
            let luma = geometries.indices.map { index in
                columnGroups[index].arrange(geometries[index].lumaX, geometries[index].table, with: kernels)
            }
            let chroma = geometries.indices.map { index in
                columnGroups[2 + index].arrange(geometries[index].chromaX, geometries[index].table, with: kernels)
            }
            func plane(
                _ source: KeyPath<WorkingPicture, WorkingPlane>, _ columns: [burns_columns],
                _ rows: KeyPath<LayerGeometry, AxisMap>, black: Int, into bytes: UnsafeMutablePointer<UInt8>, strideBytes: Int
            ) {
                let inputs = layers.indices.map { index in
                    Input(
                        layers[index].picture[keyPath: source], columns[index], rows: geometries[index][keyPath: rows],
                        weight: layers[index].weight)
                }
                renderPlane(inputs, black: black, into: bytes, strideBytes: strideBytes)
            }
            plane(
                \.luma, luma, \.lumaY, black: FrameArithmetic.blackLuma, into: frame.y, strideBytes: frame.yStrideBytes)
            plane(
                \.cb, chroma, \.chromaY, black: FrameArithmetic.neutralChroma, into: frame.cb, strideBytes: frame.cbStrideBytes)
            plane(
                \.cr, chroma, \.chromaY, black: FrameArithmetic.neutralChroma, into: frame.cr, strideBytes: frame.crStrideBytes)
        }
    }

    /// One layer of one plane, as bare pointers: nothing is counted or checked in the loops.
    private struct Input {
        let samples: UnsafePointer<Int16>
        let width: Int
        let height: Int
        let strideSamples: Int
        var columns: burns_columns
        let firstRow: UnsafePointer<Int32>
        let rowPhase: UnsafePointer<UInt16>
        let rowCount: Int
        let weight: Int

        init(_ plane: WorkingPlane, _ columns: burns_columns, rows: AxisMap, weight: Int) {
            samples = plane.samples
            width = plane.width
            height = plane.height
            strideSamples = plane.strideSamples
            self.columns = columns
            firstRow = rows.firstTap
            rowPhase = rows.phase
            rowCount = rows.count
            self.weight = weight
        }

        /// Output columns, in whole groups if one fits, such that all tiles are about as wide, that a row's samples stay in the
        /// cache, and that they fit in the scratch rows, with room for the rounding of positions.
        var tileWidth: Int {
            let span = Double(columns.first[columns.count - 1] - columns.first[0])
            let step = max(span / Double(max(1, columns.count - 1)), 1)
            let samples = min(Int(BURNS_TILE_COLUMNS) - columns.taps - 2, CPURenderer.tileSamples / columns.taps)
            let widest = max(1, min(CPURenderer.maximumTileWidth, Int(Double(samples) / step)))
            guard widest >= CPURenderer.groupWidth else { return widest }
            let tileCount = (columns.count + widest - 1) / widest
            let groupCount = (columns.count + CPURenderer.groupWidth - 1) / CPURenderer.groupWidth
            return min((groupCount + tileCount - 1) / tileCount, widest / CPURenderer.groupWidth) * CPURenderer.groupWidth
        }
    }

    private func renderPlane(
        _ inputs: [Input], black: Int, into bytes: UnsafeMutablePointer<UInt8>, strideBytes: Int
    ) {
        let (width, height) = (inputs[0].columns.count, inputs[0].rowCount)
        let rest = FrameLayer.fullWeight - inputs.reduce(0) { $0 + $1.weight }
        let bias = Int32(black * rest + (1 << 13))
        let tile = inputs.map(\.tileWidth).min() ?? Self.groupWidth
        var inputs = inputs
        if tile % Self.groupWidth != 0 {
            // The steeper layer's tiles cut through the other one's groups.
            for index in inputs.indices { inputs[index].columns.span = 0 }
        }
        let mixes = inputs.count == 2 || rest != 0
        for blockTop in stride(from: 0, to: height, by: Self.blockRows) {
            // The last block reaches back over rows that are done, so that every block is whole.
            let top = max(0, min(blockTop, height - Self.blockRows))
            let rows = top..<min(top + Self.blockRows, height)
            for left in stride(from: 0, to: width, by: tile) {
                let columns = left..<min(left + tile, width)
                if !mixes && rows.count == Self.blockRows {
                    let (rows, ahead) = vertical(inputs[0], rows, columns)
                    withUnsafePointer(to: inputs[0].columns) {
                        kernels.pointee.horizontal_finish(
                            rows, Self.betweenStride, $0, left, columns.upperBound, ahead, bytes + top * strideBytes + left,
                            strideBytes)
                    }
                } else {
                    resample(inputs[0], rows, columns, into: outputs.0)
                    if inputs.count == 2 { resample(inputs[1], rows, columns, into: outputs.1) }
                    for row in rows {
                        let mixed = outputs.0 + (row - top) * Self.maximumTileWidth
                        if inputs.count == 2 {
                            kernels.pointee.mix(
                                mixed, Int32(inputs[0].weight), outputs.1 + (row - top) * Self.maximumTileWidth,
                                Int32(inputs[1].weight), bias, columns.count)
                        } else if rest != 0 {
                            kernels.pointee.mix(mixed, Int32(inputs[0].weight), mixed, 0, bias, columns.count)
                        }
                        kernels.pointee.finish(mixed, bytes + row * strideBytes + left, columns.count)
                    }
                }
            }
        }
    }

    private func resample(
        _ input: Input, _ rows: Range<Int>, _ columns: Range<Int>, into out: UnsafeMutablePointer<Int16>
    ) {
        let (rows, ahead) = vertical(input, rows, columns)
        withUnsafePointer(to: input.columns) {
            kernels.pointee.horizontal(
                rows, Self.betweenStride, $0, columns.lowerBound, columns.upperBound, ahead, out, Self.maximumTileWidth)
        }
    }

    /// The vertical pass, over the columns that the horizontal one will read of a tile.
    ///
    /// - Returns: where working column 0 would be in the first of the rows between; and what is left to be brought nearer.
    private func vertical(
        _ input: Input, _ rows: Range<Int>, _ columns: Range<Int>
    ) -> (rows: UnsafePointer<Int16>, ahead: burns_ahead) {
        let first = Int(input.columns.first[columns.lowerBound])
        let end = Int(input.columns.first[columns.upperBound - 1]) + input.columns.taps
        // Columns of the plane itself, at least one; the rest replicates the nearest.
        let insideFirst = min(max(first, 0), input.width - 1)
        let insideEnd = min(max(end, insideFirst + 1), input.width)
        // Whole vectors, as they lie in memory: what they hold past the plane's columns is replaced below.
        let vectorFirst = insideFirst / Self.lineWidth * Self.lineWidth
        let vectorCount = (insideEnd - vectorFirst + Self.vectorWidth - 1) / Self.vectorWidth * Self.vectorWidth
        // Where the vectors start in the scratch rows, aligned there too, and where working column 0 would lie.
        let isOutside = first >= insideEnd || end <= insideFirst
        let vectorAt = isOutside ? 0 : (max(vectorFirst - first, 0) + Self.lineWidth - 1) / Self.lineWidth * Self.lineWidth
        let origin = isOutside ? Self.lineWidth - first : vectorAt - vectorFirst
        // What the block below will read and this one does not: half of it is left to the horizontal pass, where that works on
        // groups and so knows of it.
        let seen = Int(input.firstRow[rows.upperBound - 1]) + input.columns.taps
        let belowLast = min(rows.upperBound + Self.blockRows, input.rowCount) - 1
        let below = max(seen, 0)..<max(seen, 0, min(Int(input.firstRow[belowLast]) + input.columns.taps, input.height))
        let early = input.columns.span == 0 ? below.count : below.count / 2
        for (index, row) in below.enumerated() {
            aheadRows[index] = input.samples + (row * input.strideSamples + (index < early ? vectorFirst : 0))
        }
        for group in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.groupRows) {
            // A last group that is not full repeats its last row.
            func row(_ index: Int) -> Int { min(group + index, rows.upperBound - 1) }
            let part = group - rows.lowerBound
            let ahead = early * part / rows.count..<early * min(part + Self.groupRows, rows.count) / rows.count
            let firstRow = Int(input.firstRow[group])
            let lastStep = Int(input.firstRow[row(Self.groupRows - 1)]) - firstRow
            precondition(lastStep <= input.columns.taps, "neighbouring rows read mostly the same ones")
            let rowCount = lastStep + input.columns.taps + 1
            if firstRow >= 0 && firstRow + rowCount <= input.height {
                var row = input.samples + (firstRow * input.strideSamples + vectorFirst)
                for index in 0..<rowCount {
                    tapRows[index] = row
                    row += input.strideSamples
                }
            } else {
                for index in 0..<rowCount {
                    let inside = min(max(firstRow + index, 0), input.height - 1)
                    tapRows[index] = input.samples + (inside * input.strideSamples + vectorFirst)
                }
            }
            func step(_ index: Int) -> Int { Int(input.firstRow[row(index)]) - firstRow }
            func coefficients(_ index: Int) -> UnsafePointer<Int16> {
                input.columns.table + Int(input.rowPhase[row(index)]) * input.columns.taps
            }
            func line(_ row: Int) -> UnsafeMutablePointer<Int16> { between + (row - rows.lowerBound) * Self.betweenStride }
            func out(_ index: Int) -> UnsafeMutablePointer<Int16> { line(row(index)) + vectorAt }
            var rowGroup = burns_rows(
                rows: tapRows, first: (0, step(1), step(2), step(3)), taps: input.columns.taps,
                coefficients: (coefficients(0), coefficients(1), coefficients(2), coefficients(3)),
                out: (out(0), out(1), out(2), out(3)),
                ahead: burns_ahead(rows: aheadRows + ahead.lowerBound, count: ahead.count))
            kernels.pointee.vertical(&rowGroup, vectorCount)
            for row in group...row(Self.groupRows - 1) {
                let line = line(row)
                let leftEdge = line[vectorAt + insideFirst - vectorFirst]
                let rightEdge = line[vectorAt + insideEnd - 1 - vectorFirst]
                for column in first..<max(first, min(insideFirst, end)) { line[origin + column] = leftEdge }
                for column in max(insideEnd, first)..<max(end, insideEnd, first) { line[origin + column] = rightEdge }
            }
        }
        return (UnsafePointer(between + origin), burns_ahead(rows: aheadRows + early, count: below.count - early))
    }
}
