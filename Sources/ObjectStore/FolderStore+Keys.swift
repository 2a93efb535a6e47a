import Files
import Glibc

extension FolderStore {
    /// The parts of a key that names one file and no other key does.
    static func parts(of key: String) throws(StoreError) -> [String] {
        func refuse(_ why: String) -> StoreError {
            StoreError(.invalidKey, "the key \(key.debugDescription) cannot be a file's name: \(why)")
        }
        guard 1...1024 ~= key.utf8.count else { throw refuse("it has \(key.utf8.count) bytes, and 1 to 1024 are allowed") }
        guard !key.utf8.contains(0) else { throw refuse("it has a NUL in it") }
        var parts: [String] = []
        for part in key.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            let part = String(Substring(part))
            guard !part.isEmpty else { throw refuse("it has an empty part between slashes or at an end") }
            guard part != ".", part != ".." else { throw refuse("it has \(part) as a part") }
            guard part.utf8.count <= 255 else { throw refuse("a part of it has more than 255 bytes") }
            guard !StagedFile.isTemporary(part) else { throw refuse("such names are those of unfinished files") }
            parts.append(part)
        }
        return parts
    }

    /// The folder of an object, with its name there.
    ///
    /// - Parameter creating: makes the folders that are not there yet.
    /// - Returns: `nil` where there is no such folder.
    package func place(of key: String, creating: Bool) throws(StoreError) -> String? {
        let parts = try FolderStore.parts(of: key)
        var folder = root
        for part in parts.dropLast() {
            let next = (folder == "/" ? "" : folder) + "/" + part
            // There is nothing to resolve, as there is no link.
            if FolderStore.isFolder(next) {
                folder = next
                continue
            }
            if creating, mkdir(next, 0o777) != 0, errno != EEXIST { throw FolderStore.failure(key, "written", errno) }
            guard let resolved = FolderStore.resolve(next) else {
                if !creating, errno == ENOENT || errno == ENOTDIR { return nil }
                throw FolderStore.failure(key, "written", errno)
            }
            guard isInside(resolved) else {
                throw StoreError(
                    .invalidKey, "\(key) leads out of the store \(root) through a symbolic link; copy the folder into the store")
            }
            folder = resolved
        }
        return folder + "/" + (parts.last ?? "")
    }

    /// Not a link to one.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// An error of the system, as what it means for an object.
    static func failure(_ key: String, _ participle: String, _ code: Int32) -> StoreError {
        let words = String(cString: strerror(code))
        let problem = "\(key.onOneLine) cannot be \(participle)"
        switch code {
        case ENOENT: return StoreError(.notFound, "there is no object \(key.onOneLine)")
        case ENOTDIR: return StoreError(.invalidKey, "\(problem): a part of it is an object, which is no folder")
        case EISDIR: return StoreError(.invalidKey, "\(problem): there are objects below it, so that it is a folder")
        case EACCES, EPERM, EROFS: return StoreError(.accessDenied, "\(problem): \(words)")
        default: return StoreError(.file, "\(problem): \(words)")
        }
    }

    static func failure(_ key: String, _ error: FileError) -> StoreError {
        failure(key, error.operation == "read" ? "read" : "written", error.errno)
    }
}
