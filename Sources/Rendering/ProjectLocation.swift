import Glibc
import ObjectStore

/// Where a project's manifest is, and the store that its keys are looked up in.
public struct ProjectLocation: Sendable {
    public let manifestPath: String
    /// The manifest's folder: its `path` entries are relative to this.
    public let folder: String
    public let store: FolderStore
    /// The id of a manifest that names none: its folder's name.
    public let fallbackID: String

    /// - Parameters:
    ///   - argument: an id in the store, a project folder, or a manifest file.
    ///   - store: as `--store` or `BURNS_STORE` name it. Without it, the store is the folder that holds the
    ///     project: the one with `projects/ID` in it, or else the project's own folder.
    public init(_ argument: String, store named: StoreLocation?) throws(RenderError) {
        do {
            var namedStore: FolderStore?
            switch named {
            case .folder(let path): namedStore = try FolderStore(root: path)
            case .s3: throw RenderError("\(argument): projects in S3 cannot be rendered yet")
            case nil: break
            }
            let manifest = try Self.manifestPath(argument, namedStore)
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
        } catch let error as RenderError {
            throw error
        } catch {
            throw RenderError("\(error)", underlying: error)
        }
    }

    private static func manifestPath(_ argument: String, _ store: FolderStore?) throws -> String {
        var status = stat()
        if stat(argument, &status) == 0 {
            return status.st_mode & S_IFMT == S_IFDIR ? argument + "/manifest.json" : argument
        }
        if let store {
            let key = "projects/\(argument)/manifest.json"
            if let path = try store.path(ofKey: key) { return path }
            throw RenderError("there is no project \(argument): neither a file or folder of that name, nor \(key) in \(store.root)")
        }
        throw RenderError(
            "there is no project \(argument): no file or folder of that name, and no store to look an id up in (name one with --store or BURNS_STORE)"
        )
    }
}
