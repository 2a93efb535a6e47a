import Digest

/// Text beyond ASCII in a header's value (RFC 2047): what S3 returns metadata in, and understands when it is sent.
///
/// AWS decodes what it gets and encodes what it gives; other servers keep the bytes they get. Sent encoded, both give back the
/// same.
package enum EncodedWord {
    /// The text itself where a header can hold it as it is.
    package static func encode(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { 0x20..<0x7F ~= $0 } && !text.contains("=?") && !text.contains("  ")
            && !text.hasPrefix(" ") && !text.hasSuffix(" ")
        guard !isPlain else { return text }
        // A word has at most 75 characters, and a character is in one word.
        var words: [String] = []
        var piece = ""
        for scalar in text.unicodeScalars {
            if piece.utf8.count + UTF8.width(scalar) > 45 {
                words.append(word(piece))
                piece = ""
            }
            piece.unicodeScalars.append(scalar)
        }
        return (words + [word(piece)]).joined(separator: " ")
    }

    /// What is no encoded word stays as it is. Blanks between two of them do not count.
    package static func decode(_ text: String) -> String {
        var result: [UInt8] = []
        var rest = Substring(text)
        var followsWord = false
        while let start = rest.firstRange(of: "=?") {
            let between = rest[..<start.lowerBound]
            guard let (bytes, end) = read(rest[start.upperBound...]) else {
                result += rest[..<start.upperBound].utf8
                rest = rest[start.upperBound...]
                followsWord = false
                continue
            }
            if !(followsWord && between.allSatisfy { $0 == " " || $0 == "\t" }) { result += between.utf8 }
            result += bytes
            rest = rest[end...]
            followsWord = true
        }
        return String(decoding: result + rest.utf8, as: UTF8.self)
    }

    private static func word(_ text: String) -> String { "=?UTF-8?B?\(Base64.encode(Array(text.utf8)))?=" }

    /// - Parameter text: what follows "=?".
    private static func read(_ text: Substring) -> (bytes: [UInt8], end: Substring.Index)? {
        let parts = text.split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[3].hasPrefix("="), parts[0].lowercased() == "utf-8" else { return nil }
        let bytes: [UInt8]? = switch parts[1].lowercased() {
        case "b": Base64.decode(String(parts[2]))
        case "q": quoted(parts[2])
        default: nil
        }
        guard let bytes else { return nil }
        return (bytes, parts[3].index(after: parts[3].startIndex))
    }

    private static func quoted(_ text: Substring) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "_"): result.append(0x20)
            case UInt8(ascii: "="):
                guard let high = rest.popFirst().flatMap(Hexadecimal.digit), let low = rest.popFirst().flatMap(Hexadecimal.digit)
                else { return nil }
                result.append(high << 4 | low)
            default: result.append(byte)
            }
        }
        return result
    }
}
