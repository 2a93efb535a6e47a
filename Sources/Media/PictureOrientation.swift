import Resampling

extension PictureOrientation {
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
