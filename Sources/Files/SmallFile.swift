import Glibc

/// Files that are read as a whole: settings, manifests, tokens.
package enum SmallFile {
    /// A file's first bytes: all, where it has no more than that.
    ///
    /// - Throws: also for a folder (`EISDIR`). A pipe that nobody writes to is empty.
    package static func read(_ path: String, upTo maximumBytes: Int) throws(FileError) -> [UInt8] {
        // Opening a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(path: path, operation: "read", errno: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < maximumBytes {
            let count = Glibc.read(descriptor, &buffer, min(buffer.count, maximumBytes - bytes.count))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path: path, operation: "read", errno: errno) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
