import ObjectStore

/// Deletes projects that nobody has touched for long: all of a project, or nothing of it.
public struct Cleaning: Sendable {
    public let store: any ObjectStore
    /// Seconds since 1970; what was last written before goes.
    public let cutoff: Int
    /// Whether films of that age go, too. They do not make their projects younger.
    public let includesFilms: Bool

    /// What is old enough.
    public struct Plan: Sendable {
        /// Objects and shared chunks of these.
        public var projects: [StoredProject]
        public var films: [ListedObject]

        public var objectCount: Int { projects.reduce(films.count) { $0 + $1.objectCount + $1.chunkCount } }
        public var bytes: Int64 {
            projects.reduce(films.reduce(0) { $0 + $1.size }) { $0 + $1.bytes + $1.chunkBytes }
        }
    }

    public struct Outcome: Sendable {
        public var deletedCount = 0
        public var deletedBytes: Int64 = 0
        /// Written to after the plan was made, and so left alone.
        public var sparedProjects: [String] = []
        public var failures: [DeleteFailure] = []

        public init() {}
    }

    public init(_ store: any ObjectStore, cutoff: Int, includesFilms: Bool) {
        (self.store, self.cutoff, self.includesFilms) = (store, cutoff, includesFilms)
    }

    public func plan() async throws -> Plan {
        let projects = try await Catalog.projects(in: store)
        let films = projects.compactMap(\.film).filter { $0.modifiedAt < cutoff }
        return Plan(
            projects: projects.filter { project in project.newestAt.map { $0 < cutoff } ?? false },
            films: includesFilms ? films : [])
    }

    /// - Parameter each: told of every project before its objects go.
    public func run(_ plan: Plan, each: @Sendable (StoredProject) -> Void) async throws -> Outcome {
        var outcome = Outcome()
        for project in plan.projects {
            let folders = [StoreLayout.folder(ofProject: project.id), StoreLayout.segments(ofProject: project.id)]
            var objects: [ListedObject] = []
            // Looked at once more: somebody may have begun to work on it.
            for folder in folders { objects += try await store.list(Listing(prefix: folder)).allObjects() }
            guard objects.allSatisfy({ $0.modifiedAt < cutoff }) else {
                outcome.sparedProjects.append(project.id)
                continue
            }
            each(project)
            // The manifest last: what is left after a failure is still a project that the next run finds.
            let manifest = StoreLayout.manifest(ofProject: project.id)
            try await delete(objects.filter { $0.key != manifest } + objects.filter { $0.key == manifest }, &outcome)
        }
        try await delete(plan.films, &outcome)
        return outcome
    }

    private func delete(_ objects: [ListedObject], _ outcome: inout Outcome) async throws {
        guard !objects.isEmpty else { return }
        let failures = try await store.delete(objects.map(\.key))
        let failed = Set(failures.map(\.key))
        for object in objects where !failed.contains(object.key) {
            outcome.deletedCount += 1
            outcome.deletedBytes += object.size
        }
        outcome.failures += failures
    }
}
