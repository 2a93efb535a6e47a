import Files
import Glibc
import Library
import ObjectStore

/// Where a film goes: a file, or an object in a bucket that the file becomes when it is done.
public struct FilmPlace: Sendable {
    /// Where it is rendered to.
    public let path: String
    /// Where the subtitles go; empty where none are asked for.
    public let subtitlePaths: [String]
    private let target: Target?

    /// Where a film can be had.
    public struct Address: Sendable {
        /// "s3://…"
        public let location: String
        /// "https://…", for those who may read it.
        public let url: String
    }

    /// An object in a bucket, and what holds the file until it is pushed.
    private struct Target: Sendable {
        let store: S3Store
        let key: String
        let folder: any Sendable
        let journalFolder: String?
    }

    /// Chooses, and refuses what cannot be, before any work is done.
    ///
    /// - Parameters:
    ///   - output: a file, `s3://BUCKET/KEY.mp4`, or a store in a bucket, where it is `videos/ID_final_video.mp4`; `nil`: that in
    ///     the store of the project, where there is one, else `ID.mp4` here.
    ///   - isInStore: a store is named, or the project is in a bucket.
    ///   - report: another file that is written.
    ///   - cache: holds what is to be pushed, with notes by which an upload that was killed goes on. `nil`: a temporary folder.
    public init(
        _ output: String?, of examination: ProjectExamination, isInStore: Bool, withSubtitles: Bool, report: String?,
        _ settings: StoreSettings, cache: ChunkCache?, cancellation: Cancellation
    ) throws {
        let location = examination.location
        let id = examination.projectID
        let key = StoreLayout.film(ofProject: id)
        if let output, let named = try FilmPlace.object(output, else: key) {
            let folder = try ScratchFolder(in: cache?.folder ?? ScratchFolder.temporaryBase)
            let store = try cancellation.wait { try await settings.openBucket(named.store) }
            target = Target(store: store, key: named.key, folder: folder, journalFolder: cache?.folder)
            path = "\(folder.path)/\(PathParts(named.key).name)"
            try FilmPlace.check(named.key, in: store, isNotOf: examination)
        } else if let output {
            (target, path) = (nil, output)
        } else if isInStore {
            path = "\(location.store.root)/\(key)"
            mkdir("\(location.store.root)/\(StoreLayout.films.dropLast())", 0o777)
            target = location.mirror.map { Target(store: $0.store, key: key, folder: $0, journalFolder: cache?.folder) }
        } else {
            (target, path) = (nil, "\(id).mp4")
        }
        try OutputPlace.check(path, isNot: examination.inputPaths)
        try OutputPlace.checkIsFilm(path)
        let subtitles = OutputPlace.subtitlePaths(beside: path)
        subtitlePaths = withSubtitles ? [subtitles.srt, subtitles.vtt] : []
        for subtitle in subtitlePaths { try OutputPlace.check(subtitle, isNot: examination.inputPaths) }
        try OutputPlace.checkDistinct([path] + subtitlePaths + (report.map { [$0] } ?? []))
        if let target {
            _ = try cancellation.wait { try await target.store.checkWritable(target.key, notingIn: target.journalFolder) }
        }
    }

    /// An object that the project itself needs is not replaced.
    private static func check(_ key: String, in store: S3Store, isNotOf examination: ProjectExamination) throws {
        guard let mirror = examination.location.mirror, mirror.store.bucket == store.bucket,
            let own = mirror.store.inner(store.prefix + key)
        else { return }
        try OutputPlace.check("\(mirror.root)/\(own)", isNot: examination.inputPaths, hasFolder: false)
    }

    /// Reads "s3://BUCKET/KEY.mp4", or "s3://BUCKET/PREFIX" without a film's name, in which `key` is meant; `nil` for what is no
    /// such URL.
    static func object(_ output: String, else key: String) throws -> (store: StoreLocation, key: String)? {
        guard StoreLocation.afterScheme(output) != nil else { return nil }
        let name = PathParts(output).name.lowercased()
        if name.contains("."), let object = try? ObjectName(parsing: output) {
            try OutputPlace.checkIsFilm(output)
            return (.s3(bucket: object.bucket, prefix: ""), object.key)
        }
        return (try StoreLocation(parsing: output), key)
    }

    /// Pushes what is done to the bucket; `nil`: it stays the file that it is.
    ///
    /// - Parameter metadata: of the film's object.
    public func deliver(
        metadata: [String: String], cancellation: Cancellation, progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) throws -> Address? {
        guard let target else { return nil }
        var options = TransferOptions()
        options.progress = progress
        options.journalFolder = target.journalFolder
        // The file is joined anew each time, to the same bytes.
        options.contentName = metadata["sha256"]
        do {
            return try cancellation.wait { [self, options] in
                let bucket = target.store
                for (file, key) in zip(subtitlePaths, subtitleKeys(target.key)) { try await bucket.upload(file, to: key) }
                let attributes = ObjectAttributes(contentType: "video/mp4", metadata: metadata)
                _ = try await bucket.upload(path, to: target.key, attributes: attributes, options: options)
                if let notes = target.journalFolder { try await bucket.abandonUploads(notedIn: notes, below: target.key) }
                return Address(location: bucket.location.naming(target.key), url: try bucket.address(of: target.key).withoutQuery)
            }
        } catch let error as StoreError {
            throw RenderError(
                "the film is done and could not be pushed: \(error); the same command joins it again from the cache",
                underlying: error)
        }
    }

    private func subtitleKeys(_ film: String) -> [String] {
        let keys = OutputPlace.subtitlePaths(beside: film)
        return [keys.srt, keys.vtt]
    }
}
