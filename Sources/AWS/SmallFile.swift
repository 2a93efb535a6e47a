import Glibc

/// Files of settings, tokens and the like.
enum SmallFile {
    /// A file's content; `nil` where there is no such file. Longer ones than `maximumBytes` are refused.
    static func read(_ path: String, maximumBytes: Int = 4 << 20) throws(AWSError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(path, errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { return nil }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw failure(path, errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else {
                throw AWSError(.configuration, "\(path) cannot be used: it is longer than \(maximumBytes) bytes")
            }
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> AWSError {
        AWSError(.configuration, "\(path) cannot be read: \(String(cString: strerror(code)))")
    }
}
