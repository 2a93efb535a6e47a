/// How a picture's stored rows and columns lie in the upright picture; the raw values are those of EXIF's tag 0x112.
///
/// The name says what to do with the stored picture to make it upright, the mirroring first.
/// - Source: Exif 2.32, 4.6.5.1.6 "Orientation".
public enum PictureOrientation: Int, Hashable, Sendable, CaseIterable {
    case upright = 1
    case mirroredHorizontally
    case rotated180
    case mirroredVertically
    /// Rows and columns exchanged about the diagonal from the top left.
    case transposed
    case rotated90Clockwise
    /// Rows and columns exchanged about the diagonal from the top right.
    case transversed
    case rotated90Anticlockwise

    /// Whether stored rows become upright columns.
    public var exchangesAxes: Bool { rawValue >= 5 }

    /// Where a stored row goes in an upright plane.
    ///
    /// - Parameters:
    ///   - row: 0 ..< storedHeight.
    ///   - stride: samples between the upright plane's rows.
    /// - Returns: the offset of the row's first sample, and the distance from each sample to the next.
    func placement(ofRow row: Int, storedWidth: Int, storedHeight: Int, stride: Int) -> (offset: Int, step: Int) {
        let lastRow = storedHeight - 1 - row
        let lastColumn = storedWidth - 1
        return switch self {
        case .upright: (row * stride, 1)
        case .mirroredHorizontally: (row * stride + lastColumn, -1)
        case .rotated180: (lastRow * stride + lastColumn, -1)
        case .mirroredVertically: (lastRow * stride, 1)
        case .transposed: (row, stride)
        case .rotated90Clockwise: (lastRow, stride)
        case .transversed: (lastColumn * stride + lastRow, -stride)
        case .rotated90Anticlockwise: (lastColumn * stride + row, -stride)
        }
    }
}
