/// Reads a shared file line by line.
struct SharedFileParser {
    private typealias Text = Substring.UnicodeScalarView

    private let path: String
    private var lineNumber = 0
    /// Lines of each option, by section, in order.
    private var sections: [(name: String, options: [String: [String]])] = []
    private var defaults: [String: [String]] = [:]
    private var current: Place?
    private var option: String?
    private var indent = 0

    private enum Place {
        case defaults
        case section(Int)
    }

    init(path: String) { self.path = path }

    mutating func take(_ line: Substring.UnicodeScalarView) throws(AWSError) {
        lineNumber += 1
        let value = SharedFileParser.trimmed(line)
        if let first = value.first, first == "#" || first == ";" { return }
        guard !value.isEmpty else {
            // An empty line may stand within a value; those at its end are dropped with it.
            append("")
            return
        }
        let lineIndent = line.prefix(while: SharedFileParser.isSpace).count
        if option != nil, lineIndent > indent {
            append(String(value))
            return
        }
        indent = lineIndent
        if value.first == "[", let end = value.lastIndex(of: "]"), value.index(after: value.startIndex) < end {
            try open(String(value[value.index(after: value.startIndex)..<end]))
        } else {
            try add(value)
        }
    }

    func finish() throws(AWSError) -> [(name: String, options: SharedFile.Section)] {
        var result: [(name: String, options: SharedFile.Section)] = []
        for (name, options) in sections {
            var section: SharedFile.Section = [:]
            for (option, lines) in options.merging(defaults, uniquingKeysWith: { own, _ in own }) {
                section[option] = try value(of: lines, named: option, in: name)
            }
            result.append((name, section))
        }
        return result
    }

    private mutating func open(_ name: String) throws(AWSError) {
        option = nil
        if name == "DEFAULT" {
            current = .defaults
        } else if sections.contains(where: { $0.name == name }) {
            throw error("the section [\(name)] comes a second time")
        } else {
            sections.append((name, [:]))
            current = .section(sections.count - 1)
        }
    }

    private mutating func add(_ line: Text) throws(AWSError) {
        guard let current else { throw error("there is no [section] before it") }
        guard let delimiter = line.firstIndex(where: { $0 == "=" || $0 == ":" }), delimiter > line.startIndex else {
            throw error("it is neither [section] nor name = value")
        }
        let name = String(SharedFileParser.trimmed(line[..<delimiter])).lowercased()
        let value = String(SharedFileParser.trimmed(line[line.index(after: delimiter)...]))
        let isNew =
            switch current {
            case .defaults: defaults.updateValue([value], forKey: name) == nil
            case .section(let index): sections[index].options.updateValue([value], forKey: name) == nil
            }
        guard isNew else { throw error("\(name) comes a second time in its section") }
        option = name
    }

    private mutating func append(_ line: String) {
        guard let option, let current else { return }
        switch current {
        case .defaults: defaults[option]?.append(line)
        case .section(let index): sections[index].options[option]?.append(line)
        }
    }

    private func value(of lines: [String], named option: String, in section: String) throws(AWSError) -> SharedFile.Value {
        var lines = lines[...]
        while lines.count > 1, lines.last == "" { lines.removeLast() }
        guard lines.count > 1, lines.first == "" else { return .text(lines.joined(separator: "\n")) }
        var block: [String: String] = [:]
        for line in lines where !line.isEmpty {
            guard let equals = line.unicodeScalars.firstIndex(of: "=") else {
                throw AWSError(.configuration, "\(path) cannot be read: in [\(section)], \(option) has a line without \"=\"")
            }
            let name = String(SharedFileParser.trimmed(line.unicodeScalars[..<equals]))
            let rest = line.unicodeScalars[line.unicodeScalars.index(after: equals)...]
            block[name] = String(SharedFileParser.trimmed(rest))
        }
        return .block(block)
    }

    private func error(_ what: String) -> AWSError {
        AWSError(.configuration, "\(path) cannot be read: line \(lineNumber): \(what)")
    }

    private static func trimmed(_ text: Text) -> Text {
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    /// Python's idea of white space: Unicode's, and four separators of old.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || 0x1C...0x1F ~= scalar.value
    }
}
