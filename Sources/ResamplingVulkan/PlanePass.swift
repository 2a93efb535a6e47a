import CVulkan
import Resampling

/// The work on one plane of a frame: its output, its layers, and the dispatches that it comes to.
struct PlanePass {
    /// One layer's share.
    struct Input {
        var buffer: VkBuffer
        var plane: DevicePicture.Plane
        var columns: AxisMap
        var rows: AxisMap
        /// Where the tables lie, in words.
        var columnsWord: Int
        var rowsWord: Int
        var coefficientsWord: Int
        var taps: Int
        var weight: Int

        /// Rows of the working plane that a range of output rows reads.
        func rowsRead(by outputRows: Range<Int>) -> Range<Int> {
            func inside(_ row: Int) -> Int { min(max(row, 0), plane.height - 1) }
            let first = inside(Int(rows.firstTap[outputRows.lowerBound]))
            return first..<inside(Int(rows.firstTap[outputRows.upperBound - 1]) + taps - 1) + 1
        }

        /// Words of shared memory that a row of any tile takes.
        func rowWords(tileWidth: Int) -> Int {
            stride(from: 0, to: columns.count, by: tileWidth).reduce(0) { most, begin in
                let last = min(begin + tileWidth, columns.count) - 1
                let base = Int(columns.firstTap[begin]) & ~1
                // One more, which the horizontal pass reads and does not use.
                return max(most, (Int(columns.firstTap[last]) + taps - base + 1) / 2 + 1)
            }
        }
    }

    /// A piece of a buffer as a shader sees it.
    struct Binding {
        var buffer: VkBuffer
        var offset: Int
        var byteCount: Int
    }

    /// One dispatch: some rows of the plane.
    struct Dispatch {
        var size: FramePipeline.Size
        var groups: (x: Int, y: Int)
        var constants: PlaneConstants
        /// In the order of `frame.comp`.
        var bindings: [Binding]
    }

    var inputs: [Input]
    /// The output plane's place in the frame's buffer, and the tables.
    var frame: Binding
    var tables: Binding
    var width: Int
    var height: Int
    var strideBytes: Int
    /// The plane's black in working samples.
    var black: Int
    var limits: DeviceLimits

    /// The plane's dispatches: one, or several where a binding would exceed the device's limit.
    ///
    /// - Throws: where even eight rows would.
    func dispatches() throws(VulkanError) -> [Dispatch] {
        let (size, tileWidth) = tiling()
        var result: [Dispatch] = []
        for rows in try bands(0..<height) { result.append(dispatch(rows, size, tileWidth)) }
        return result
    }

    /// The widest tile whose columns fit into shared memory.
    private func tiling() -> (FramePipeline.Size, tileWidth: Int) {
        func fits(_ tileWidth: Int, _ size: FramePipeline.Size) -> Bool {
            inputs.allSatisfy { $0.rowWords(tileWidth: tileWidth) <= size.rowWords }
        }
        if fits(64, .small) { return (.small, 64) }
        // Four columns at the steepest ratio span 4 · 64 + 384 samples: they always fit.
        return (.large, [64, 32, 16, 8].first { fits($0, .large) } ?? 4)
    }

    private func bands(_ rows: Range<Int>) throws(VulkanError) -> [Range<Int>] {
        let sizes = inputs.map { source($0, rows).binding.byteCount } + [output(rows).binding.byteCount]
        if sizes.allSatisfy({ $0 <= limits.storageBufferRange }) { return [rows] }
        guard rows.count > FramePipeline.rows else {
            throw .limit(
                "the GPU binds at most \(limits.storageBufferRange) bytes at once, which is too little for pictures this wide")
        }
        let middle = rows.lowerBound + (rows.count / 2 + FramePipeline.rows - 1) / FramePipeline.rows * FramePipeline.rows
        return try bands(rows.lowerBound..<middle) + bands(middle..<rows.upperBound)
    }

    /// The rows of a working plane that some output rows read, from the nearest place where a binding may begin.
    private func source(_ input: Input, _ rows: Range<Int>) -> (binding: Binding, row: Int, word: Int) {
        let read = input.rowsRead(by: rows)
        let (binding, word) = bound(
            input.buffer, input.plane.offset + read.lowerBound * input.plane.strideBytes, read.count * input.plane.strideBytes)
        return (binding, read.lowerBound, word)
    }

    private func output(_ rows: Range<Int>) -> (binding: Binding, word: Int) {
        bound(frame.buffer, frame.offset + rows.lowerBound * strideBytes, rows.count * strideBytes)
    }

    /// - Returns: a binding that holds the bytes, and where in it they begin.
    private func bound(_ buffer: VkBuffer, _ offset: Int, _ byteCount: Int) -> (Binding, word: Int) {
        let start = offset / limits.storageBufferAlignment * limits.storageBufferAlignment
        return (Binding(buffer: buffer, offset: start, byteCount: offset - start + byteCount), (offset - start) / 4)
    }

    private func dispatch(_ rows: Range<Int>, _ size: FramePipeline.Size, _ tileWidth: Int) -> Dispatch {
        let sources = inputs.map { source($0, rows) }
        let layers = zip(inputs, sources).map { input, source in
            PlaneConstants.Layer(
                weight: Int32(input.weight), width: Int32(input.plane.width), height: Int32(input.plane.height),
                strideWords: UInt32(input.plane.strideBytes / 4), boundRow: Int32(source.row), boundWord: UInt32(source.word),
                taps: UInt32(input.taps), columns: UInt32(input.columnsWord), rows: UInt32(input.rowsWord),
                coefficients: UInt32(input.coefficientsWord))
        }
        let target = output(rows)
        let rest = FrameLayer.fullWeight - inputs.reduce(0) { $0 + $1.weight }
        let constants = PlaneConstants(
            width: UInt32(width), height: UInt32(height), rowBegin: UInt32(rows.lowerBound), rowEnd: UInt32(rows.upperBound),
            frameWord: UInt32(target.word), frameStrideWords: UInt32(strideBytes / 4), tileWidth: UInt32(tileWidth),
            bias: Int32(black * rest + (1 << 13)), layerCount: UInt32(layers.count),
            layers: (layers[0], layers.count > 1 ? layers[1] : PlaneConstants.Layer()))
        return Dispatch(
            size: size,
            groups: ((strideBytes + tileWidth - 1) / tileWidth, (rows.count + FramePipeline.rows - 1) / FramePipeline.rows),
            constants: constants,
            bindings: [sources[0].binding, sources[sources.count - 1].binding, tables, target.binding])
    }
}
