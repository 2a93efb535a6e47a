/// Captions as sidecar files. Long texts become several cues of at most two lines, one after the other, each shown in proportion
/// to its length.
///
/// - Source: SubRip as read by common players; WebVTT: W3C, 6.1.
public enum SubtitleFile {
    /// Characters a line; the common measure of broadcasters.
    static let lineLength = 42
    static let linesPerCue = 2

    /// SubRip: numbered cues, `00:00:01,500`. SubRip has no escapes: `<` stays, as readers show what is no tag of theirs; `-->`,
    /// which would begin a cue, becomes `→`.
    public static func srt(_ captions: [Caption]) -> String {
        var text = ""
        for (index, cue) in cues(captions).enumerated() {
            text += "\(index + 1)\n\(stamp(cue.start, ",")) --> \(stamp(cue.end, ","))\n\(cue.lines.map(withoutArrow).joined(separator: "\n"))\n\n"
        }
        return text
    }

    /// WebVTT: `00:00:01.500`, with `&`, `<` and `>` escaped (that also keeps `-->` out of the text).
    public static func vtt(_ captions: [Caption]) -> String {
        var text = "WEBVTT\n\n"
        for cue in cues(captions) {
            let lines = cue.lines.map(escaped)
            text += "\(stamp(cue.start, ".")) --> \(stamp(cue.end, "."))\n\(lines.joined(separator: "\n"))\n\n"
        }
        return text
    }

    struct Cue: Hashable {
        var start: Int64
        var end: Int64
        var lines: [String]
    }

    /// Cues in order of time, in milliseconds.
    static func cues(_ captions: [Caption]) -> [Cue] {
        var cues: [Cue] = []
        for caption in captions.sorted(by: { $0.startSeconds < $1.startSeconds }) {
            let start = milliseconds(caption.startSeconds)
            let end = milliseconds(caption.endSeconds)
            let groups = lineGroups(caption.text)
            if end <= start || groups.isEmpty { continue }
            let lengths = groups.map { $0.reduce(0) { $0 + $1.count } }
            let total = Int64(max(1, lengths.reduce(0, +)))
            var before: Int64 = 0
            for (lines, length) in zip(groups, lengths) {
                let from = start + (end - start) * before / total
                before += Int64(length)
                let to = start + (end - start) * before / total
                if to > from { cues.append(Cue(start: from, end: to, lines: lines)) }
            }
        }
        return cues
    }

    /// Lines of at most `lineLength` characters, broken at white space (a longer word is cut), two by two. The two lines of a cue
    /// are made about equally long.
    static func lineGroups(_ text: String) -> [[String]] {
        let words = text.split(whereSeparator: \.isWhitespace).flatMap(pieces)
        var groups: [[String]] = []
        var rest = words[...]
        while !rest.isEmpty {
            var count = fitting(rest, lines: linesPerCue)
            // A sentence's end in the second half of a cue is a better place to stop than its last word.
            if count < rest.count, let stop = rest.prefix(count).lastIndex(where: { $0.last.map { ".!?…".contains($0) } ?? false }),
                stop - rest.startIndex + 1 > count / 2
            {
                count = stop - rest.startIndex + 1
            }
            groups.append(balanced(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return groups
    }

    private static func pieces(_ word: Substring) -> [Substring] {
        var pieces: [Substring] = []
        var rest = word
        while rest.count > lineLength {
            pieces.append(rest.prefix(lineLength))
            rest = rest.dropFirst(lineLength)
        }
        pieces.append(rest)
        return pieces
    }

    /// How many of the words go into so many lines.
    private static func fitting(_ words: ArraySlice<Substring>, lines: Int) -> Int {
        var line = 1
        var length = 0
        for (count, word) in words.enumerated() {
            if length == 0 {
                length = word.count
            } else if length + 1 + word.count <= lineLength {
                length += 1 + word.count
            } else if line < lines {
                line += 1
                length = word.count
            } else {
                return count
            }
        }
        return words.count
    }

    private static func balanced(_ words: ArraySlice<Substring>) -> [String] {
        let whole = words.joined(separator: " ")
        if whole.count <= lineLength { return [whole] }
        var best: [String] = []
        var bestLength = Int.max
        for cut in words.indices.dropFirst() {
            let lines = [words[..<cut].joined(separator: " "), words[cut...].joined(separator: " ")]
            let longest = max(lines[0].count, lines[1].count)
            if longest < bestLength {
                bestLength = longest
                best = lines
            }
        }
        return best
    }

    private static func withoutArrow(_ line: String) -> String {
        var out = ""
        var rest = line[...]
        while let character = rest.first {
            if rest.hasPrefix("-->") {
                out += "→"
                rest = rest.dropFirst(3)
            } else {
                out.append(character)
                rest = rest.dropFirst()
            }
        }
        return out
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            default: out.append(character)
            }
        }
        return out
    }

    private static func milliseconds(_ seconds: Double) -> Int64 {
        seconds.isFinite ? Int64((max(0, min(seconds, 359_999)) * 1000).rounded()) : 0
    }

    private static func stamp(_ milliseconds: Int64, _ mark: String) -> String {
        func padded(_ value: Int64, _ width: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let seconds = milliseconds / 1000
        return "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))\(mark)\(padded(milliseconds % 1000, 3))"
    }
}
