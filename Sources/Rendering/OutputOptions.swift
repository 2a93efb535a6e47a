import Media
import Timeline

/// What the user asks of the output; `nil` leaves it to the manifest, and then to the defaults.
public struct OutputOptions: Sendable {
    public var size: PictureSize?
    public var frameRate: FrameRate?
    public var encoder: String?
    public var preset: String?
    public var crf: Double?

    public init(
        size: PictureSize? = nil, frameRate: FrameRate? = nil, encoder: String? = nil, preset: String? = nil,
        crf: Double? = nil
    ) {
        self.size = size
        self.frameRate = frameRate
        self.encoder = encoder
        self.preset = preset
        self.crf = crf
    }

    /// 1080p, 24 frames per second.
    public static let defaultSize = PictureSize(width: 1920, height: 1080)
    public static let defaultFrameRate = FrameRate(parsing: "24")

    /// Sizes that have a name.
    public static let namedSizes: KeyValuePairs<String, PictureSize> = [
        "720p": PictureSize(width: 1280, height: 720),
        "1080p": PictureSize(width: 1920, height: 1080),
        "1440p": PictureSize(width: 2560, height: 1440),
        "4k": PictureSize(width: 3840, height: 2160),
        "vertical": PictureSize(width: 1080, height: 1920),
        "square": PictureSize(width: 1080, height: 1080),
    ]

    /// Reads `1920x1080` or a name; `nil` for anything else, odd sides, and sides outside of 16…16384.
    public static func parseSize(_ text: String) -> PictureSize? {
        if let named = namedSizes.first(where: { $0.key == text.lowercased() }) { return named.value }
        let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let width = sides[0], let height = sides[1],
            [width, height].allSatisfy({ 16...16384 ~= $0 && $0 % 2 == 0 })
        else { return nil }
        return PictureSize(width: width, height: height)
    }
}
