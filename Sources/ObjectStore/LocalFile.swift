import Glibc
import HTTP

/// A file here that is to be sent, and what tells whether it stays the same meanwhile.
final class LocalFile: Sendable {
    let path: String
    let descriptor: Int32
    /// In bytes.
    let size: Int64
    /// Of this state of the file.
    let identity: ETag

    init(_ path: String) throws(StoreError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw StoreError(.file, "\(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        self.path = path
        (size, identity) = (Int64(status.st_size), ETag(file: status))
        guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.file, "\(path) cannot be read: it is not a file")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var body: HTTPBody { .file(descriptor: descriptor, offset: 0, count: size) }

    /// - Throws: `changed` where somebody has written into the file since it was opened.
    func checkUnchanged() throws(StoreError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, ETag(file: status) == identity else {
            throw StoreError(.changed, "\(path) changed while it was sent")
        }
    }
}
