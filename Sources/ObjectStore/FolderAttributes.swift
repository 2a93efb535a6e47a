import CSystem
import Glibc

/// Keeps an object's attributes in extended attributes of its file.
///
/// Names and values follow each other, each ended by a NUL, so that what fits into S3 fits into the 4 KiB that ext4 has.
enum FolderAttributes {
    private static let contentType = "user.burns.content-type"
    private static let metadata = "user.burns.metadata"
    private static let tags = "user.burns.tags"

    static func read(of descriptor: Int32, key: String) throws(StoreError) -> ObjectAttributes {
        ObjectAttributes(
            contentType: try text(contentType, of: descriptor, key: key),
            metadata: pairs(try text(metadata, of: descriptor, key: key) ?? ""),
            tags: pairs(try text(tags, of: descriptor, key: key) ?? ""))
    }

    /// Of a new file.
    static func write(_ attributes: ObjectAttributes, to descriptor: Int32, key: String) throws(StoreError) {
        let type = attributes.contentType.flatMap { $0 == ContentType.ofKey(key) ? nil : $0 }
        try set(contentType, type ?? "", of: descriptor, key: key)
        try set(metadata, text(attributes.metadata), of: descriptor, key: key)
        try write(tags: attributes.tags, to: descriptor, key: key)
    }

    static func write(tags: [String: String], to descriptor: Int32, key: String) throws(StoreError) {
        try set(self.tags, text(tags), of: descriptor, key: key)
    }

    /// Those of other kinds, such as FUSE's, have a code of their own for it.
    private static func lacksAttributes(_ code: Int32) -> Bool { code == ENOTSUP || code == ENOSYS }

    private static func text(_ pairs: [String: String]) -> String {
        pairs.sorted { $0.key < $1.key }.map { "\($0.key)\0\($0.value)\0" }.joined()
    }

    private static func pairs(_ text: String) -> [String: String] {
        let parts = text.utf8.split(separator: 0, omittingEmptySubsequences: false).map { String(Substring($0)) }
        var pairs: [String: String] = [:]
        for start in stride(from: 0, to: parts.count - 1, by: 2) { pairs[parts[start]] = parts[start + 1] }
        return pairs
    }

    private static func text(_ name: String, of descriptor: Int32, key: String) throws(StoreError) -> String? {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = fgetxattr(descriptor, name, &bytes, bytes.count)
        if count >= 0 { return String(decoding: bytes.prefix(count), as: UTF8.self) }
        if errno == ENODATA || lacksAttributes(errno) { return nil }
        throw FolderStore.failure(key, "read", errno)
    }

    private static func set(_ name: String, _ value: String, of descriptor: Int32, key: String) throws(StoreError) {
        if value.isEmpty {
            if fremovexattr(descriptor, name) == 0 || errno == ENODATA || lacksAttributes(errno) { return }
            throw FolderStore.failure(key, "written", errno)
        }
        if fsetxattr(descriptor, name, value, value.utf8.count, 0) == 0 { return }
        switch errno {
        case let code where lacksAttributes(code):
            throw StoreError(
                .unsupported, "\(key) cannot be written: its file system has no extended attributes, in which metadata, tags and "
                    + "content types are kept; use a store on another, such as ext4, XFS or Btrfs")
        case ENOSPC, E2BIG, ERANGE:
            throw StoreError(
                .unsupported, "\(key) cannot be written: its metadata and tags are more than its file system keeps with a file")
        default: throw FolderStore.failure(key, "written", errno)
        }
    }
}
