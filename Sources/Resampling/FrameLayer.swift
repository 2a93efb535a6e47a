/// A rectangle of a working picture.
///
/// - Units: luma working samples; the origin is the top left *edge* of the picture, so the whole picture is
///   `(0, 0, picture.width, picture.height)`.
public struct SourceRect: Hashable, Sendable {
    public var left: Double
    public var top: Double
    public var width: Double
    public var height: Double

    public init(left: Double, top: Double, width: Double, height: Double) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }
}

/// One picture's share of a frame.
public struct FrameLayer: Sendable {
    public var picture: WorkingPicture
    public var view: SourceRect
    /// 0…16384. What the weights of a frame's layers lack of 16384 is black.
    public var weight: Int

    public init(picture: WorkingPicture, view: SourceRect, weight: Int = FrameLayer.fullWeight) {
        self.picture = picture
        self.view = view
        self.weight = weight
    }

    public static let fullWeight = 1 << 14
}
