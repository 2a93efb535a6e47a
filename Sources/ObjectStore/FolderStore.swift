import Glibc

/// A folder laid out like the bucket: `projects/ID/…`, `videos/…`. Each object is a file; whatever put it there.
///
/// Keys come from strangers. A key never leads out of the folder: not by `..`, not as an absolute path, not through a
/// symbolic link.
///
/// - Keys that a folder cannot have are refused (`invalidKey`): those with empty, `.` or `..` parts (`a//b`, `a/`), with parts of
///   more than 255 bytes, below another object (`a/b` where `a` is one) or above one, and hidden names that end in `.partial`.
/// - An ETag is made of the file's size, time and inode, so that it costs nothing. Another file in its place has another one.
/// - Content types other than the extension's, metadata and tags are extended attributes (`user.burns.*`) of the file. On file
///   systems without such, writing any is an error (`unsupported`).
/// - Writers of one store exclude each other while they check conditions and rename.
/// - Files are read and written on the caller's thread.
public struct FolderStore: ObjectStore, Hashable {
    /// Absolute, without symbolic links.
    public let root: String

    public var location: StoreLocation { .folder(root) }

    public init(root: String) throws(StoreError) {
        guard let resolved = FolderStore.resolve(root) else {
            let way = errno == ENOENT ? "; make the folder first, or name another store" : ""
            throw StoreError(.noStore, "the store \(root) cannot be opened: \(String(cString: strerror(errno)))\(way)")
        }
        var status = stat()
        guard stat(resolved, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError(.noStore, "the store \(root) is not a folder")
        }
        self.root = resolved
    }

    /// The file that holds an object.
    ///
    /// As names of files, keys may have empty parts and dots here (`./a//b`), which no operation on objects takes.
    ///
    /// - Returns: an absolute path inside of `root`, or `nil` where there is no such object.
    /// - Throws: for a key that is not one, or that leads out of the store.
    public func path(ofKey key: String) throws(StoreError) -> String? {
        try FolderStore.checkKey(key)
        if let plain = plainPath(of: key) { return plain }
        guard let resolved = FolderStore.resolve(root + "/" + key) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw StoreError(.invalidKey, "\(key) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard isInside(resolved) else {
            throw StoreError(
                .invalidKey, "\(key) leads out of the store \(root) through a symbolic link; copy the file into the store")
        }
        return resolved
    }

    /// Where nothing on the way is a symbolic link, so that there is nothing to resolve; `nil`: something is, or is not there.
    private func plainPath(of key: String) -> String? {
        var path = root == "/" ? "" : root
        for part in key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard !part.isEmpty, !part.elementsEqual(".".utf8) else { return nil }
            path += "/" + String(Substring(part))
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return nil }
        }
        return path
    }

    func isInside(_ resolved: String) -> Bool {
        let inside = root == "/" ? "/" : root + "/"
        return resolved.utf8.starts(with: inside.utf8)
    }

    /// Refuses what cannot be the name of an object below a folder.
    private static func checkKey(_ key: String) throws(StoreError) {
        let allowed = "allowed are relative names without .. of at most 1024 bytes"
        guard !key.isEmpty, key.utf8.count <= 1024 else {
            throw StoreError(.invalidKey, "a key of \(key.utf8.count) bytes is not one; \(allowed)")
        }
        // Bytes, as the system sees them: a combining mark after a slash does not hide it.
        let slash = UInt8(ascii: "/")
        guard key.utf8.first != slash, !key.utf8.contains(0),
            !key.utf8.split(separator: slash).contains(where: { $0.elementsEqual("..".utf8) })
        else {
            throw StoreError(.invalidKey, "the key \(key) leads out of the store; \(allowed)")
        }
    }

    static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
