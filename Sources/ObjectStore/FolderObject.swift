import Files
import Glibc

/// An object of a folder, opened for reading: it stays what it is, even when another takes its place.
final class FolderObject {
    let key: String
    /// Closed with the last reference.
    let descriptor: Int32
    let size: Int64
    let etag: ETag
    private let modifiedAt: Int

    init(_ key: String, in store: FolderStore) throws(StoreError) {
        _ = try FolderStore.parts(of: key)
        guard let path = try store.path(ofKey: key) else { throw FolderStore.failure(key, "read", ENOENT) }
        // Opening a pipe would wait for a writer.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FolderStore.failure(key, "read", errno) }
        self.key = key
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        (size, etag, modifiedAt) = (Int64(status.st_size), ETag(file: status), status.st_mtim.tv_sec)
        guard isKnown, status.st_mode & S_IFMT == S_IFREG else { throw FolderStore.failure(key, "read", ENOENT) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// With the tags.
    func attributes() throws(StoreError) -> ObjectAttributes {
        var attributes = try FolderAttributes.read(of: descriptor, key: key)
        attributes.contentType = attributes.contentType ?? ContentType.ofKey(key)
        return attributes
    }

    func setTags(_ tags: [String: String]) throws(StoreError) {
        try FolderAttributes.write(tags: tags, to: descriptor, key: key)
    }

    func info() throws(StoreError) -> ObjectInfo {
        var attributes = try attributes()
        attributes.tags = [:]
        return ObjectInfo(key: key, size: size, etag: etag, modifiedAt: modifiedAt, attributes: attributes)
    }

    /// - Throws: `changed` where another program has written into the file while it was read.
    func read(_ range: Range<Int64>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        do {
            let count = try readBlocks(of: descriptor, range, path: key, body)
            var status = stat()
            guard fstat(descriptor, &status) == 0, count == range.count, ETag(file: status) == etag else {
                throw StoreError(.changed, "\(key) changed while it was read")
            }
        } catch let error as FileError {
            throw FolderStore.failure(key, error)
        }
    }
}

extension ETag {
    /// Of the file that is there now; `nil`: none is.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(file: status)
    }

    /// Another one for each file that takes the name. Attributes do not count.
    init(file status: stat) {
        let time = status.st_mtim
        let numbers = [Int(status.st_ino), time.tv_sec, time.tv_nsec, Int(status.st_size)]
        self.init(numbers.map { String($0, radix: 16) }.joined(separator: "-"))
    }
}
