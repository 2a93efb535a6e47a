/// Why a document is not read: one sentence, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1; 0 where the error has no place (the document is too large, or empty).
    public let line: Int
    /// Characters from the line's start, counted from 1.
    public let column: Int
    public let message: String

    public init(line: Int, column: Int, message: String) {
        self.line = line
        self.column = column
        self.message = message
    }

    public var description: String {
        line > 0 ? "\(message) (line \(line), column \(column))" : message
    }
}
