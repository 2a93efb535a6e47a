import AWS
import HTTP
import Media
import ObjectStore
import Synchronization
import Timeline

/// Brings a project into a store: fetches its pictures from where the data say, keeps them with what is known of them, and writes
/// the manifest last.
///
/// - What the store has already is not fetched again, so that an import that failed or was interrupted goes on where it was.
/// - Objects get names of their own; none is replaced or deleted. A manifest that is there stays the truth until everything that
///   the new one names is there. One that somebody else writes meanwhile is not replaced.
/// - A picture that cannot be had does not keep the others from being imported. It keeps the manifest from being written, unless
///   `allowsMissing`.
public struct ProjectImport: Sendable {
    public let data: ImportData
    public let store: any ObjectStore
    public let options: ImportOptions
    let date: AWSDate
    let fetcher: MediaFetcher

    /// - Throws: `ImportError` for options that cannot be, `HTTPError` where no client can be started.
    public init(
        _ data: ImportData, into store: any ObjectStore, options: ImportOptions = ImportOptions(), at date: AWSDate = .now
    ) throws {
        guard 1...604_800 ~= options.expiresSeconds else {
            throw ImportError("a presigned URL can be good for 1 second to a week, and not for \(options.expiresSeconds) s")
        }
        (self.data, self.store, self.options, self.date) = (data, store, options, date)
        fetcher = try MediaFetcher(options)
    }

    /// - Throws: `StoreError` or `ImportError` for what would befall every picture; what was imported before is kept.
    ///   `CancellationError`.
    public func run() async throws -> ImportReport {
        let before = try await store.headIfPresent(manifestKey)?.etag
        let stored = try await StoredMedia(imageFolder, in: store)
        let plan = ImportPlan(data, stored: stored, refetches: options.refetches, at: date)
        async let narration = importNarration()
        let pictures = try await importPictures(of: plan, stored)
        var report = ImportReport(projectID: data.project.id)
        report.warnings = data.warnings.map { "\($0.path): \($0.message)" }
        report.pictures = zip(plan.pictures, pictures).map { ImportReport.Picture($0, $1.outcome) }
        report.narration = try await narration
        let isEnough = report.problems.isEmpty
            || options.allowsMissing && report.narration?.failure == nil && report.failedCount < report.pictures.count
        if isEnough { try await writeManifest(plan, pictures, inPlaceOf: before, &report) }
        if let notes = options.journalFolder, let bucket = store as? S3Store {
            try await bucket.abandonUploads(notedIn: notes, below: folder)
        }
        return report
    }

    var folder: String { "projects/\(data.project.id)/" }
    private var imageFolder: String { folder + "images/" }
    private var manifestKey: String { folder + "manifest.json" }

    // MARK: Pictures

    private typealias Result = (outcome: ImportReport.Outcome, size: PictureExtent?)

    /// - Returns: in the plan's order.
    private func importPictures(of plan: ImportPlan, _ stored: StoredMedia) async throws -> [Result] {
        let done = Mutex(0)
        let turns = plan.inTurns
        let results = try await inParallel(options.parallel, turns) { index in
            let picture = plan.pictures[index]
            let result: Result
            do {
                result = try await importPicture(picture, stored)
            } catch let failure as MediaFailure {
                result = (.failed(failure), nil)
            }
            if let progress = options.progress {
                let told = ImportReport.Picture(picture, result.outcome)
                done.withLock {
                    $0 += 1
                    progress(ImportProgress(done: $0, total: turns.count, picture: told))
                }
            }
            return result
        }
        return zip(turns, results).sorted { $0.0 < $1.0 }.map(\.1)
    }

    private func importPicture(_ picture: ImportPlan.Picture, _ stored: StoredMedia) async throws -> Result {
        switch picture.source {
        case .none(let failure): throw failure
        case .stored(let object): return (.kept(key: object.key), object.size)
        case .file(let path): return try await importFile(path, picture, stored)
        case .web(let original):
            let fetched = try await fetcher.fetch(
                original.address, limit: options.maximumPictureBytes, accepting: ProjectImport.pictureTypes)
            let header = try MediaInspection.picture(
                path: fetched.file.path, name: original.address.withoutQuery, claimedType: fetched.claimedType,
                limits: options.pictureLimits)
            let size = PictureExtent(width: header.uprightWidth, height: header.uprightHeight)
            let bytes = fetched.file.size
            let attributes = ObjectAttributes(picture: size, picture.entries[0], original: original)
            let name = imageFolder + picture.name
            let key = try await write(name, header.format.fileExtension, fetched.file.path) { key, condition in
                _ = try await store.put(
                    .file(descriptor: fetched.file.descriptor, offset: 0, count: bytes), to: key, attributes: attributes,
                    condition: condition)
            }
            return (.imported(key: key, bytes: bytes), size)
        }
    }

    private func importFile(_ path: String, _ picture: ImportPlan.Picture, _ stored: StoredMedia) async throws -> Result {
        let name = picture.entries[0].reference.path ?? path
        var limits = options.pictureLimits
        limits.maximumFileBytes = min(limits.maximumFileBytes, Int(options.maximumPictureBytes))
        let header = try MediaInspection.picture(path: path, name: name, limits: limits)
        let size = PictureExtent(width: header.uprightWidth, height: header.uprightHeight)
        let bytes = try sizeOfFile(path, name: name)
        if let object = try await stored.holding(path, bytes: bytes, in: store) { return (.kept(key: object.key), size) }
        let attributes = ObjectAttributes(picture: size, picture.entries[0], original: nil)
        let key = try await write(imageFolder + picture.name, header.format.fileExtension, path) { key, condition in
            try await upload(path, to: key, attributes, condition)
        }
        return (.imported(key: key, bytes: bytes), size)
    }

    // MARK: New objects

    func upload(
        _ path: String, to key: String, _ attributes: ObjectAttributes, _ condition: WriteCondition?
    ) async throws {
        var transfer = TransferOptions()
        (transfer.journalFolder, transfer.condition) = (options.journalFolder, condition)
        _ = try await store.upload(path, to: key, attributes: attributes, options: transfer)
    }

    /// Writes an object that is not there yet. Another import that has begun in the same second may have taken the name
    /// meanwhile; then it gets another one.
    ///
    /// - Parameters:
    ///   - name: the key without extension.
    ///   - path: of its content.
    /// - Returns: the key.
    func write(
        _ name: String, _ fileExtension: String, _ path: String,
        _ put: (_ key: String, _ condition: WriteCondition) async throws -> Void
    ) async throws -> String {
        var number = 1
        while true {
            let key = "\(name)\(number == 1 ? "" : "_\(number)").\(fileExtension)"
            do {
                try await put(key, .absent)
                return key
            } catch let error as StoreError where error.kind == .preconditionFailed && number < 100 {
                // An attempt whose answer got lost.
                if let found = try await store.headIfPresent(key).map(ListedObject.init),
                    try await store.holds(found, contentOf: path, partBytes: TransferOptions().partBytes) == true
                { return key }
            }
            number += 1
        }
    }

    /// What we can read; servers that choose among kinds then do not choose others.
    private static let pictureTypes =
        "image/jpeg, image/png, image/webp, image/avif, image/tiff, image/gif;q=0.8, image/bmp;q=0.8, */*;q=0.1"

    // MARK: Manifest

    /// - Parameter old: the manifest that was there when this import began; `nil`: none was.
    private func writeManifest(
        _ plan: ImportPlan, _ results: [Result], inPlaceOf old: ETag?, _ report: inout ImportReport
    ) async throws {
        var pictures: [ImportEntry.Place: ImportedManifest.Stored] = [:]
        var missing: [ImportEntry.Place: String] = [:]
        var shortest = options.expiresSeconds
        for (picture, result) in zip(plan.pictures, results) {
            var presigned: String?
            if let key = result.outcome.key, case .s3 = store.location {
                let address = try await store.presign(.get, key, expiresSeconds: options.expiresSeconds)
                presigned = address.text
                shortest = min(shortest, address.presignedSeconds ?? shortest)
            }
            for entry in picture.entries {
                missing[entry.place] = result.outcome.failure?.description
                guard let key = result.outcome.key else { continue }
                let url = entry.reference.url ?? (entry.reference.s3Key == nil ? entry.reference.presignedURL : nil)
                pictures[entry.place] = ImportedManifest.Stored(
                    key: key, size: result.size, originalURL: url.flatMap { try? OriginalURL($0).text }, presignedURL: presigned)
            }
        }
        let manifest = ImportedManifest(
            location: store.location, pictures: pictures, missing: missing, narration: report.narration?.key,
            createdAt: date.description)
        let bytes = manifest.document(from: data.document).serializedBytes(pretty: true)
        // What cannot be read must not take the place of what can.
        let (project, diagnostics) = Project.read(bytes, fallbackID: nil)
        guard project != nil else {
            let problem = diagnostics.first { $0.severity == .error }
            throw ImportError("the manifest would not be readable: \(problem.map { "\($0.path): \($0.message)" } ?? "")")
        }
        try await put(bytes, inPlaceOf: old)
        report.manifest = store.location.url(ofKey: manifestKey) ?? "\(store.location)/\(manifestKey)"
        if shortest < options.expiresSeconds {
            report.warnings.append(
                "presigned URLs are good for \(shortest) s only: as long as the credentials that signed them")
        }
    }

    /// Writes the manifest, unless somebody else has meanwhile.
    private func put(_ bytes: [UInt8], inPlaceOf old: ETag?) async throws {
        do {
            try await store.put(bytes, to: manifestKey, condition: old.map(WriteCondition.matches) ?? .absent)
        } catch let error as StoreError where [.preconditionFailed, .notFound].contains(error.kind) {
            let found = try await store.headIfPresent(manifestKey)
            // An attempt whose answer got lost.
            if found != nil, try await store.read(manifestKey, limit: ManifestLimits.bytes) == bytes { return }
            throw ImportError(
                "\(store.location.naming(manifestKey)) was written or deleted by somebody else meanwhile, and is left as it "
                    + "is; the pictures are in the store: run the same again to replace it")
        }
    }
}
