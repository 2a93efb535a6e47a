import Glibc

/// What people read: on stderr, so that stdout is free for facts.
enum Console {
    static let isTerminal = isatty(STDERR_FILENO) == 1
    /// See https://no-color.org.
    static let hasColor = isTerminal && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)

    static func error(_ text: String) { line(mark("error:", 31) + " " + printable(text)) }
    static func warning(_ text: String) { line(mark("warning:", 33) + " " + printable(text)) }
    static func note(_ text: String) { line(printable(text)) }

    /// The text with everything replaced that would move the cursor, change colours or turn the writing direction: names come
    /// from strangers.
    static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: result.append("\u{FFFD}")
            case .format where scalar.properties.isBidiControl: result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Writes facts to stdout.
    static func print(_ text: String) throws {
        var text = text + "\n"
        try text.withUTF8 { bytes in try write(UnsafeRawBufferPointer(bytes), to: STDOUT_FILENO, name: "standard output") }
    }

    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, name: String) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Failure("\(name) cannot be written: \(String(cString: strerror(errno)))") }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    static func mark(_ text: String, _ color: Int) -> String {
        hasColor ? "\u{1B}[1;\(color)m\(text)\u{1B}[0m" : text
    }

    private static func line(_ text: String) {
        let erase = isTerminal ? "\r\u{1B}[K" : ""
        var output = erase + text + "\n"
        output.withUTF8 { bytes in
            // Nobody is left to tell when stderr is gone.
            try? write(UnsafeRawBufferPointer(bytes), to: STDERR_FILENO, name: "standard error")
        }
    }
}

/// A sentence for the user.
struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
