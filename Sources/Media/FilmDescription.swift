/// A text shown from `startSeconds` until `endSeconds`.
public struct Caption: Hashable, Sendable {
    public var startSeconds: Double
    public var endSeconds: Double
    public var text: String

    public init(startSeconds: Double, endSeconds: Double, text: String) {
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
        self.text = text
    }
}

/// A named part of the film that players can jump to.
public struct Chapter: Hashable, Sendable {
    public var startSeconds: Double
    public var endSeconds: Double
    public var title: String

    public init(startSeconds: Double, endSeconds: Double, title: String) {
        self.startSeconds = startSeconds
        self.endSeconds = endSeconds
        self.title = title
    }
}

/// What a film says about itself. Nothing depends on the clock or the machine: the same description gives the same bytes.
public struct FilmDescription: Hashable, Sendable {
    public var title: String
    /// In order, not overlapping.
    public var chapters: [Chapter]
    /// nil: no captions track. Sorted and made not to overlap when written: a caption ends where the next begins.
    public var captions: [Caption]?
    /// ISO 639-2, three letters; "und" where it is not known.
    public var language: String

    public init(title: String, chapters: [Chapter] = [], captions: [Caption]? = nil, language: String = "und") {
        self.title = title
        self.chapters = chapters
        self.captions = captions
        self.language = language
    }
}
