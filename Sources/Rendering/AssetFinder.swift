import Glibc
import Library
import Media
import ObjectStore
import Timeline

/// Why a picture or a narration cannot be used: a sentence without its name.
struct AssetError: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

/// Finds the files behind a manifest's references and examines them.
struct AssetFinder {
    let location: ProjectLocation
    /// By the manifest.
    let projectID: String

    func picture(_ reference: MediaReference, limits: PictureLimits) throws(AssetError) -> PictureFile {
        let path = try file(reference)
        do {
            let identity = try FileIdentity(path: path)
            let header = try PictureHeader.verifyComplete(path: path, limits: limits)
            return PictureFile(path: path, header: header, identity: identity)
        } catch {
            throw AssetError("\(error)")
        }
    }

    func narration(
        _ reference: MediaReference, cancellation: Cancellation
    ) throws -> ProjectExamination.Narration {
        let path = try file(reference)
        // Opening a pipe would wait for a writer.
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw AssetError("It is not a file; name a sound file, or remove the narration.")
        }
        do {
            let identity = try FileIdentity(path: path)
            let info = try probeAudio(path: path, isCancelled: { cancellation.isCancelled })
            return ProjectExamination.Narration(path: path, info: info, identity: identity)
        } catch {
            try cancellation.check()
            throw AssetError("\(error)")
        }
    }

    /// The first of the reference's addresses where there is a file.
    func file(_ reference: MediaReference) throws(AssetError) -> String {
        var remote = false
        for candidate in reference.candidatesInOrder {
            do {
                switch candidate {
                case .path(let path):
                    // Relative to the manifest, which may lie outside of the store named.
                    let folder = try FolderStore(root: location.folder)
                    if let found = try folder.path(ofKey: path) { return found }
                case .s3Key(let key):
                    if let found = try location.store.path(ofKey: key) { return found }
                    // A project that was pulled into a folder of any name has all its own files beside the manifest.
                    if let own = StoreLayout.path(of: key, inProject: projectID),
                        let found = try FolderStore(root: location.folder).path(ofKey: own)
                    { return found }
                case .s3URL(let url):
                    // A folder laid out like the bucket has the object under the same key.
                    let key = url.dropFirst("s3://".count).drop { $0 != "/" }.dropFirst()
                    if let found = try location.store.path(ofKey: String(key)) { return found }
                    remote = true
                case .url:
                    remote = true
                }
            } catch {
                throw AssetError("\(error)")
            }
        }
        if location.mirror?.hasDenials == true {
            throw AssetError(
                "It is not in the store \(location.storeName), or these credentials may not read it: without s3:ListBucket, S3 "
                    + "denies access to both alike.")
        }
        throw AssetError(
            remote
                ? "It is not in the store \(location.storeName), and nothing is fetched from elsewhere; burns import does that, or copy it there under its s3_key."
                : "It is not there, neither in the store \(location.storeName) nor beside the manifest; copy it there or name another.")
    }
}
