import AWS

/// Names for new objects: `<query>_<timestamp>`, such as "modern_smartphone_20241201_143022", none of them twice.
package struct PictureNames {
    /// Without extensions: a name is found before the content is known.
    private var taken: Set<String>
    private let timestamp: String

    /// - Parameter keys: that are there already.
    package init(taken keys: some Sequence<String>, at date: AWSDate) {
        taken = Set(keys.map(PictureNames.stem))
        timestamp = PictureNames.timestamp(date)
    }

    package mutating func next(for text: String, fallback: String = "picture") -> String {
        let slug = PictureNames.slug(text)
        let base = "\(slug.isEmpty ? fallback : slug)_\(timestamp)"
        var name = base
        var number = 2
        while !taken.insert(name).inserted {
            name = "\(base)_\(number)"
            number += 1
        }
        return name
    }

    /// Lower-case ASCII letters and digits, and single underscores between them; at most 60 bytes, perhaps none.
    ///
    /// Latin letters lose their accents. What other scripts write has no place in a name that every tool takes; it stays in the
    /// object's metadata and in the manifest.
    package static func slug(_ text: String) -> String {
        var result = ""
        var isBetween = false
        for scalar in text.unicodeScalars.prefix(1000) {
            let letters = plain(scalar)
            // A combining accent belongs to the letter before it.
            if letters.isEmpty && scalar.properties.generalCategory == .nonspacingMark { continue }
            if letters.isEmpty {
                isBetween = !result.isEmpty
            } else {
                let piece = (isBetween ? "_" : "") + letters
                if result.utf8.count + piece.utf8.count > 60 { break }
                result += piece
                isBetween = false
            }
        }
        return result
    }

    /// "20241201_143022", UTC.
    static func timestamp(_ date: AWSDate) -> String {
        String(date.basic.compactMap { $0 == "T" ? "_" : $0 == "Z" ? nil : $0 })
    }

    private static func plain(_ scalar: Unicode.Scalar) -> String {
        if scalar.isASCII {
            let lower = scalar.properties.lowercaseMapping
            return lower.utf8.allSatisfy { 0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 } ? lower : ""
        }
        if scalar == "ß" { return "ss" }
        // "LATIN SMALL LETTER O WITH STROKE", "LATIN CAPITAL LETTER AE"
        let words = (scalar.properties.name ?? "").split(separator: " ")
        guard words.count >= 4, words[0] == "LATIN", ["LETTER", "LIGATURE"].contains(words[2]), words[3].utf8.count <= 2,
            words.count == 4 || words[4] == "WITH"
        else { return "" }
        return words[3].lowercased()
    }

    private static func stem(_ key: String) -> String {
        let name = key.split(separator: "/").last ?? ""
        return String(name.prefix { $0 != "." })
    }
}
