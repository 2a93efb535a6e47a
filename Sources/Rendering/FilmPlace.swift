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
    /// Holds the file until it is pushed.
    private let mirror: ProjectMirror?
    private let key: String

    /// Where a film can be had.
    public struct Address: Sendable {
        /// "s3://…"
        public let location: String
        /// "https://…", for those who may read it.
        public let url: String
    }

    /// Chooses, and refuses what cannot be, before any work is done.
    ///
    /// - Parameters:
    ///   - output: a file; `nil`: `videos/ID_final_video.mp4` in the store, where there is one, else `ID.mp4` here.
    ///   - isInStore: a store is named, or the project is in a bucket.
    ///   - report: another file that is written.
    public init(
        _ output: String?, of examination: ProjectExamination, isInStore: Bool, withSubtitles: Bool, report: String?,
        cancellation: Cancellation
    ) throws {
        let location = examination.location
        let id = examination.projectID
        key = StoreLayout.film(ofProject: id)
        mirror = output == nil ? location.mirror : nil
        if let output {
            path = output
        } else if isInStore {
            path = "\(location.store.root)/\(key)"
            mkdir("\(location.store.root)/\(StoreLayout.films.dropLast())", 0o777)
        } else {
            path = "\(id).mp4"
        }
        try OutputPlace.check(path, isNot: examination.inputPaths)
        try OutputPlace.checkIsFilm(path)
        let subtitles = OutputPlace.subtitlePaths(beside: path)
        subtitlePaths = withSubtitles ? [subtitles.srt, subtitles.vtt] : []
        for subtitle in subtitlePaths { try OutputPlace.check(subtitle, isNot: examination.inputPaths) }
        try OutputPlace.checkDistinct([path] + subtitlePaths + (report.map { [$0] } ?? []))
        if let bucket = mirror?.store { try cancellation.wait { [key] in try await bucket.checkWritable(key) } }
    }

    /// Pushes what is done to the bucket; `nil`: it stays the file that it is.
    ///
    /// - Parameter metadata: of the film's object.
    public func deliver(
        metadata: [String: String], cancellation: Cancellation, progress: (@Sendable (TransferProgress) -> Void)? = nil
    ) throws -> Address? {
        guard let bucket = mirror?.store else { return nil }
        var options = TransferOptions()
        options.progress = progress
        do {
            return try cancellation.wait { [self, options] in
                for file in subtitlePaths { try await bucket.upload(file, to: StoreLayout.films + PathParts(file).name) }
                let attributes = ObjectAttributes(contentType: "video/mp4", metadata: metadata)
                _ = try await bucket.upload(path, to: key, attributes: attributes, options: options)
                return Address(location: bucket.location.naming(key), url: try bucket.address(of: key).withoutQuery)
            }
        } catch let error as StoreError {
            throw RenderError(
                "the film is done and could not be pushed: \(error); the same command joins it again from the cache",
                underlying: error)
        }
    }
}
