import Files
import Glibc
import JSON
import ObjectStore
import Timeline

/// Moves a project between a folder and a store: what is new or different, and nothing else.
///
/// What was edited on the side that is written to, since the folder and the store were last the same, is kept: a pull replaces no
/// file that somebody has worked on here, and a push no object that somebody else has written since. What differs and was never
/// pulled or pushed by this folder counts as edited; but a push replaces what is older than the file.
///
/// The manifest goes last, so that whoever reads it finds what it names; deletions follow when all else has worked. Names that
/// begin with a dot stay where they are: they are the system's, an editor's or a version control's, and no part of a project.
public struct ProjectTransfer: Sendable {
    public let id: String
    public let direction: StoreSync.Direction
    private let sync: StoreSync
    private let journalFolder: String?
    private let warnings: [String]

    private static let manifest = "manifest.json"

    /// - Parameters:
    ///   - folder: the project's own.
    ///   - id: of the project in the store; `nil`: the manifest's, or else the folder's name.
    ///   - deletes: what is in the store and not in the folder.
    ///   - overwrites: replaces and deletes also what others have edited.
    public static func push(
        _ folder: String, as id: String?, to location: StoreLocation, _ settings: StoreSettings, deletes: Bool,
        overwrites: Bool = false
    ) async throws -> ProjectTransfer {
        var status = stat()
        guard stat(folder, &status) == 0 else { throw FileError(path: folder, operation: "read", errno: errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw LibraryError("\(folder) is neither a project's folder nor a film whose name ends in .mp4")
        }
        let files = try FolderStore(root: folder)
        guard let manifest = try files.path(ofKey: ProjectTransfer.manifest) else {
            throw LibraryError("there is no manifest.json in \(folder); name a project's folder")
        }
        // What is not pushed would be missed by whoever pulls, and deleted by whoever asks for that.
        if let link = try files.linksWithoutObjects().first(where: { !isHidden($0) }) {
            throw LibraryError(
                "\(folder)/\(link) is a link to a folder, out of the project or to nowhere; put a copy in its place")
        }
        let bytes = try await files.read(ProjectTransfer.manifest, limit: ManifestLimits.bytes)
        let found = try id ?? written(in: bytes, manifest) ?? PathParts(PathParts(manifest).folder).name
        // Who makes a project is asked for more than who finds one.
        if let objection = Project.objection(toID: found) {
            throw LibraryError("\(found.debugDescription) cannot be the id of a project: \(objection); name another with --project")
        }
        return try await ProjectTransfer(found, files, location, settings, .up, deletes: deletes, overwrites: overwrites)
    }

    /// - Parameters:
    ///   - folder: made if it is not there; `nil`: the project's id, here.
    ///   - overwrites: replaces also what was edited here.
    public static func pull(
        _ id: String, to folder: String?, from location: StoreLocation, _ settings: StoreSettings, overwrites: Bool = false
    ) async throws -> ProjectTransfer {
        try check(id)
        let store = try await settings.open(location)
        // Before there is an empty folder.
        let manifest = StoreLayout.manifest(ofProject: id)
        guard try await store.headIfPresent(manifest) != nil else {
            throw LibraryError("there is no project \(id) in \(location): no \(manifest); see burns ls")
        }
        let place = folder ?? id
        guard mkdir(place, 0o777) == 0 || errno == EEXIST else { throw FileError(path: place, operation: "write", errno: errno) }
        return try await ProjectTransfer(
            id, try FolderStore(root: place), location, settings, .down, deletes: false, overwrites: overwrites)
    }

    private init(
        _ id: String, _ folder: FolderStore, _ location: StoreLocation, _ settings: StoreSettings,
        _ direction: StoreSync.Direction, deletes: Bool, overwrites: Bool
    ) async throws {
        try ProjectTransfer.check(id)
        (self.id, self.direction) = (id, direction)
        let store = try await settings.openProject(id, in: location)
        var sync = StoreSync(folder: folder, store: store, direction: direction)
        (sync.deletes, sync.overwrites) = (deletes, overwrites)
        let pair = "\(folder.root)\0\(store.identity)"
        sync.record = SyncRecord()
        var problem: String?
        do {
            if let folder = settings.recordFolder {
                sync.record = try SyncRecord(in: folder, of: pair)
            } else {
                problem = "neither XDG_STATE_HOME nor HOME is set"
            }
        } catch let error {
            guard error.kind == .file else { throw error }
            problem = "\(error); name another folder with XDG_STATE_HOME"
        }
        let what = "no record is kept of what is pulled and pushed, so that \(direction.withoutRecord)"
        warnings = problem.map { ["\(what): \($0)"] } ?? []
        sync.transfer.journalFolder = settings.journalFolder
        self.sync = sync
        journalFolder = settings.journalFolder
    }

    /// The id that a manifest gives, whatever else is wrong with it; `nil`: it gives none.
    private static func written(in bytes: [UInt8], _ manifest: String) throws(LibraryError) -> String? {
        do {
            switch try JSON(parsing: bytes)["project_id"] {
            case nil, .null: return nil
            case .string(let id): return id
            case .integer(let number): return String(number)
            case .number(let number): return String(describing: number)
            default: throw LibraryError("\(manifest): project_id must be a string; mend it, or name the project with --project")
            }
        } catch let error as LibraryError {
            throw error
        } catch {
            throw LibraryError("\(manifest) cannot be read: \(error); mend it, or name the project with --project")
        }
    }

    private static func check(_ id: String) throws(LibraryError) {
        guard StoreLayout.isProjectID(id) else { throw LibraryError("\(id.debugDescription) \(StoreLayout.notAnID)") }
    }

    /// "." and ".." are names of nothing.
    private static func isHidden(_ key: String) -> Bool {
        key.split(separator: "/").contains { $0.hasPrefix(".") && $0 != "." && $0 != ".." }
    }

    /// What there was to do, and what of it could not be done.
    public struct Outcome: Sendable {
        public var plan: StoreSync.Plan
        public var failures: [StoreSync.Failure] = []
        /// Written or deleted by somebody else since the plan was made, and kept.
        public var lateConflicts: [StoreSync.Failure] = []
        public var warnings: [String] = []
    }

    /// - Parameter onProgress: called from any thread, one call after the other.
    public func run(_ onProgress: (@Sendable (FilesProgress) -> Void)? = nil) async throws -> Outcome {
        var plan = try await sync.plan()
        plan.transfers.removeAll { ProjectTransfer.isHidden($0.key) }
        plan.deletions.removeAll(where: ProjectTransfer.isHidden)
        plan.newer.removeAll { ProjectTransfer.isHidden($0.key) }
        plan.nameless.removeAll { ProjectTransfer.isHidden($0.key) }
        plan.conflicts.removeAll { ProjectTransfer.isHidden($0.key) }
        var (files, last) = (plan, plan)
        files.transfers.removeAll { $0.key == ProjectTransfer.manifest }
        files.deletions = []
        last.transfers.removeAll { $0.key != ProjectTransfer.manifest }
        let meter = FilesMeter(plan.transfers.map(\.size), onProgress)
        var failures = try await sync.run(files) { meter.finish($0.size) }
        if failures.allSatisfy(\.isConflict) { failures += try await sync.run(last) { meter.finish($0.size) } }
        var outcome = Outcome(plan: plan, warnings: warnings)
        do {
            try sync.record?.tidy()
        } catch {
            outcome.warnings.append("the record of what was pulled and pushed could not be tidied up: \(error)")
        }
        outcome.failures = failures.filter { !$0.isConflict }
        outcome.lateConflicts = failures.filter(\.isConflict)
        guard outcome.failures.isEmpty else { return outcome }
        // Of files that are other ones now, or gone.
        if direction == .up, let journalFolder, let bucket = sync.store as? S3Store {
            try await bucket.abandonUploads(notedIn: journalFolder)
        }
        return outcome
    }
}

extension StoreSync.Direction {
    /// What is not known by a record.
    fileprivate var withoutRecord: String {
        switch self {
        case .up: "what differs counts as edited in the store, unless the file is newer than the object"
        case .down: "all that differs counts as edited here"
        }
    }
}

extension StoreSettings {
    /// A project's own objects as a store, with keys that begin below `projects/ID/`.
    func openProject(_ id: String, in location: StoreLocation) async throws -> any ObjectStore {
        let folder = StoreLayout.folder(ofProject: id)
        switch location {
        case .s3(let bucket, let prefix): return try await openBucket(.s3(bucket: bucket, prefix: prefix + folder))
        case .folder(let path):
            let store = try FolderStore(root: path)
            for name in [StoreLayout.projects, folder] {
                let path = "\(store.root)/\(name.dropLast())"
                guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
                    throw FileError(path: path, operation: "write", errno: errno)
                }
            }
            return try FolderStore(root: "\(store.root)/\(folder)")
        }
    }
}
