/// One use of one picture, for as long as it stays.
public struct Shot: Hashable, Sendable {
    /// Place in the timeline's shots.
    public let index: Int
    /// Index into the project's pictures.
    public let picture: Int
    /// Index into the project's segments (in the manifest's order), of the segment in which it begins.
    public let segment: Int
    /// From boundary to boundary: the shots' frames follow each other without gap or overlap.
    public let frames: Range<Int>
    /// Also the halves of crossfades that reach into its neighbours. The camera moves over all of these.
    public let visibleFrames: Range<Int>
    public let fit: Fit
    public let path: CameraPath
    /// The smallest and the largest view of the path.
    public let closestView: Viewport
    public let widestView: Viewport
    /// A preset's name, or "key-frames".
    public let motionName: String
    /// Whether the engine chose the motion.
    public let motionIsAutomatic: Bool
    /// Where the manifest names the picture.
    public let jsonPath: String

    /// The view at a frame of `visibleFrames`: depends on where in the shot it is, not on where in the film.
    public func view(atFrame frame: Int) -> Viewport {
        path.view(at: (Double(frame - visibleFrames.lowerBound) + 0.5) / Double(visibleFrames.count))
    }
}

/// One picture's part in a frame.
public struct Layer: Hashable, Sendable {
    /// Index into the timeline's shots.
    public let shot: Int
    public let view: Viewport
    /// 0…16384. A frame's weights sum to 16384, or to less in a fade to black: the rest is black.
    public let weight: Int

    public static let fullWeight = 16_384

    public init(shot: Int, view: Viewport, weight: Int) {
        self.shot = shot
        self.view = view
        self.weight = weight
    }
}

/// When a segment is heard, for chapters and captions.
public struct SegmentSpan: Hashable, Sendable {
    /// Index into the project's segments.
    public let segment: Int
    public let id: String
    public let text: String?
    /// Never empty; spans ascend and do not overlap, but may have gaps.
    public let frames: Range<Int>
    /// As resolved: cut at the next segment's start and at the film's end.
    public let startSeconds: Double
    public let endSeconds: Double
}
