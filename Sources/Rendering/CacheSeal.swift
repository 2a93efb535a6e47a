import Digest
import Files
import Glibc

/// A checksum at the end of a cached file, so that what the disk or somebody's hand changed is noticed.
///
/// The last 48 bytes are an MP4 `free` box, which players skip: size, type, eight bytes of name, and the SHA-256 of everything
/// before the box.
/// - Source: ISO/IEC 14496-12, 8.1.2 "Free Space Box".
enum CacheSeal {
    private static let name = Array("burnsha2".utf8)
    private static let boxBytes = 48

    /// Appends the seal to a finished file.
    static func seal(_ path: String) throws(FileError) {
        let digest = try SHA256.bytesOfFile(path)
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, operation: "write", errno: errno) }
        defer { close(descriptor) }
        let box = [0, 0, 0, UInt8(boxBytes)] + Array("free".utf8) + name + digest
        // A few bytes at the end of a file are written whole, or the disk is full.
        let written = write(descriptor, box, box.count)
        guard written == box.count else {
            throw FileError(path: path, operation: "write", errno: written < 0 ? errno : ENOSPC)
        }
    }

    /// Whether the file is what was sealed.
    static func isIntact(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        var box = [UInt8](repeating: 0, count: boxBytes)
        guard size > boxBytes, pread(descriptor, &box, boxBytes, size - boxBytes) == boxBytes,
            Array(box[8..<16]) == name, let digest = try? SHA256.bytesOfFile(path, byteCount: size - boxBytes)
        else { return false }
        return Array(box[16...]) == digest
    }
}
