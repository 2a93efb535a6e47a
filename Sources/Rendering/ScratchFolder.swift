import Files
import Glibc

/// A folder for one run's chunks, in the system's place for temporary files. Its owner holds a lock on it, so that a later run
/// can tell one that a killed process left from one that is in use.
public final class ScratchFolder {
    public let path: String
    private let descriptor: Int32

    private static let prefix = "burns-scratch-"

    public init() throws(FileError) {
        let base = Environment.value("TMPDIR") ?? "/var/tmp"
        ScratchFolder.sweep(base)
        var template = Array("\(base)/\(ScratchFolder.prefix)XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw FileError(path: base, operation: "write", errno: errno) }
        path = String(cString: made)
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit {
        ScratchFolder.remove(path)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Removes what killed processes of this user left.
    private static func sweep(_ base: String) {
        for name in namesInFolder(base) where name.hasPrefix(prefix) {
            let path = base + "/" + name
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            // A folder that is just being made is not locked yet.
            guard fstat(descriptor, &status) == 0, status.st_uid == getuid(), status.st_ctim.tv_sec < time(nil) - 60,
                flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            remove(path)
        }
    }

    /// A scratch folder holds files only.
    private static func remove(_ path: String) {
        for name in namesInFolder(path) { unlink(path + "/" + name) }
        rmdir(path)
    }
}
