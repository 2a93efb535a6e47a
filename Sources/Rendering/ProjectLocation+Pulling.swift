import Files
import Glibc
import Library
import ObjectStore
import Timeline

extension ProjectLocation {
    /// Finds a project wherever it is. What is in a bucket is pulled.
    ///
    /// - Parameters:
    ///   - argument: an id in the store, a project folder, a manifest file, or `s3://BUCKET/[PREFIX/]projects/ID`.
    ///   - named: the store, where one is named.
    ///   - cache: keeps what is pulled; `nil`: nothing is kept.
    public static func find(
        _ argument: String, store named: StoreLocation?, _ settings: StoreSettings, cache: ChunkCache?,
        cancellation: Cancellation, onProgress: (@Sendable (FilesProgress) -> Void)? = nil
    ) throws -> ProjectLocation {
        let url = try projectURL(argument)
        guard let location = url?.store ?? named, case .s3 = location else { return try ProjectLocation(argument, store: named) }
        let base = cache?.folder ?? ScratchFolder.temporaryBase
        let mirror = try cancellation.wait {
            try ProjectMirror(
                of: try await settings.openBucket(location), in: base, caches: cache != nil, onProgress: onProgress)
        }
        defer { cache?.trim() }
        if url == nil, isHere(argument) {
            let local = try ProjectLocation(argument, store: nil)
            try local.checkIsMeant(by: argument, in: location.naming(StoreLayout.projects + argument))
            try cancellation.wait { try await mirror.pull(manifest: local.manifestPath, fallbackID: local.fallbackID) }
            return try ProjectLocation(
                manifestPath: local.manifestPath, name: local.manifestName, fallbackID: local.fallbackID, storeID: nil,
                mirror: mirror)
        }
        let id = url?.id ?? argument
        let path = try cancellation.wait { try await mirror.pull(project: id) }
        return try ProjectLocation(
            manifestPath: path, name: location.naming(StoreLayout.manifest(ofProject: id)), fallbackID: id, storeID: id,
            mirror: mirror)
    }

    /// Whether a path is meant and no id: what can be no id and is there, a manifest's file, or a folder with one.
    static func isHere(_ argument: String) -> Bool {
        guard access(argument, F_OK) == 0 else { return false }
        guard StoreLayout.isProjectID(argument) else { return true }
        return argument.lowercased().hasSuffix(".json") || access(argument + "/manifest.json", F_OK) == 0
    }

    /// A film goes to the project that the manifest names. Where a folder's name is the id of one project and its manifest names
    /// another, nobody knows which is meant.
    ///
    /// - Parameter stored: what people call the one in the store.
    func checkIsMeant(by argument: String, in stored: String) throws(RenderError) {
        guard StoreLayout.isProjectID(argument), !argument.lowercased().hasSuffix(".json"),
            let bytes = try? SmallFile.read(manifestPath, upTo: ManifestLimits.bytes),
            let id = Project.read(bytes, fallbackID: fallbackID).project?.id, id != argument
        else { return }
        throw RenderError(
            "\(argument) may be the folder here, which is the project \(id), or \(stored); say ./\(argument) or name that one")
    }

    /// The chunks of a project's film that machines share.
    ///
    /// - Parameter folder: for notes on uploads.
    public func sharedChunks(of examination: ProjectExamination, notingIn folder: String) -> SharedChunks {
        SharedChunks(mirror?.store ?? store, project: examination.projectID, journalFolder: folder)
    }

    /// Reads "s3://bucket/prefix/projects/ID", also with a slash or "/manifest.json" after it; `nil` for what is no such URL.
    package static func projectURL(_ text: String) throws -> (store: StoreLocation, id: String)? {
        guard text.lowercased().hasPrefix("s3://") else { return nil }
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true || parts.last == "manifest.json" { parts.removeLast() }
        guard parts.count >= 5, parts[parts.count - 2] == "projects", let id = parts.last, StoreLayout.isProjectID(id) else {
            throw RenderError("\(text) is not a project; one reads s3://BUCKET/projects/ID, and --store names a bucket")
        }
        return (try StoreLocation(parsing: parts.dropLast(2).joined(separator: "/")), String(id))
    }
}
