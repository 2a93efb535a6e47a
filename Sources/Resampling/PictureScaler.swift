import CKernels

/// Streams a picture's rows, scaled in linear light, while holding only the few source rows that the next output row reads.
///
/// - Cost: each source row is read and scaled across once, four side by side. Memory, in pixels of 16 bytes: four rows of the
///   source's width (six, counting their code values), and `taps + 4` rows of the output's.
struct PictureScaler {
    let source: RowSource
    /// Output size as stored.
    let width: Int
    let height: Int
    let kernels: PrepareKernels

    /// - Parameter row: called with rising `y` and `width` pixels: four floats each, linear, premultiplied.
    func forEachRow(_ row: (_ y: Int, _ pixels: UnsafePointer<Float>) throws -> Void) throws {
        let abreast = PrepareKernels.abreast
        let across = ScaleAxis(scaling: source.width, to: width)
        let down = ScaleAxis(scaling: source.height, to: height)
        let codes = UnsafeMutablePointer<UInt16>.allocate(capacity: abreast * source.width * 4)
        let linear = UnsafeMutablePointer<Float>.allocate(capacity: abreast * source.width * 4)
        let output = UnsafeMutablePointer<Float>.allocate(capacity: width * 4)
        // Source row y, scaled across, stands in slot y % slotCount: those that an output row reads, and those made with its
        // last.
        let slotCount = down.taps + abreast - 1
        let slots = UnsafeMutablePointer<Float>.allocate(capacity: slotCount * width * 4)
        defer {
            codes.deallocate()
            linear.deallocate()
            output.deallocate()
            slots.deallocate()
        }
        func slot(_ row: Int) -> UnsafeMutablePointer<Float> { slots + row % slotCount * width * 4 }
        func scaleAcross(_ rows: Range<Int>) throws {
            try source.readRows(rows.lowerBound, rows.count, codes, source.width * 4)
            // The picture's last row may have to do for others beside it.
            let places = (0..<abreast).map { min($0, rows.count - 1) }
            let inputs = places.map { UnsafePointer(codes + $0 * source.width * 4) }
            kernels.table.linearize(inputs, linear, source.width, LinearLight.eotf)
            let outputs = places.map { slot(rows.lowerBound + $0) }
            across.withKernel { kernels.table.scale_horizontal(linear, source.width, $0, outputs, width) }
        }
        var scaledRows = 0
        for y in 0..<height {
            let inputs = (0..<down.taps).map { down.input(ofOutput: y, tap: $0) }
            while scaledRows <= inputs[down.taps - 1] {
                let rows = scaledRows..<min(scaledRows + abreast, source.height)
                try scaleAcross(rows)
                scaledRows = rows.upperBound
            }
            let rows = inputs.map { UnsafePointer(slot($0)) }
            down.withCoefficients(ofOutput: y) { kernels.table.scale_vertical(rows, $0, down.taps, output, width) }
            try row(y, output)
        }
    }
}
