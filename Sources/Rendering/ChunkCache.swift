import Glibc

/// Rendered chunks and sounds on disk, by key. May vanish at any time; whoever reads an entry checks it.
public struct ChunkCache: Sendable {
    public let folder: String
    public let limitBytes: Int

    public static let defaultLimitBytes = 20 << 30

    /// `BURNS_CACHE`, or `burns` in the user's cache folder (XDG Base Directory Specification).
    public static func defaultFolder() -> String? {
        func variable(_ name: String) -> String? {
            getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let own = variable("BURNS_CACHE") { return own }
        if let base = variable("XDG_CACHE_HOME"), base.hasPrefix("/") { return base + "/burns" }
        return variable("HOME").map { $0 + "/.cache/burns" }
    }

    /// A cache for one render only, in the system's folder for temporary files; `removeAll` takes it away.
    public static func temporary() throws(FileError) -> ChunkCache {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp"
        var template = Array("\(base)/burns-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw FileError(path: base, operation: "write", errno: errno) }
        return try ChunkCache(folder: String(cString: made), limitBytes: .max)
    }

    /// Creates the folder if it is not there.
    public init(folder: String, limitBytes: Int = defaultLimitBytes) throws(FileError) {
        self.folder = folder
        self.limitBytes = limitBytes
        try Self.createFolder(folder)
        StagedFile.sweep(folder: folder, name: nil)
    }

    func path(ofKey key: String, extension suffix: String) -> String { "\(folder)/\(key).\(suffix)" }

    /// Marks an entry as used now, so that it is among the last to go.
    func touch(_ path: String) { utimensat(AT_FDCWD, path, nil, 0) }

    func remove(_ path: String) { unlink(path) }

    /// Empties the cache and removes its folder.
    public func removeAll() {
        ChunkCache(trimming: self).trim()
        rmdir(folder)
    }

    private init(trimming other: ChunkCache) {
        folder = other.folder
        limitBytes = 0
    }

    /// Removes the entries that were not used for longest, until the rest fits the limit.
    ///
    /// - Parameter keeping: entries that a film still needs.
    public func trim(keeping: Set<String> = []) {
        guard let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        var entries: [(path: String, bytes: Int, used: (Int, Int))] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            // Only what this cache names so: the folder may be the user's by mistake.
            let stem = name.prefix { $0 != "." }
            guard stem.utf8.count == 64, stem.allSatisfy(\.isHexDigit), name.hasSuffix(".mp4") || name.hasSuffix(".m4a")
            else { continue }
            var status = stat()
            let path = folder + "/" + name
            guard stat(path, &status) == 0 else { continue }
            entries.append((path, Int(status.st_size), (Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec))))
        }
        var total = entries.reduce(0) { $0 + $1.bytes }
        for entry in entries.sorted(by: { $0.used < $1.used }) where total > limitBytes && !keeping.contains(entry.path) {
            unlink(entry.path)
            total -= entry.bytes
        }
    }

    private static func createFolder(_ path: String) throws(FileError) {
        var made = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            made += "/" + component
            if mkdir(made, 0o777) != 0 && errno != EEXIST {
                throw FileError(path: path, operation: "write", errno: errno)
            }
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError(path: path, operation: "write", errno: errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw FileError(path: path, operation: "write", errno: ENOTDIR) }
    }
}
