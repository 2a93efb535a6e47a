import CSystem
import Files
import Glibc

/// A temporary file that has no name: nothing is left of it, however the process ends.
final class UnnamedFile: Sendable {
    /// For reading and writing. Closed with the last reference.
    let descriptor: Int32

    /// Below `TMPDIR`, or else in `/var/tmp`, which holds large files.
    init() throws(FileError) {
        let folder = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
        var opened = burns_open_unnamed(folder)
        if opened < 0 {
            // Not every file system can.
            var path = Array("\(folder)/burns-import-XXXXXX".utf8CString)
            opened = mkstemp(&path)
            guard opened >= 0 else { throw FileError(path: folder, operation: "write", errno: errno) }
            unlink(path)
            _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
        }
        descriptor = opened
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// By which this process can open it again.
    var path: String { "/proc/self/fd/\(descriptor)" }

    /// In bytes.
    var size: Int64 {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
    }

    func clear() throws(FileError) {
        guard ftruncate(descriptor, 0) == 0 else { throw FileError(path: path, operation: "write", errno: errno) }
    }
}

/// The first bytes of an open file: at most so many, fewer where it is shorter.
func beginning(of descriptor: Int32, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = max(0, pread(descriptor, buffer.baseAddress, count, 0))
    }
}
