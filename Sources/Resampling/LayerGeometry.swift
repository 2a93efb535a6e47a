/// A layer's tables for one frame: everything about its geometry that a backend needs, made on the host by this one piece of
/// code, so that floating point exists in one place and every backend reads the same integers.
public struct LayerGeometry: Sendable {
    public let table: PhaseTable
    public let lumaX: AxisMap
    public let lumaY: AxisMap
    public let chromaX: AxisMap
    public let chromaY: AxisMap

    /// - Parameter reusing: the layer's tables of another frame; its phase table serves again when the ratio is the same.
    public init(view: SourceRect, outputWidth: Int, outputHeight: Int, reusing previous: LayerGeometry? = nil) {
        precondition(
            view.width > 0 && view.height > 0 && view.left.magnitude < 0x1p24 && view.top.magnitude < 0x1p24
                && view.width < 0x1p24 && view.height < 0x1p24, "a view is a rectangle of at most 2^24 samples a side")
        let stepX = view.width / Double(outputWidth)
        let stepY = view.height / Double(outputHeight)
        // One filter serves both axes and, as chroma is half on both sides, luma and chroma.
        let ratio = max(stepX, stepY)
        let table: PhaseTable
        if let previous, previous.table.scale == max(1, ratio) {
            table = previous.table
        } else {
            table = PhaseTable(ratio: ratio)
        }
        self.table = table
        let chromaWidth = (outputWidth + 1) / 2
        let chromaHeight = (outputHeight + 1) / 2
        lumaX = AxisMap(count: outputWidth, origin: view.left + 0.5 * stepX - 0.5, step: stepX, table: table)
        lumaY = AxisMap(count: outputHeight, origin: view.top + 0.5 * stepY - 0.5, step: stepY, table: table)
        // Horizontally a chroma sample lies on luma sample 2j: at luma edge coordinate 2j + 0.5, in both planes.
        chromaX = AxisMap(
            count: chromaWidth, origin: (view.left + 0.5 * stepX - 0.5) / 2, step: stepX, table: table)
        // Vertically it lies between luma rows 2j and 2j + 1: at luma edge coordinate 2j + 1.
        chromaY = AxisMap(
            count: chromaHeight, origin: (view.top + stepY) / 2 - 0.5, step: stepY, table: table)
    }
}
