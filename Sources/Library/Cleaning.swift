import AWS
import JSON
import ObjectStore
import Timeline

/// Deletes projects that nobody has touched for long: all of a project, or nothing of it.
///
/// Many folders are called `projects`. What is no project of Burns is left alone, however old: what neither has a manifest with
/// segments, nor is only what an import leaves that was never finished.
public struct Cleaning: Sendable {
    public let store: any ObjectStore
    /// What was last written longer ago goes.
    public let olderThanSeconds: Int
    /// Whether films of that age go, too. They do not make their projects younger.
    public let includesFilms: Bool

    /// What is old enough.
    public struct Plan: Sendable {
        /// Seconds since 1970; what was last written before goes.
        public var cutoff: Int
        /// Objects and shared chunks of these.
        public var projects: [StoredProject]
        public var films: [ListedObject]
        /// Of these films; they go with them.
        public var subtitles: [ListedObject]
        /// Folders that are old enough and no projects.
        public var strangers: [StoredProject]

        public var objectCount: Int {
            projects.reduce(films.count + subtitles.count) { $0 + $1.objectCount + $1.chunkCount }
        }
        public var bytes: Int64 {
            projects.reduce((films + subtitles).reduce(0) { $0 + $1.size }) { $0 + $1.bytes + $1.chunkBytes }
        }
    }

    public struct Outcome: Sendable {
        public var deletedCount = 0
        public var deletedBytes: Int64 = 0
        /// Projects' ids and films' keys: written to after the plan was made, and so left alone.
        public var spared: [String] = []
        public var failures: [DeleteFailure] = []

        public init() {}
    }

    public init(_ store: any ObjectStore, olderThanSeconds: Int, includesFilms: Bool) {
        (self.store, self.olderThanSeconds, self.includesFilms) = (store, olderThanSeconds, includesFilms)
    }

    public func plan() async throws -> Plan {
        let projects = try await Catalog.projects(in: store)
        // Objects have the store's dates. By the clock of a machine that is wrong, all of them might be old.
        let now = (store as? S3Store)?.now ?? .now
        let cutoff = now.adding(seconds: -olderThanSeconds).secondsSince1970
        let films = includesFilms ? projects.compactMap(\.film).filter { $0.modifiedAt < cutoff } : []
        let names = Set(films.flatMap { StoreLayout.subtitles(ofFilm: $0.key) }.map { ObjectKey($0) })
        let subtitles = names.isEmpty ? [] : try await store.list(Listing(prefix: StoreLayout.films)).allObjects()
            .filter { names.contains(ObjectKey($0.key)) }
        var plan = Plan(cutoff: cutoff, projects: [], films: films, subtitles: subtitles, strangers: [])
        for project in projects where project.newestAt.map({ $0 < cutoff }) ?? false {
            if try await isOurs(project) { plan.projects.append(project) } else { plan.strangers.append(project) }
        }
        return plan
    }

    private func isOurs(_ project: StoredProject) async throws -> Bool {
        guard project.hasManifest else { return project.otherCount == 0 }
        do {
            let manifest = StoreLayout.manifest(ofProject: project.id)
            let bytes = try await store.read(manifest, limit: ManifestLimits.bytes)
            // It need not be one that can be rendered.
            if case .array = try JSON(parsing: bytes)["segments"] { return true }
            return false
        } catch is JSONError {
            return false
        } catch let error as StoreError where error.kind == .tooLarge {
            return false
        }
    }

    /// - Parameter each: told of every project whose objects are gone.
    public func run(_ plan: Plan, each: @Sendable (StoredProject) -> Void) async throws -> Outcome {
        var outcome = Outcome()
        for project in plan.projects {
            let folders = [StoreLayout.folder(ofProject: project.id), StoreLayout.segments(ofProject: project.id)]
            var objects: [ListedObject] = []
            // Looked at once more: somebody may have begun to work on it.
            for folder in folders { objects += try await store.list(Listing(prefix: folder)).allObjects() }
            guard objects.allSatisfy({ $0.modifiedAt < plan.cutoff }) else {
                outcome.spared.append(project.id)
                continue
            }
            // The manifest last: what is left after a failure is still a project that the next run finds.
            let manifest = StoreLayout.manifest(ofProject: project.id)
            let failureCount = outcome.failures.count
            try await delete(objects.filter { $0.key != manifest }, &outcome)
            if outcome.failures.count == failureCount { try await delete(objects.filter { $0.key == manifest }, &outcome) }
            if outcome.failures.count == failureCount { each(project) }
        }
        for film in plan.films {
            // Perhaps it was rendered anew while the projects went.
            let names = StoreLayout.subtitles(ofFilm: film.key)
            let found = try await store.list(Listing(prefix: film.key)).allObjects().filter { $0.key == film.key }
            guard found.allSatisfy({ $0.modifiedAt < plan.cutoff }) else {
                outcome.spared.append(film.key)
                continue
            }
            try await delete(found + plan.subtitles.filter { names.contains($0.key) }, &outcome)
        }
        return outcome
    }

    private func delete(_ objects: [ListedObject], _ outcome: inout Outcome) async throws {
        guard !objects.isEmpty else { return }
        let failures = try await store.delete(objects.map(\.key))
        let failed = Set(failures.map { ObjectKey($0.key) })
        for object in objects where !failed.contains(ObjectKey(object.key)) {
            outcome.deletedCount += 1
            outcome.deletedBytes += object.size
        }
        outcome.failures += failures
    }
}
