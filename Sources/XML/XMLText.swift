/// Text as it stands in a document.
public enum XMLText {
    /// With what means something to XML as references. Carriage returns too, which readers would turn into line feeds.
    public static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: { "&<>\"'\r".utf8.contains($0) }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            case "\r": result += "&#13;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether XML 1.0 can hold it at all.
    public static func canHold(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0.value != 0xFFFE && $0.value != 0xFFFF || $0 == "\t" || $0 == "\n" || $0 == "\r"
        }
    }
}
