import Files
import Glibc
import ObjectStore
import Synchronization
import Timeline

/// What one project needs of a bucket, in a folder laid out like it: the manifest, and the pictures and the sound that it names.
///
/// The folder is this process's own and goes with the last reference. Its files are links to those of a cache, so that nobody
/// who tidies up the cache takes them away.
public final class ProjectMirror: Sendable {
    public let store: S3Store
    /// The mirror's root. Films that are to be pushed are made in it, too.
    public let root: String
    private let scratch: ScratchFolder
    private let folder: FolderStore
    private let pulled: PulledObjects?
    private let onProgress: (@Sendable (FilesProgress) -> Void)?
    private let denied = Mutex(false)

    /// What is missing may be there: the store denied access to something. Whoever may not list a bucket is denied what is not
    /// there, too.
    public var hasDenials: Bool { denied.withLock { $0 } }

    /// - Parameters:
    ///   - base: what the folder is made in.
    ///   - caches: keeps what is pulled in `base`, for the next time.
    public init(
        of store: S3Store, in base: String, caches: Bool, onProgress: (@Sendable (FilesProgress) -> Void)? = nil
    ) throws {
        self.store = store
        self.onProgress = onProgress
        scratch = try ScratchFolder(in: base)
        folder = try FolderStore(root: scratch.path)
        root = folder.root
        pulled = caches ? PulledObjects(folder: base) : nil
    }

    /// Pulls a project of the store.
    ///
    /// - Returns: the manifest's path.
    public func pull(project id: String) async throws -> String {
        let key = StoreLayout.manifest(ofProject: id)
        guard StoreLayout.isProjectID(id) else { throw LibraryError("\(id.debugDescription) \(StoreLayout.notAnID)") }
        let index = try await index(of: id)
        let found: ListedObject?
        do {
            found = try await find(key, in: index)
        } catch let error as StoreError where error.kind == .accessDenied {
            throw LibraryError("\(error); without s3:ListBucket, this is also what S3 says of an object that is not there")
        }
        guard let manifest = found else {
            throw LibraryError("there is no project \(id) in \(store.location): no \(key); see burns ls")
        }
        try await place(manifest, at: key)
        try await pullFiles(namedBy: try await folder.read(key, limit: ManifestLimits.bytes), id, index) { path in
            StoreLayout.folder(ofProject: id) + path
        }
        return "\(root)/\(key)"
    }

    /// Pulls what a manifest elsewhere names and has not got beside it.
    public func pull(manifest path: String, fallbackID: String) async throws {
        let place = PathParts(path)
        let beside = try FolderStore(root: place.folder)
        let bytes = try await beside.read(place.name, limit: ManifestLimits.bytes)
        try await pullFiles(namedBy: bytes, fallbackID, Index(prefix: "", objects: nil)) { _ in nil } isThere: { path in
            (try? beside.path(ofKey: path)) != nil
        }
    }

    // MARK: Steps

    /// What a listing says is below a prefix; `nil` where none is allowed.
    private struct Index: Sendable {
        let prefix: String
        let objects: [ObjectKey: ListedObject]?
    }

    private func find(_ key: String, in index: Index) async throws -> ListedObject? {
        if let objects = index.objects, key.utf8.starts(with: index.prefix.utf8) { return objects[ObjectKey(key)] }
        do {
            return try await store.headIfPresent(key).map(ListedObject.init)
        } catch let error as StoreError where error.kind == .invalidKey {
            return nil
        }
    }

    /// The first that there is, of those that may be read.
    private func find(_ candidates: [(key: String, place: String)], in index: Index) async throws -> (ListedObject, String)? {
        for (key, place) in candidates {
            do {
                if let object = try await find(key, in: index) { return (object, place) }
            } catch let error as StoreError where error.kind == .accessDenied {
                denied.withLock { $0 = true }
            }
        }
        return nil
    }

    private func index(of id: String) async throws -> Index {
        let prefix = StoreLayout.folder(ofProject: id)
        do {
            let objects = try await store.list(Listing(prefix: prefix)).allObjects()
            return Index(prefix: prefix, objects: Dictionary(objects.map { (ObjectKey($0.key), $0) }) { first, _ in first })
        } catch let error as StoreError where error.kind == .accessDenied {
            // Whoever may read need not be allowed to list.
            return Index(prefix: prefix, objects: nil)
        }
    }

    /// - Parameters:
    ///   - keyOfPath: what a path beside the manifest is in the store.
    ///   - isThere: whether a path beside the manifest needs no pulling.
    private func pullFiles(
        namedBy bytes: [UInt8], _ fallbackID: String, _ index: Index, keyOfPath: (String) -> String?,
        isThere: (String) -> Bool = { _ in false }
    ) async throws {
        // What is wrong with the manifest is for the one who reads it to say.
        guard let project = Project.read(bytes, fallbackID: fallbackID).project else { return }
        var wanted: [[(key: String, place: String)]] = []
        for reference in project.usedPictures.map({ project.pictures[$0] }) + [project.narration].compactMap({ $0 }) {
            if let path = reference.path, isThere(path) { continue }
            wanted.append(places(of: reference, project.id, keyOfPath))
        }
        let found = try await inParallel(8, wanted) { [self] in try await find($0, in: index) }
        var places: [ObjectKey: ListedObject] = [:]
        for (object, place) in found.compactMap({ $0 }) {
            if let other = places.updateValue(object, forKey: ObjectKey(place)), ObjectKey(other.key) != ObjectKey(object.key) {
                let names = "\(store.location.naming(other.key)) and \(store.location.naming(object.key))"
                throw LibraryError("\(names) are two objects, and would be one file here; give one of them another name")
            }
        }
        let meter = FilesMeter(places.values.map(\.size), onProgress)
        _ = try await inParallel(4, places) { [self] place, object in
            try await self.place(object, at: place.wrappedValue)
            meter.finish(object.size)
        }
    }

    /// The keys by which a file may be found, in the order in which they count, and where each is looked for in the mirror.
    private func places(
        of reference: MediaReference, _ id: String, _ keyOfPath: (String) -> String?
    ) -> [(key: String, place: String)] {
        // Files have no empty or "." parts in their names; keys may.
        func tidy(_ key: String) -> String { key.split(separator: "/").filter { $0 != "." }.joined(separator: "/") }
        return reference.candidatesInOrder.flatMap { candidate -> [(key: String, place: String)] in
            switch candidate {
            case .path(let path):
                guard let key = keyOfPath(path) else { return [] }
                return [(tidy(key), tidy(key))]
            case .s3Key(let key):
                // A copy under another id has files of its own where the first one's are gone.
                let own = StoreLayout.path(of: key, inProject: id).flatMap(keyOfPath).map(tidy)
                let others = [tidy(key), own].compactMap { $0 }.filter { ObjectKey($0) != ObjectKey(key) }
                return ([key] + others).map { ($0, tidy(key)) }
            case .s3URL(let url):
                // A manifest from a stranger does not make others' buckets be read.
                guard let name = try? ObjectName(parsing: url), name.bucket == store.bucket, let key = store.inner(name.key)
                else { return [] }
                return [(key, tidy(name.key))]
            case .url: return []
            }
        }
    }

    /// `nil` for a key that no file can have: whoever examines the project says so, and where the manifest names it.
    private func path(of key: String) throws(StoreError) -> String? {
        do {
            return try folder.place(of: key, creating: true)
        } catch {
            guard error.kind == .invalidKey else { throw error }
            return nil
        }
    }

    private func place(_ object: ListedObject, at key: String) async throws {
        guard let path = try path(of: key) else { return }
        guard let pulled else {
            _ = try await store.download(object, to: path, options: TransferOptions())
            return
        }
        // What was just there may have been tidied up.
        for _ in 1...3 {
            let file = try await pulled.file(of: object, in: store, progress: TransferOptions())
            if link(file, path) == 0 || errno == EEXIST { return }
            if errno != ENOENT { break }
        }
        // Not every file system has links, and not every file of others may be linked to.
        _ = try await store.download(object.key, to: path, options: TransferOptions())
    }
}
