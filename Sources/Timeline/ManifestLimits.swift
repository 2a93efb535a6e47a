/// What a manifest may at most ask for. Generous for films, small enough that nothing costs much before it is refused.
public enum ManifestLimits {
    public static let bytes = 16 << 20
    public static let segments = 20_000
    public static let picturesPerSegment = 1000
    public static let pictureUses = 100_000
    public static let seconds = 86_400.0
    public static let sides = 16...16_384
    public static let crf = 0...63
    public static let zoom = 1.0...20.0
    public static let keyFrames = 2...1000
    /// Least distance of two key frames, as a part of the shot.
    public static let keyFrameDistance = 0.0001
    public static let transitionSeconds = 0.0...10.0
    public static let idBytes = 200
    public static let addressBytes = 4096
}
