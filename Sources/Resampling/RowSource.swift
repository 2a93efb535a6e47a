/// A decoded picture as rows, whoever decoded it.
public struct RowSource {
    /// Size as stored, before `orientation`.
    public var width: Int
    public var height: Int
    public var orientation: PictureOrientation
    /// Whether every alpha is 65535.
    public var isOpaque: Bool
    /// Rows `y ..< y + count` as interleaved R'G'B'A of 16 bits (sRGB, full range, not premultiplied), `width × 4` values a
    /// row, rows `strideSamples` values apart. Called with rising rows, more than once if need be.
    public var readRows: (_ y: Int, _ count: Int, _ into: UnsafeMutablePointer<UInt16>, _ strideSamples: Int) throws -> Void

    public init(
        width: Int, height: Int, orientation: PictureOrientation, isOpaque: Bool,
        readRows: @escaping (Int, Int, UnsafeMutablePointer<UInt16>, Int) throws -> Void
    ) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel")
        self.width = width
        self.height = height
        self.orientation = orientation
        self.isOpaque = isOpaque
        self.readRows = readRows
    }

    public var uprightWidth: Int { orientation.exchangesAxes ? height : width }
    public var uprightHeight: Int { orientation.exchangesAxes ? width : height }
}
