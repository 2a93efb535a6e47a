import Files
import Glibc

extension FolderStore {
    public func page(of listing: Listing, after token: ListToken?) async throws -> ListPage {
        var walk = FolderWalk(store: self, listing: listing, after: token?.text, most: listing.pageSize)
        try walk.run()
        return walk.page
    }

    /// In one walk.
    public func allObjects(of listing: Listing) async throws -> [ListedObject] {
        var walk = FolderWalk(store: self, listing: listing, after: nil, most: .max)
        try walk.run()
        return walk.page.objects
    }

    /// Links that listings leave out, as what they lead to is a folder, out of the store or not there.
    package func linksWithoutObjects() throws -> [String] {
        let walk = FolderWalk(store: self, listing: Listing(), after: nil, most: .max)
        return try walk.linksWithoutObjects(root, "")
    }

    /// Removes what writers have left that are gone.
    ///
    /// - Parameter kept: paths of temporary files that somebody will go on with.
    func sweepLeftovers(except kept: Set<ObjectKey>) throws { try FolderStore.sweep(root, kept) }

    private static func sweep(_ folder: String, _ kept: Set<ObjectKey>) throws {
        try Task.checkCancellation()
        StagedFile.sweep(folder: folder) { isLeftover($0) && !kept.contains(ObjectKey("\(folder)/\($0)")) }
        // Those that begin with a dot belong to other programs.
        for entry in try FolderEntry.sorted(in: folder) where entry.isFolder && !entry.name.hasPrefix(".") {
            try sweep(folder + "/" + entry.name.dropLast(), kept)
        }
    }

    /// Whether it is a name that `StagedFile` or `PartialFile` has given: other programs have such files, too.
    private static func isLeftover(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        guard name.hasPrefix("."), parts.count >= 3 else { return false }
        let kind = parts[parts.count - 2]
        return kind.allSatisfy(\.isNumber) || kind == "download" || kind == "journal" && parts[parts.count - 3] == "download"
    }
}

/// Walks through a store in the order of its keys, as far as a page goes.
///
/// A folder counts as its name with a slash: in that order, "a-b", "a/b", "a0" come one after the other as their keys do.
private struct FolderWalk {
    let store: FolderStore
    let listing: Listing
    let after: String?
    /// Objects and common prefixes.
    let most: Int
    var page = ListPage(objects: [], commonPrefixes: [], next: nil)
    private var last = ""

    init(store: FolderStore, listing: Listing, after: String?, most: Int) {
        (self.store, self.listing, self.after, self.most) = (store, listing, after, most)
    }

    private var count: Int { page.objects.count + page.commonPrefixes.count }

    mutating func run() throws { _ = try visit(store.root, "") }

    /// - Returns: whether the page has room for more.
    private mutating func visit(_ folder: String, _ folderKey: String) throws -> Bool {
        try Task.checkCancellation()
        for entry in try FolderEntry.sorted(in: folder) {
            let key = folderKey + entry.name
            if entry.isFolder {
                guard try enter(folder + "/" + entry.name.dropLast(), key) else { return false }
            } else if key.utf8.starts(with: listing.prefix.utf8), isAfterToken(key), let object = try object(folder, entry, key) {
                guard hasRoom() else { return false }
                page.objects.append(object)
                last = key
            }
        }
        return true
    }

    /// - Parameter key: with its slash.
    private mutating func enter(_ path: String, _ key: String) throws -> Bool {
        let prefix = listing.prefix
        guard key.utf8.starts(with: prefix.utf8) || prefix.utf8.starts(with: key.utf8) else { return true }
        // All of it comes before the token.
        if let after, key.isLess(than: after), !after.utf8.starts(with: key.utf8) { return true }
        let isCommon = listing.depth == .oneLevel && key.utf8.count > prefix.utf8.count
        guard isCommon else { return try visit(path, key) }
        guard isAfterToken(key), try FolderWalk.hasObject(path) else { return true }
        guard hasRoom() else { return false }
        page.commonPrefixes.append(key)
        last = key
        return true
    }

    func linksWithoutObjects(_ folder: String, _ folderKey: String) throws -> [String] {
        try FolderEntry.sorted(in: folder).flatMap { entry -> [String] in
            let key = folderKey + entry.name
            if entry.isFolder { return try linksWithoutObjects(folder + "/" + entry.name.dropLast(), key) }
            return try entry.isLink && object(folder, entry, key) == nil ? [key] : []
        }
    }

    private func isAfterToken(_ key: String) -> Bool { after.map { $0.isLess(than: key) } ?? true }

    private mutating func hasRoom() -> Bool {
        guard count == most else { return true }
        page.next = ListToken(text: last)
        return false
    }

    /// `nil` for what is no object: pipes, links that lead nowhere, to a folder or out of the store.
    private func object(_ folder: String, _ entry: FolderEntry, _ key: String) throws -> ListedObject? {
        guard let path = entry.isLink ? try pathInside(key) : folder + "/" + entry.name else { return nil }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return ListedObject(key: key, size: Int64(status.st_size), etag: ETag(file: status), modifiedAt: status.st_mtim.tv_sec)
    }

    private func pathInside(_ key: String) throws(StoreError) -> String? {
        do {
            return try store.path(ofKey: key)
        } catch {
            guard error.kind == .invalidKey else { throw error }
            return nil
        }
    }

    /// Whether a common prefix has anything below it.
    private static func hasObject(_ folder: String) throws -> Bool {
        for entry in try FolderEntry.sorted(in: folder) {
            if !entry.isFolder { return true }
            if try hasObject(folder + "/" + entry.name.dropLast()) { return true }
        }
        return false
    }
}

/// A name in a folder.
private struct FolderEntry {
    /// With a slash at the end of folders'.
    let name: String
    let isFolder: Bool
    let isLink: Bool

    /// In the order of keys, without unfinished files. Links to folders are not followed: they could lead round in circles.
    static func sorted(in folder: String) throws(StoreError) -> [FolderEntry] {
        guard let directory = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw FolderStore.failure(folder, "read", errno)
        }
        defer { closedir(directory) }
        var entries: [FolderEntry] = []
        while let entry = readdir(directory) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                let shown = String(decoding: bytes, as: UTF8.self)
                throw StoreError(.invalidKey, "\(folder) has a file whose name is not UTF-8: \(shown)")
            }
            if name == "." || name == ".." || StagedFile.isTemporary(name) { continue }
            let type = type(entry.pointee.d_type, folder + "/" + name)
            let isFolder = type == DT_DIR
            entries.append(FolderEntry(name: isFolder ? name + "/" : name, isFolder: isFolder, isLink: type == DT_LNK))
        }
        return entries.sorted { $0.name.isLess(than: $1.name) }
    }

    /// Not every file system says it with the name.
    private static func type(_ type: UInt8, _ path: String) -> Int {
        var status = stat()
        guard Int(type) == DT_UNKNOWN, lstat(path, &status) == 0 else { return Int(type) }
        return switch status.st_mode & S_IFMT {
        case S_IFDIR: DT_DIR
        case S_IFLNK: DT_LNK
        default: DT_REG
        }
    }
}

extension String {
    /// In the order of UTF-8, which is that of keys; Swift's own order is another.
    func isLess(than other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
