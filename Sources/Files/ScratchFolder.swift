import Glibc
import Synchronization

/// A folder for one run's files. Its owner holds a lock on it, so that a later run can tell one that a killed process left from
/// one that is in use.
public final class ScratchFolder: Sendable {
    public let path: String
    private let descriptor: Int32

    private static let prefix = "burns-scratch-"
    /// A process may end while the last reference is in a task's hands.
    private static let open = Mutex<Set<String>>([])
    private static let removesAtExit: Void = {
        atexit { ScratchFolder.open.withLock { $0 }.forEach(ScratchFolder.remove) }
    }()
    /// Until it is locked.
    private static let newPrefix = "burns-new-"

    /// - Parameter base: what it is made in; what killed processes left there is swept away.
    package init(in base: String) throws(FileError) {
        ScratchFolder.sweep(base)
        var template = Array("\(base)/\(ScratchFolder.newPrefix)XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw FileError(path: base, operation: "write", errno: errno) }
        let new = String(cString: made)
        path = "\(base)/\(ScratchFolder.prefix)\(new.suffix(6))"
        _ = ScratchFolder.removesAtExit
        ScratchFolder.open.withLock { [path] in _ = $0.insert(path) }
        descriptor = Glibc.open(new, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        flock(descriptor, LOCK_EX | LOCK_NB)
        guard rename(new, path) == 0 else {
            let code = errno
            rmdir(new)
            close(descriptor)
            throw FileError(path: base, operation: "write", errno: code)
        }
    }

    deinit {
        ScratchFolder.remove(path)
        ScratchFolder.open.withLock { [path] in _ = $0.remove(path) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Removes what killed processes of this user left.
    private static func sweep(_ base: String) {
        for name in namesInFolder(base) where name.hasPrefix(prefix) || name.hasPrefix(newPrefix) {
            let path = base + "/" + name
            let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            // One that is just being made is not locked yet.
            guard fstat(descriptor, &status) == 0, status.st_uid == getuid(),
                name.hasPrefix(prefix) || status.st_ctim.tv_sec < time(nil) - 60, flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            remove(path)
        }
    }

    /// Links are removed and not followed.
    private static func remove(_ path: String) {
        for name in namesInFolder(path) {
            let inner = path + "/" + name
            if unlink(inner) != 0 && errno == EISDIR { remove(inner) }
        }
        rmdir(path)
    }
}
