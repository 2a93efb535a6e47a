import CKernels

extension WorkingPicture {
    /// Makes the planes that a shot's frames are resampled from: upright, scaled in linear light to `width × height`.
    ///
    /// - Parameters:
    ///   - width, height: upright, at most the source's. At the source's own size the samples are converted as they are.
    ///   - background: what shows through transparent pixels, R'G'B' of 16 bits.
    ///   - kernels: which loops do it; the samples are the same.
    /// - Throws: what the source's `readRows` throws.
    public static func prepare(
        _ source: RowSource, width: Int, height: Int, background: SIMD3<UInt16> = .zero, kernels: PrepareKernels = .best
    ) throws -> WorkingPicture {
        try Canvas.paint(width: width, height: height, kernels) { canvas in
            try canvas.draw(source, left: 0, top: 0, width: width, height: height, background: background)
        }
    }

    /// Makes the planes of a shot that shows its whole picture: a canvas of the output's aspect with the picture in its
    /// middle, over a blurred and darkened copy of itself that fills it. The camera then moves over the canvas as over any
    /// picture.
    public static func prepareContained(
        _ source: RowSource, canvasWidth: Int, canvasHeight: Int, background: SIMD3<UInt16> = .zero,
        kernels: PrepareKernels = .best
    ) throws -> WorkingPicture {
        let size = ContainedSize(
            pictureWidth: source.uprightWidth, pictureHeight: source.uprightHeight, canvasWidth: canvasWidth,
            canvasHeight: canvasHeight)
        return try Canvas.paint(width: canvasWidth, height: canvasHeight, kernels) { canvas in
            try canvas.drawBlurred(source, background: background)
            try canvas.draw(
                source, left: (canvasWidth - size.width) / 2, top: (canvasHeight - size.height) / 2, width: size.width,
                height: size.height, background: background)
        }
    }
}

/// Size of a picture in the middle of a canvas: as large as fits, less a margin.
///
/// The margin is what a zoom of 1.08 into the canvas takes away, so that gentle moves keep the whole picture in view.
struct ContainedSize {
    let width: Int
    let height: Int

    private static let margin = 1.08

    init(pictureWidth: Int, pictureHeight: Int, canvasWidth: Int, canvasHeight: Int) {
        let scale = min(
            Double(canvasWidth) / Double(pictureWidth), Double(canvasHeight) / Double(pictureHeight)) / Self.margin
        // Exactly in the middle: as much on the left as on the right, above as below.
        func centered(_ length: Double, in canvas: Int) -> Int {
            let rounded = min(max(1, Int(length.rounded())), canvas)
            return rounded > 1 && (canvas - rounded) % 2 == 1 ? rounded - 1 : rounded
        }
        width = centered(Double(pictureWidth) * scale, in: canvasWidth)
        height = centered(Double(pictureHeight) * scale, in: canvasHeight)
    }
}

/// Full-resolution Y'CbCr while a working picture is being made.
private struct Canvas {
    let width: Int
    let height: Int
    let stride: Int
    let luma: UnsafeMutablePointer<Int16>
    let cb: UnsafeMutablePointer<Int16>
    let cr: UnsafeMutablePointer<Int16>
    let kernels: PrepareKernels

    static func paint(
        width: Int, height: Int, _ kernels: PrepareKernels, _ body: (Canvas) throws -> Void
    ) throws -> WorkingPicture {
        var cb: UnsafeMutablePointer<Int16>?
        var cr: UnsafeMutablePointer<Int16>?
        defer {
            cb?.deallocate()
            cr?.deallocate()
        }
        var chromaStride = 0
        let luma = try WorkingPlane(width: width, height: height) { samples, stride in
            let fullCb = UnsafeMutablePointer<Int16>.allocate(capacity: stride * height)
            let fullCr = UnsafeMutablePointer<Int16>.allocate(capacity: stride * height)
            (cb, cr, chromaStride) = (fullCb, fullCr, stride)
            try body(
                Canvas(width: width, height: height, stride: stride, luma: samples, cb: fullCb, cr: fullCr, kernels: kernels))
        }
        func subsampled(_ full: UnsafeMutablePointer<Int16>?) -> WorkingPlane {
            WorkingPlane(width: (width + 1) / 2, height: (height + 1) / 2) { samples, stride in
                guard let full else { return }
                for row in 0..<(height + 1) / 2 {
                    kernels.table.subsample_chroma(
                        full + 2 * row * chromaStride, full + min(2 * row + 1, height - 1) * chromaStride, width,
                        samples + row * stride)
                }
            }
        }
        return WorkingPicture(luma: luma, cb: subsampled(cb), cr: subsampled(cr))
    }

    /// Draws the picture upright into a rectangle of the canvas.
    func draw(
        _ source: RowSource, left: Int, top: Int, width: Int, height: Int, background: SIMD3<UInt16>
    ) throws {
        let storedWidth = source.orientation.exchangesAxes ? height : width
        let storedHeight = source.orientation.exchangesAxes ? width : height
        let codes = UnsafeMutablePointer<UInt16>.allocate(capacity: storedWidth * 4)
        defer { codes.deallocate() }
        func place(_ row: Int) {
            let (offset, step) = source.orientation.placement(
                ofRow: row, storedWidth: storedWidth, storedHeight: storedHeight, stride: stride)
            let start = offset + top * stride + left
            kernels.table.rgb_to_ycbcr(codes, luma + start, cb + start, cr + start, step, storedWidth)
        }
        if storedWidth == source.width, storedHeight == source.height, source.isOpaque {
            for row in 0..<storedHeight {
                try source.readRows(row, 1, codes, storedWidth * 4)
                place(row)
            }
            return
        }
        let linearBackground = Self.linear(background)
        try PictureScaler(source: source, width: storedWidth, height: storedHeight, kernels: kernels).forEachRow { row, pixels in
            kernels.table.delinearize(pixels, linearBackground, codes, storedWidth, LinearLight.oetf)
            place(row)
        }
    }

    /// Cells across the canvas that the blurred copy is made of; the B-spline between them is about as wide as two cells.
    private static let blurCells = 40.0
    /// The blurred copy's share of its own light: about 60 % of its code values.
    private static let blurLight: Float = 0.3

    /// Fills the canvas with a blurred, darkened copy: scaled down to a few cells, then up again with a B-spline.
    func drawBlurred(_ source: RowSource, background: SIMD3<UInt16>) throws {
        let upright = (width: source.uprightWidth, height: source.uprightHeight)
        // The copy covers the canvas: this is its whole size in canvas samples.
        let cover = max(Double(width) / Double(upright.width), Double(height) / Double(upright.height))
        let copy = (width: Double(upright.width) * cover, height: Double(upright.height) * cover)
        let cell = Double(max(width, height)) / Self.blurCells
        func cells(_ length: Double, _ limit: Int) -> Int { min(max(1, Int((length / cell).rounded())), limit) }
        let grid = (width: cells(copy.width, upright.width), height: cells(copy.height, upright.height))

        // The grid, upright, its rows abreast as the kernels want them; then scaled across the canvas; then down, row by row.
        let linearBackground = Self.linear(background)
        let abreast = PrepareKernels.abreast
        let bandCells = grid.width * abreast
        var gridPixels = [Float](repeating: 0, count: (grid.height + abreast - 1) / abreast * bandCells * 4)
        let storedWidth = source.orientation.exchangesAxes ? grid.height : grid.width
        let storedHeight = source.orientation.exchangesAxes ? grid.width : grid.height
        try PictureScaler(source: source, width: storedWidth, height: storedHeight, kernels: kernels).forEachRow { row, pixels in
            let (offset, step) = source.orientation.placement(
                ofRow: row, storedWidth: storedWidth, storedHeight: storedHeight, stride: grid.width)
            for x in 0..<storedWidth {
                let (gridRow, column) = (offset + x * step).quotientAndRemainder(dividingBy: grid.width)
                let cell = (gridRow / abreast * bandCells + column * abreast + gridRow % abreast) * 4
                let rest = 1 - pixels[x * 4 + 3]
                for channel in 0..<3 {
                    let light = max(0, pixels[x * 4 + channel] + rest * linearBackground[channel])
                    gridPixels[cell + channel] = light * Self.blurLight
                }
                gridPixels[cell + 3] = 1
            }
        }
        func axis(_ cells: Int, _ samples: Int, _ length: Double) -> ScaleAxis {
            let step = Double(cells) / length
            return ScaleAxis(
                blurring: cells, to: samples, origin: (Double(cells) - Double(samples) * step) / 2 + 0.5 * step - 0.5,
                step: step)
        }
        let across = axis(grid.width, width, copy.width)
        let down = axis(grid.height, height, copy.height)
        // Only those that the canvas shows rows of: a very tall copy has many more.
        let bands = down.input(ofOutput: 0, tap: 0) / abreast...down.input(ofOutput: height - 1, tap: down.taps - 1) / abreast
        let rows = UnsafeMutablePointer<Float>.allocate(capacity: bands.count * abreast * width * 4)
        let pixels = UnsafeMutablePointer<Float>.allocate(capacity: width * 4)
        let codes = UnsafeMutablePointer<UInt16>.allocate(capacity: width * 4)
        defer {
            rows.deallocate()
            pixels.deallocate()
            codes.deallocate()
        }
        func place(_ gridRow: Int) -> UnsafeMutablePointer<Float> { rows + (gridRow - bands.lowerBound * abreast) * width * 4 }
        gridPixels.withUnsafeBufferPointer { gridPixels in
            guard let base = gridPixels.baseAddress else { return }
            for band in bands {
                let outputs = (0..<abreast).map { place(band * abreast + $0) }
                across.withKernel { kernels.table.scale_horizontal(base + band * bandCells * 4, grid.width, $0, outputs, width) }
            }
        }
        for y in 0..<height {
            let inputs = (0..<down.taps).map { UnsafePointer(place(down.input(ofOutput: y, tap: $0))) }
            down.withCoefficients(ofOutput: y) { kernels.table.scale_vertical(inputs, $0, down.taps, pixels, width) }
            kernels.table.delinearize(pixels, linearBackground, codes, width, LinearLight.oetf)
            let start = y * stride
            kernels.table.rgb_to_ycbcr(codes, luma + start, cb + start, cr + start, 1, width)
        }
    }

    private static func linear(_ code: SIMD3<UInt16>) -> [Float] {
        (0..<3).map { LinearLight.eotf[Int(code[$0])] }
    }
}
