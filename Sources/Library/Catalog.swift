import ObjectStore

/// What a store holds of one project.
public struct StoredProject: Hashable, Sendable {
    @ObjectKey public private(set) var id: String
    /// Below `projects/ID/`.
    public var objectCount = 0
    public var bytes: Int64 = 0
    public var hasManifest = false
    /// Besides the manifest, neither in `images/` nor in `audio/`.
    public var otherCount = 0
    /// Chunks below `segments/ID/` that machines share.
    public var chunkCount = 0
    public var chunkBytes: Int64 = 0
    /// Of the newest object of both, in seconds since 1970; `nil`: there is none.
    public var newestAt: Int?
    public var film: ListedObject?
}

/// The projects of a store.
public enum Catalog {
    /// Lists all that there is, in the order of ids. Also those of which only chunks or a film are left.
    ///
    /// - Cost: a request for 1000 objects; memory grows with the number of projects only.
    public static func projects(in store: any ObjectStore) async throws -> [StoredProject] {
        var projects: [ObjectKey: StoredProject] = [:]
        for folder in [StoreLayout.projects, StoreLayout.segments] {
            for try await page in store.list(Listing(prefix: folder)) {
                for object in page.objects {
                    guard let id = StoreLayout.project(of: object.key, below: folder) else { continue }
                    var project = projects[ObjectKey(id)] ?? StoredProject(id: id)
                    if folder == StoreLayout.projects {
                        project.objectCount += 1
                        project.bytes += object.size
                        if object.key == StoreLayout.manifest(ofProject: id) {
                            project.hasManifest = true
                        } else if !StoreLayout.isMedia(object.key, ofProject: id) {
                            project.otherCount += 1
                        }
                    } else if !StoreLayout.isClaim(object.key) {
                        project.chunkCount += 1
                        project.chunkBytes += object.size
                    }
                    project.newestAt = max(project.newestAt ?? object.modifiedAt, object.modifiedAt)
                    projects[ObjectKey(id)] = project
                }
            }
        }
        for try await page in store.list(Listing(prefix: StoreLayout.films)) {
            for object in page.objects {
                guard let id = StoreLayout.project(ofFilm: object.key) else { continue }
                projects[ObjectKey(id), default: StoredProject(id: id)].film = object
            }
        }
        return projects.sorted { $0.key < $1.key }.map(\.value)
    }

    /// A project's own objects, its film among them.
    public static func objects(ofProject id: String, in store: any ObjectStore) async throws -> [ListedObject] {
        guard StoreLayout.isProjectID(id) else { throw LibraryError("\(id.debugDescription) \(StoreLayout.notAnID)") }
        let film = StoreLayout.film(ofProject: id)
        let films = try await store.list(Listing(prefix: film)).allObjects().filter { $0.key == film }
        let objects = try await store.list(Listing(prefix: StoreLayout.folder(ofProject: id))).allObjects() + films
        guard !objects.isEmpty else {
            throw LibraryError("there is no project \(id) in \(store.location); see burns ls")
        }
        return objects
    }
}
