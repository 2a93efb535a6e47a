/// `~/.aws/config` or `~/.aws/credentials` as the AWS CLI reads it. Shown without its values, which may be secrets.
///
/// - `[section]`, then `name = value` or `name: value`; names in any case. Lines that start with `#` or `;` are comments; a
///   `#` further on belongs to the value.
/// - Lines that are indented further than the name go on with its value. A value that is empty but for such lines is a block of
///   `name = value` of its own.
/// - What `[DEFAULT]` has, every section has.
/// - A section or a name within it that comes twice is an error, as is a line that is none of these.
/// - Source: Python 3.11's `configparser.RawConfigParser`, strict; botocore's `configloader`.
package struct SharedFile: Sendable {
    package enum Value: Hashable, Sendable {
        case text(String)
        case block([String: String])
    }
    package typealias Section = [String: Value]

    /// In the order of the file.
    package private(set) var sections: [(name: String, options: Section)] = []

    package subscript(_ name: String) -> Section? { sections.first { $0.name == name }?.options }

    package init() {}

    /// - Parameter path: for messages, which name the line and hold nothing of it.
    package init(parsing bytes: [UInt8], path: String) throws(AWSError) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        guard let text = String(validating: bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self) else {
            throw AWSError(.configuration, "\(path) cannot be read: it is not UTF-8")
        }
        var parser = SharedFileParser(path: path)
        for line in SharedFile.lines(of: text.unicodeScalars) { try parser.take(line) }
        sections = try parser.finish()
    }

    private static func lines(of text: String.UnicodeScalarView) -> [Substring.UnicodeScalarView] {
        var lines: [Substring.UnicodeScalarView] = []
        var start = text.startIndex
        while start < text.endIndex {
            let end = text[start...].firstIndex { $0 == "\n" || $0 == "\r" } ?? text.endIndex
            lines.append(text[start..<end])
            guard end < text.endIndex else { break }
            let next = text.index(after: end)
            start = text[end] == "\r" && next < text.endIndex && text[next] == "\n" ? text.index(after: next) : next
        }
        return lines
    }
}

extension SharedFile: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "SharedFile(\(sections.map(\.name)))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
