import ObjectStore

/// What an import before this one, or another tool, has left in one folder of a project.
struct StoredMedia: Sendable {
    struct Object: Sendable {
        let listed: ListedObject
        /// As `OriginalURL` writes them; `nil`: it did not come from a URL, or from another tool.
        let originalURL: String?
        let originalDigest: String?
        /// Pixels, as seen; `nil`: nobody has looked.
        let size: PictureExtent?

        var key: String { listed.key }
    }

    /// In the order of keys.
    let objects: [Object]
    private let byKey: [ObjectKey: Object]
    private let byOrigin: [Origin: Object]

    private struct Origin: Hashable {
        let url: String
        let digest: String?
    }

    /// - Parameter folder: "projects/ID/images/"
    init(_ folder: String, in store: any ObjectStore) async throws {
        let listed = try await store.list(Listing(prefix: folder)).allObjects()
        let objects = try await inParallel(16, listed) { object in
            let metadata = try await store.headIfPresent(object.key)?.attributes.metadata ?? [:]
            return Object(
                listed: object, originalURL: metadata["original-url"], originalDigest: metadata["original-digest"],
                size: PictureExtent(metadata))
        }
        self.init(objects)
    }

    init(_ objects: [Object]) {
        self.objects = objects
        byKey = Dictionary(objects.map { (ObjectKey($0.key), $0) }, uniquingKeysWith: { $1 })
        let origins = objects.compactMap { object in
            object.originalURL.map { (Origin(url: $0, digest: object.originalDigest), object) }
        }
        // The latest: names end with the time.
        byOrigin = Dictionary(origins, uniquingKeysWith: { $1 })
    }

    subscript(_ key: String) -> Object? { byKey[ObjectKey(key)] }

    /// What was fetched from there, the latest.
    func fetched(from original: OriginalURL) -> Object? {
        byOrigin[Origin(url: original.metadataText, digest: original.digest)]
    }

    /// The object whose content is that of a file.
    func holding(_ path: String, bytes: Int64, in store: any ObjectStore) async throws -> Object? {
        for object in objects where object.listed.size == bytes {
            let isSame = try await store.holds(object.listed, contentOf: path, partBytes: TransferOptions().partBytes)
            if isSame == true { return object }
        }
        return nil
    }
}

/// A picture's size in pixels, as seen.
struct PictureExtent: Hashable, Sendable {
    let width: Int
    let height: Int

    init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

    init?(_ metadata: [String: String]) {
        guard let width = metadata["width"].flatMap({ Int($0) }), let height = metadata["height"].flatMap({ Int($0) }),
            width > 0, height > 0
        else { return nil }
        self.init(width: width, height: height)
    }
}
