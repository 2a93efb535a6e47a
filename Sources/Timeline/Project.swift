import JSON

/// A manifest that was read and found renderable, with every default filled in that does not depend on the pictures.
public struct Project: Sendable {
    /// Safe as a file name: no `/`, no control characters, no leading `.`, 1…200 bytes.
    public var id: String
    public var title: String?
    public var narration: MediaReference?
    /// What the manifest says the film's length is; the narration's own length decides.
    public var declaredDurationSeconds: Double?
    /// In the manifest's order, which need not be that of time.
    public var segments: [Segment]
    /// Each picture once, in the order of first use in the manifest.
    public var pictures: [MediaReference]
    public var output: OutputRequest
    public var style: Style
    /// The whole manifest, unknown keys included.
    public var document: JSON

    public init(
        id: String, title: String?, narration: MediaReference?, declaredDurationSeconds: Double?, segments: [Segment],
        pictures: [MediaReference], output: OutputRequest, style: Style, document: JSON
    ) {
        self.id = id
        self.title = title
        self.narration = narration
        self.declaredDurationSeconds = declaredDurationSeconds
        self.segments = segments
        self.pictures = pictures
        self.output = output
        self.style = style
        self.document = document
    }

    /// Indices into `pictures` that some segment uses, ascending.
    public var usedPictures: [Int] {
        Set(segments.flatMap { segment in segment.shots.filter { !$0.holdsPrevious }.map(\.pictureIndex) }).sorted()
    }

    /// Indices into `segments` in the order of time; segments that start together stay in the manifest's order.
    var segmentsInTime: [Int] {
        segments.indices.sorted { (segments[$0].startSeconds, $0) < (segments[$1].startSeconds, $1) }
    }
}

/// A stretch of the narration and the pictures that go with it.
public struct Segment: Hashable, Sendable {
    /// As written, a number as its digits; the place in the manifest where there is none.
    public var id: String
    public var startSeconds: Double
    public var endSeconds: Double
    public var text: String?
    /// Share the segment's time equally.
    public var shots: [Use]
    public var jsonPath: String

    public init(id: String, startSeconds: Double, endSeconds: Double, text: String?, shots: [Use], jsonPath: String) {
        self.id = id
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
        self.text = text
        self.shots = shots
        self.jsonPath = jsonPath
    }

    /// One use of a picture.
    public struct Use: Hashable, Sendable {
        public var pictureIndex: Int
        /// `nil`: chosen by the engine.
        public var motion: Motion?
        /// `nil`: the style's.
        public var fit: Fit?
        /// The picture before this one goes on for this one's time; set by ``Project/replacingPictures(_:)``.
        public var holdsPrevious: Bool
        public var jsonPath: String

        public init(pictureIndex: Int, motion: Motion?, fit: Fit?, holdsPrevious: Bool = false, jsonPath: String) {
            self.pictureIndex = pictureIndex
            self.motion = motion
            self.fit = fit
            self.holdsPrevious = holdsPrevious
            self.jsonPath = jsonPath
        }
    }
}

/// What a manifest asks of the video; `nil` where it says nothing.
public struct OutputRequest: Hashable, Sendable {
    /// Pixels, even, 16…16384.
    public var width: Int?
    public var height: Int?
    public var fps: FrameRate?
    /// 0…63.
    public var crf: Int?
    public var preset: String?
    public var codec: String?

    public init(
        width: Int? = nil, height: Int? = nil, fps: FrameRate? = nil, crf: Int? = nil, preset: String? = nil,
        codec: String? = nil
    ) {
        self.width = width
        self.height = height
        self.fps = fps
        self.crf = crf
        self.preset = preset
        self.codec = codec
    }
}

extension Project {
    /// The project without some of its pictures (missing or broken ones): the time of each of their uses goes to the picture
    /// before it, before the first good one to that. Indices of `pictures` keep their meaning.
    ///
    /// - Returns: `nil` if no picture is left.
    public func replacingPictures(_ bad: Set<Int>) -> Project? {
        var result = self
        for segment in result.segments.indices {
            for use in result.segments[segment].shots.indices
            where bad.contains(result.segments[segment].shots[use].pictureIndex) {
                result.segments[segment].shots[use].holdsPrevious = true
            }
        }
        return result.usedPictures.isEmpty ? nil : result
    }
}
