import Digest
import Files
import Glibc
import ObjectStore

/// Objects of buckets kept as files, by bucket, key and ETag: another object in the same place is another file.
///
/// Any number of processes share the folder; each object is pulled by one of them while the others wait. A file may vanish at any
/// time.
package struct PulledObjects: Sendable {
    let folder: String
    static let fileExtension = "object"

    /// Removes what processes that were killed while they pulled have left.
    package static func sweepLocks(in folder: String) { PullLock.sweep(folder) }

    /// - Returns: a file that holds the object, or the one that has taken its place meanwhile.
    func file(of object: ListedObject, in store: S3Store, progress: TransferOptions) async throws -> String {
        let path = try path(of: object.key, object.etag, in: store)
        if PulledObjects.use(path, object.size) { return path }
        let lock = try await PullLock(for: path)
        defer { lock.release() }
        if PulledObjects.use(path, object.size) { return path }
        let info = try await store.download(object, to: path, options: progress)
        let place = try self.path(of: info.key, info.etag, in: store)
        if place != path { rename(path, place) }
        return place
    }

    /// Whether the file is there. Marks it as used now.
    private static func use(_ path: String, _ size: Int64) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, Int64(status.st_size) == size else { return false }
        markUsed(path)
        return true
    }

    private func path(of key: String, _ etag: ETag, in store: S3Store) throws -> String {
        let place = try store.address(of: key).withoutQuery
        let name = SHA256.hexadecimal(of: Array("\(place)\0\(store.bucket)\0\(store.prefix)\(key)\0\(etag)".utf8))
        return "\(folder)/\(name).\(PulledObjects.fileExtension)"
    }
}

/// Held by the one process that pulls an object.
private final class PullLock: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Waits for its turn.
    init(for path: String) async throws {
        self.path = path + PullLock.ending
        while true {
            let descriptor = open(self.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw FileError(path: self.path, operation: "write", errno: errno) }
            var status = stat()
            // The one before removes the name while it holds the lock; a lock on what has no name keeps nobody out.
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
                close(descriptor)
                try await Task.sleep(for: .milliseconds(100))
            } else if fstat(descriptor, &status) == 0, status.st_nlink > 0 {
                self.descriptor = descriptor
                return
            } else {
                close(descriptor)
            }
        }
    }

    func release() {
        unlink(path)
        close(descriptor)
    }

    static func sweep(_ folder: String) {
        for name in namesInFolder(folder) where name.hasSuffix(".\(PulledObjects.fileExtension)\(ending)") {
            let path = "\(folder)/\(name)"
            let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
            close(descriptor)
        }
    }

    private static let ending = ".lock"
}
