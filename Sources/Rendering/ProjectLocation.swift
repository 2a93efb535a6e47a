import Files
import Glibc
import Library
import ObjectStore

/// Where a project's manifest is, and the store that its keys are looked up in.
public struct ProjectLocation: Sendable {
    public let manifestPath: String
    /// What people call the manifest.
    public let manifestName: String
    /// The manifest's folder: its `path` entries are relative to this.
    public let folder: String
    public let store: FolderStore
    /// What people call the store.
    public let storeName: String
    /// Where the store's folder is what was pulled of a bucket.
    public let mirror: ProjectMirror?
    /// The id of a manifest that names none: its folder's name.
    public let fallbackID: String
    /// By which the project was found in the store; `nil`: it was named by a path.
    public let storeID: String?

    /// Of a project, or a manifest with its pictures in a bucket, that has been pulled.
    init(manifestPath: String, name: String, fallbackID: String, storeID: String?, mirror: ProjectMirror) throws {
        self.storeID = storeID
        self.manifestPath = manifestPath
        manifestName = name
        folder = PathParts(manifestPath).folder
        store = try FolderStore(root: mirror.root)
        storeName = mirror.store.location.description
        self.fallbackID = fallbackID
        self.mirror = mirror
    }

    /// Of files that are here.
    ///
    /// - Parameters:
    ///   - argument: an id in the store, a project folder, or a manifest file.
    ///   - store: as `--store` or `BURNS_STORE` name it. Without a folder there, the store is the folder that holds the
    ///     project: the one with `projects/ID` in it, or else the project's own folder.
    public init(_ argument: String, store named: StoreLocation?) throws(RenderError) {
        do {
            var namedStore: FolderStore?
            switch named {
            case .folder(let path): namedStore = try FolderStore(root: path)
            case .s3, nil: break
            }
            let (manifest, isByID) = try Self.manifestPath(argument, namedStore)
            storeID = isByID && StoreLayout.isProjectID(argument) ? argument : nil
            guard let resolved = realpath(manifest, nil) else {
                if errno == ENOENT, access(argument + "/projects", F_OK) == 0 {
                    throw RenderError("\(argument) is a store and not a project; name one of its projects: --store \(argument) ID")
                }
                if errno == ENOENT {
                    throw RenderError("there is no manifest.json in \(argument); name a project's folder, or its manifest")
                }
                throw RenderError("\(manifest) cannot be opened: \(String(cString: strerror(errno)))")
            }
            defer { free(resolved) }
            manifestPath = String(cString: resolved)
            manifestName = manifestPath
            mirror = nil
            let components = manifestPath.split(separator: "/").map(String.init)
            folder = "/" + components.dropLast().joined(separator: "/")
            fallbackID = components.dropLast().last ?? "film"
            if let namedStore {
                store = namedStore
            } else if components.count >= 3, components[components.count - 3] == "projects" {
                store = try FolderStore(root: "/" + components.dropLast(3).joined(separator: "/"))
            } else {
                store = try FolderStore(root: folder)
            }
            storeName = store.root
            if !isByID, let namedStore { try checkIsMeant(by: argument, in: "\(namedStore.root)/\(StoreLayout.projects)\(argument)") }
        } catch let error as RenderError {
            throw error
        } catch {
            throw RenderError("\(error)", underlying: error)
        }
    }

    private static func manifestPath(_ argument: String, _ store: FolderStore?) throws -> (path: String, isByID: Bool) {
        var status = stat()
        let isThere = stat(argument, &status) == 0
        let key = StoreLayout.manifest(ofProject: argument)
        let stored = StoreLayout.isProjectID(argument) ? try store?.path(ofKey: key) : nil
        if isThere, stored == nil || isHere(argument) {
            return (status.st_mode & S_IFMT == S_IFDIR ? argument + "/manifest.json" : argument, false)
        }
        if let store {
            if let stored { return (stored, true) }
            throw RenderError("there is no project \(argument): neither a file or folder of that name, nor \(key) in \(store.root)")
        }
        throw RenderError(
            "there is no project \(argument): no file or folder of that name, and no store to look an id up in (name one with --store or BURNS_STORE)"
        )
    }
}
