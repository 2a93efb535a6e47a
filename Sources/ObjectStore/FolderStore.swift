import Glibc

/// A folder laid out like the bucket: `projects/ID/…`, `videos/…`.
///
/// Keys come from strangers. A key never leads out of the folder: not by `..`, not as an absolute path, not through a
/// symbolic link.
public struct FolderStore: Hashable, Sendable {
    /// Absolute, without symbolic links.
    public let root: String

    public init(root: String) throws(StoreError) {
        guard let resolved = FolderStore.resolve(root) else {
            throw StoreError("the store \(root) cannot be opened: \(String(cString: strerror(errno)))")
        }
        var status = stat()
        guard stat(resolved, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError("the store \(root) is not a folder")
        }
        self.root = resolved
    }

    /// The file that holds an object.
    ///
    /// - Returns: an absolute path inside of `root`, or `nil` where there is no such object.
    /// - Throws: for a key that is not one, or that leads out of the store.
    public func path(ofKey key: String) throws(StoreError) -> String? {
        try FolderStore.checkKey(key)
        guard let resolved = FolderStore.resolve(root + "/" + key) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw StoreError("\(key) cannot be opened: \(String(cString: strerror(errno)))")
        }
        let inside = root == "/" ? "/" : root + "/"
        guard resolved.utf8.starts(with: inside.utf8) else {
            throw StoreError("\(key) leads out of the store \(root) through a symbolic link; copy the file into the store")
        }
        return resolved
    }

    /// Refuses what cannot be the name of an object below a folder.
    static func checkKey(_ key: String) throws(StoreError) {
        let allowed = "allowed are relative names without .. of at most 1024 bytes"
        guard !key.isEmpty, key.utf8.count <= 1024 else {
            throw StoreError("a key of \(key.utf8.count) bytes is not one; \(allowed)")
        }
        // Bytes, as the system sees them: a combining mark after a slash does not hide it.
        let slash = UInt8(ascii: "/")
        guard key.utf8.first != slash, !key.utf8.contains(0),
            !key.utf8.split(separator: slash).contains(where: { $0.elementsEqual("..".utf8) })
        else {
            throw StoreError("the key \(key) leads out of the store; \(allowed)")
        }
    }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// What a store refuses or cannot do, as one sentence.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
