import Media
import Timeline

/// What a film says in words: captions and chapter titles, from its segments' texts.
public enum FilmText {
    /// One caption for each segment that has a text.
    public static func captions(of timeline: Timeline) -> [Caption] {
        timeline.segments.compactMap { segment in
            guard let text = segment.text?.trimmingSpaces, !text.isEmpty else { return nil }
            return Caption(startSeconds: segment.startSeconds, endSeconds: segment.endSeconds, text: text)
        }
    }

    private static let titleLength = 60

    /// The beginning of the segment's text, cut between words; its id where there is none.
    static func chapterTitle(of segment: SegmentSpan) -> String {
        guard let text = segment.text?.trimmingSpaces, !text.isEmpty else { return "Segment \(segment.id)" }
        let words = text.split(whereSeparator: \.isWhitespace)
        var title = ""
        for word in words {
            if title.isEmpty { title = String(word.prefix(titleLength)); continue }
            if title.count + 1 + word.count > titleLength { return title + " …" }
            title += " " + word
        }
        return title
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
