/// How a picture's stored rows and columns lie in the upright picture; the raw values are those of EXIF's tag 0x112.
///
/// The name says what to do with the stored picture to make it upright, the mirroring first.
/// - Source: Exif 2.32, 4.6.5.1.6 "Orientation".
public enum PictureOrientation: Int, CaseIterable, Hashable, Sendable {
    case upright = 1
    case mirroredHorizontally = 2
    case rotated180 = 3
    case mirroredVertically = 4
    /// Rows and columns exchanged about the diagonal from the top left.
    case transposed = 5
    case rotated90Clockwise = 6
    /// Rows and columns exchanged about the diagonal from the top right.
    case transversed = 7
    case rotated90Anticlockwise = 8

    /// True where the upright picture is as wide as the stored one is high.
    public var exchangesAxes: Bool { rawValue >= 5 }

    /// A HEIF item's `irot` (quarter turns anticlockwise) and then `imir` (0 exchanges top and bottom, 1 left and right).
    ///
    /// - Source: ISO/IEC 23008-12:2022, 6.5.10 and 6.5.12; MIAF demands this order.
    init(quarterTurnsAnticlockwise turns: Int, mirror: Int?) {
        let table: [(PictureOrientation, PictureOrientation, PictureOrientation)] = [
            (.upright, .mirroredVertically, .mirroredHorizontally),
            (.rotated90Anticlockwise, .transposed, .transversed),
            (.rotated180, .mirroredHorizontally, .mirroredVertically),
            (.rotated90Clockwise, .transversed, .transposed),
        ]
        let row = table[turns & 3]
        self = switch mirror {
        case nil: row.0
        case 0: row.1
        default: row.2
        }
    }
}
