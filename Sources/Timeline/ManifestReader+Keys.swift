import JSON

/// Keys that are nearly right. Unknown keys are other tools' business and kept; these are most likely meant for us.
extension ManifestReader {
    enum Keys {
        static let manifest = ["project_id", "title", "audio_file", "duration", "segments", "output", "style"]
        static let output = ["width", "height", "fps", "crf", "preset", "codec"]
        static let style = ["transition", "zoom", "easing", "fit", "seed", "background"]
        static let segment = ["id", "start_time", "end_time", "start", "end", "text", "generated_images"]
        static let picture = ["path", "s3_key", "s3_url", "url", "presigned_url", "motion", "fit"]
    }

    /// Keys that mean something, but elsewhere.
    private static let homes = [
        "transition": "$.style", "zoom": "$.style or a key frame", "easing": "$.style or a motion", "seed": "$.style",
        "background": "$.style", "motion": "a picture of generated_images", "fps": "$.output", "crf": "$.output",
    ]

    /// Warns of keys that look like slips of the pen, or stand in the wrong place.
    mutating func checkKeys(of object: JSON.Object, _ path: @autoclosure () -> String, known: [String]) {
        for member in object where !known.contains(member.key) {
            if let home = ManifestReader.homes[member.key] {
                report.warning("\(path()).\(member.key)", "is not read here: it belongs in \(home)")
            } else if let meant = known.first(where: { ManifestReader.isSlip(member.key, of: $0) && object[$0] == nil }) {
                let key = shortened(member.key)
                report.warning("\(path()).\(key)", "is an unknown key and not read: is \(meant) meant?")
            }
        }
    }

    /// Whether a key is one letter away from another: one changed, left out, added, or two neighbours exchanged.
    private static func isSlip(_ key: String, of known: String) -> Bool {
        let (a, b) = (Array(key.utf8), Array(known.utf8))
        guard b.count >= 3, abs(a.count - b.count) <= 1, a != b else { return false }
        let start = zip(a, b).prefix { $0 == $1 }.count
        let end = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
        if a.count == b.count {
            let isExchange = start + 1 < a.count && a[start] == b[start + 1] && a[start + 1] == b[start]
                && a[(start + 2)...] == b[(start + 2)...]
            return start + end >= a.count - 1 || isExchange
        }
        return start + end >= min(a.count, b.count)
    }
}
