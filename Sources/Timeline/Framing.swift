/// A view by its centre and its size relative to the largest one that fits: what paths move through.
///
/// - Units: `x`, `y` in fractions of the picture; `scale` = 1 / zoom, in 0…1.
struct Pose: Hashable, Sendable {
    var x: Double
    var y: Double
    var scale: Double

    static func + (left: Pose, right: Pose) -> Pose {
        Pose(x: left.x + right.x, y: left.y + right.y, scale: left.scale + right.scale)
    }
    static func - (left: Pose, right: Pose) -> Pose {
        Pose(x: left.x - right.x, y: left.y - right.y, scale: left.scale - right.scale)
    }
    static func * (factor: Double, pose: Pose) -> Pose {
        Pose(x: factor * pose.x, y: factor * pose.y, scale: factor * pose.scale)
    }
}

/// How views of the output's aspect lie in one picture.
struct Framing: Hashable, Sendable {
    /// Size of the largest view, in fractions of the picture; one of them is 1.
    let widestWidth: Double
    let widestHeight: Double
    /// Width over height of the output.
    let outputAspect: Double

    /// - Precondition: all sides are positive.
    init(picture: PictureSize, output: PictureSize, fit: Fit) {
        let pictureAspect = Double(picture.width) / Double(picture.height)
        outputAspect = Double(output.width) / Double(output.height)
        switch fit {
        case .cover:
            widestWidth = min(1, outputAspect / pictureAspect)
            widestHeight = min(1, pictureAspect / outputAspect)
        case .contain:
            // Motion happens on the canvas that holds the whole picture, which has the output's aspect.
            (widestWidth, widestHeight) = (1, 1)
        }
    }

    /// How many views of the largest size lie side by side in the picture, 1 or more.
    var sideBySide: Double { 1 / widestWidth }
    var oneBelowTheOther: Double { 1 / widestHeight }

    func viewport(_ pose: Pose) -> Viewport {
        let (width, height) = (widestWidth * pose.scale, widestHeight * pose.scale)
        // Poses are inside already; this removes what rounding adds, a few 1e-16.
        return Viewport(
            centerX: min(max(pose.x, width / 2), 1 - width / 2), centerY: min(max(pose.y, height / 2), 1 - height / 2),
            width: width, height: height)
    }

    /// The pose moved by as little as brings its view into the picture.
    func clamped(_ pose: Pose) -> Pose {
        // What is not a number becomes the middle, so that views are inside whatever they were made from.
        let pose = Pose(
            x: pose.x.isNaN ? 0.5 : pose.x, y: pose.y.isNaN ? 0.5 : pose.y, scale: pose.scale.isNaN ? 1 : pose.scale)
        let scale = min(max(pose.scale, 1e-3), 1)
        let (halfWidth, halfHeight) = (widestWidth * scale / 2, widestHeight * scale / 2)
        return Pose(
            x: min(max(pose.x, halfWidth), 1 - halfWidth), y: min(max(pose.y, halfHeight), 1 - halfHeight), scale: scale)
    }
}
