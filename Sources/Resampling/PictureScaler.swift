import CKernels

/// Streams a picture's rows, scaled in linear light, while holding only the few source rows that the next output row reads.
///
/// - Cost: each source row is read and scaled across once; memory is `taps` rows of the output's width.
struct PictureScaler {
    let source: RowSource
    /// Output size as stored.
    let width: Int
    let height: Int

    /// - Parameter row: called with rising `y` and `width` pixels: four floats each, linear, premultiplied.
    func forEachRow(_ row: (_ y: Int, _ pixels: UnsafePointer<Float>) throws -> Void) throws {
        let across = ScaleAxis(scaling: source.width, to: width)
        let down = ScaleAxis(scaling: source.height, to: height)
        let codes = UnsafeMutablePointer<UInt16>.allocate(capacity: source.width * 4)
        let linear = UnsafeMutablePointer<Float>.allocate(capacity: source.width * 4)
        let output = UnsafeMutablePointer<Float>.allocate(capacity: width * 4)
        // Source row y, scaled across, stands in slot y % taps.
        let slots = UnsafeMutablePointer<Float>.allocate(capacity: down.taps * width * 4)
        defer {
            codes.deallocate()
            linear.deallocate()
            output.deallocate()
            slots.deallocate()
        }
        var rows: [UnsafePointer<Float>] = []
        var scaledRows = 0
        for y in 0..<height {
            let inputs = (0..<down.taps).map { down.input(ofOutput: y, tap: $0) }
            while scaledRows <= inputs[down.taps - 1] {
                try source.readRows(scaledRows, 1, codes, source.width * 4)
                burns_linearize(codes, linear, source.width, LinearLight.eotf)
                let slot = slots + scaledRows % down.taps * width * 4
                across.withKernel { burns_scale_horizontal(linear, source.width, $0, slot, width) }
                scaledRows += 1
            }
            rows.removeAll(keepingCapacity: true)
            for input in inputs { rows.append(UnsafePointer(slots + input % down.taps * width * 4)) }
            rows.withUnsafeBufferPointer { rows in
                guard let rowBase = rows.baseAddress else { return }
                down.withCoefficients(ofOutput: y) { burns_scale_vertical(rowBase, $0, down.taps, output, width) }
            }
            try row(y, output)
        }
    }
}
