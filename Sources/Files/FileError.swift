import Glibc

/// A file that could not be read or written, in the system's words.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let operation: String
    public let errno: Int32

    package init(path: String, operation: String, errno: Int32) {
        self.path = path
        self.operation = operation
        self.errno = errno
    }

    public var description: String { "\(path) cannot be \(participle): \(String(cString: strerror(errno)))" }

    private var participle: String { operation == "read" ? "read" : "written" }
}
