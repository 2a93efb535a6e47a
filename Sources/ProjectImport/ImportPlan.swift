import AWS
import HTTP
import ObjectStore

/// What has to be had from where, and what it will be called. Values only: nothing has been asked of anybody yet.
struct ImportPlan: Sendable {
    enum Source: Sendable {
        /// It is in the store already.
        case stored(StoredMedia.Object)
        /// Absolute, and inside of the data file's folder.
        case file(String)
        case web(OriginalURL)
        /// Why there is none.
        case none(MediaFailure)
    }

    /// One picture, however often it is shown.
    struct Picture: Sendable {
        var source: Source
        /// In the order of the data.
        var entries: [ImportEntry]
        /// For a new object: below the images' folder, without extension.
        var name: String
    }

    var pictures: [Picture]

    /// - Parameters:
    ///   - stored: of the images' folder.
    ///   - refetches: what can be fetched is not taken from the store.
    init(_ data: ImportData, stored: StoredMedia, refetches: Bool, at date: AWSDate) {
        var names = PictureNames(taken: stored.objects.map(\.key), at: date)
        var known: [ObjectKey: Int] = [:]
        pictures = []
        for entry in data.entries {
            let source = ImportPlan.source(of: entry, data.folder, stored, refetches: refetches)
            if let identity = source.identity, let place = known[identity] {
                pictures[place].entries.append(entry)
                continue
            }
            if let identity = source.identity { known[identity] = pictures.count }
            let name = source.isNew ? names.next(for: entry.query ?? "") : ""
            pictures.append(Picture(source: source, entries: [entry], name: name))
        }
    }

    /// Pictures of many hosts take turns, so that one slow host does not hold up the rest.
    var inTurns: [Int] {
        var counts: [String: Int] = [:]
        let rounds = pictures.indices.map { index -> (round: Int, index: Int) in
            guard case .web(let original) = pictures[index].source else { return (0, index) }
            counts[original.address.host, default: 0] += 1
            return (counts[original.address.host, default: 0], index)
        }
        return rounds.sorted { ($0.round, $0.index) < ($1.round, $1.index) }.map(\.index)
    }

    // MARK: Steps

    /// A file beside the data, else what the store has, else what can be fetched.
    private static func source(
        of entry: ImportEntry, _ folder: FolderStore, _ stored: StoredMedia, refetches: Bool
    ) -> Source {
        let reference = entry.reference
        var original: OriginalURL?
        var objection: String?
        if let url = reference.url ?? reference.presignedURL {
            do {
                original = try OriginalURL(url)
            } catch {
                objection = error.description
            }
        }
        if let path = reference.path {
            do {
                if let file = try folder.path(ofKey: path) { return .file(file) }
            } catch {
                return .none(MediaFailure(entry.jsonPath, error.description))
            }
        }
        if let original, refetches { return .web(original) }
        if let object = reference.s3Key.flatMap({ stored[$0] }), isStillMeant(object, reference.url == nil ? nil : original) {
            return .stored(object)
        }
        if let original {
            // Other tools keep the URL, too, but perhaps not what is behind it.
            if let object = stored.fetched(from: original), object.size != nil { return .stored(object) }
            return .web(original)
        }
        if let objection { return .none(MediaFailure(entry.jsonPath, objection)) }
        return .none(MediaFailure(entry.jsonPath, ImportPlan.absence(reference.path ?? reference.s3Key ?? reference.s3URL)))
    }

    /// Whether the object under an entry's `s3_key` is the picture behind its `url`, which may have been changed since.
    private static func isStillMeant(_ object: StoredMedia.Object, _ original: OriginalURL?) -> Bool {
        guard let original, let origin = object.originalURL else { return true }
        // A manifest of ours has the URL without its secrets, and so without a digest.
        return origin == original.metadataText && (original.digest == nil || object.originalDigest == original.digest)
    }

    static func absence(_ name: String?) -> String {
        "there is no URL to fetch it from, and \(name ?? "it") is neither beside the data nor in the project's part of the store"
    }
}

extension ImportPlan.Source {
    /// The same for the same picture; `nil` for what is none.
    fileprivate var identity: ObjectKey? {
        let text: String? = switch self {
        case .stored(let object): "stored \(object.key)"
        case .file(let path): "file \(path)"
        case .web(let original): "web \(original.text) \(original.digest ?? "")"
        case .none: nil
        }
        return text.map { ObjectKey($0) }
    }

    fileprivate var isNew: Bool {
        switch self {
        case .file, .web: true
        case .stored, .none: false
        }
    }
}
