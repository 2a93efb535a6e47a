import Digest
import Files
import Glibc

extension SHA256 {
    /// The digest of a file's content, as 64 lower-case hexadecimal digits.
    static func ofFile(_ path: String) throws(FileError) -> String { Hexadecimal.encode(try bytesOfFile(path)) }

    /// The 32 bytes of the digest of a file's content, or of its first `byteCount` bytes.
    static func bytesOfFile(_ path: String, byteCount: Int = .max) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, operation: "read", errno: errno) }
        defer { close(descriptor) }
        var hash = SHA256()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var rest = byteCount
        while true {
            let count = read(descriptor, buffer.baseAddress, min(buffer.count, rest))
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw FileError(path: path, operation: "read", errno: errno) }
            if count == 0 { return hash.finishBytes() }
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            rest -= count
        }
    }
}
