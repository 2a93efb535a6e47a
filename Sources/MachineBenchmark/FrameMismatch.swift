/// Frames of two contestants that should be the same and are not.
package struct FrameMismatch: Error, CustomStringConvertible {
    package let description: String

    /// - Parameters:
    ///   - frame: its number in the film.
    ///   - one, other: who made it, and what tells the frames apart.
    init(frame: Int, width: Int, height: Int, _ one: (name: String, sum: String), _ other: (name: String, sum: String)) {
        description = "frame \(frame) at \(width)x\(height) is not the same by \(one.name) (\(one.sum)) and by \(other.name) "
            + "(\(other.sum)), so that no figure is given; please report this"
    }
}
