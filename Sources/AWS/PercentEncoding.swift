import Digest

/// Percent-encoding as AWS wants it: every byte of UTF-8 except `A-Z a-z 0-9 - . _ ~` as `%XX`, in upper case.
/// - Source: "Create a signed AWS API request", URI-encoding, in the IAM User Guide.
public enum PercentEncoding {
    /// For names and values of a query, and for parts of a path.
    public static func encode(_ text: String) -> String { encode(text.utf8, keepingSlashes: false) }

    /// For the key of an object, as a path without the leading slash: slashes stay.
    public static func encodeKey(_ key: String) -> String { encode(key.utf8, keepingSlashes: true) }

    /// A query as it goes over the wire: "a=1&b=". A name without a value ("?lifecycle") has an empty one, which AWS takes for
    /// the same.
    public static func query(_ parameters: [(name: String, value: String)]) -> String {
        parameters.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    }

    static func encode(_ bytes: some Sequence<UInt8>, keepingSlashes: Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in bytes {
            if isUnreserved(byte) || keepingSlashes && byte == UInt8(ascii: "/") {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The bytes behind an encoded text. What is not an encoding (a lone `%`, a plus) stands for itself.
    static func decode(_ text: some StringProtocol) -> [UInt8] {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Hexadecimal.digit(bytes[index + 1]), let low = Hexadecimal.digit(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// The text behind an encoded one, as listings have it.
    ///
    /// - Parameter plusIsSpace: as in forms.
    public static func decoded(_ text: String, plusIsSpace: Bool) -> String {
        let text = plusIsSpace ? String(text.map { $0 == "+" ? " " : $0 }) : text
        return String(decoding: decode(text), as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
