/// How a stored picture is turned to stand upright: EXIF tag 0x0112 (also TIFF's), EXIF 2.32 §4.6.4 A.
public enum PictureOrientation: UInt8, Hashable, Sendable, CaseIterable {
    case upright = 1
    case mirrored
    case rotated180
    case mirroredVertically
    case transposed
    /// Turn the stored picture 90° clockwise.
    case rotated90
    case transversed
    /// Turn the stored picture 90° counterclockwise.
    case rotated270

    /// Whether stored rows become upright columns.
    public var swapsSides: Bool { rawValue >= 5 }

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
        case .mirrored: (row * stride + lastColumn, -1)
        case .rotated180: (lastRow * stride + lastColumn, -1)
        case .mirroredVertically: (lastRow * stride, 1)
        case .transposed: (row, stride)
        case .rotated90: (lastRow, stride)
        case .transversed: (lastColumn * stride + lastRow, -stride)
        case .rotated270: (lastColumn * stride + row, -stride)
        }
    }
}
