import AWS
import HTTP
import XML

/// Uploads that processes were killed over. Their parts cost money where nobody sees them.
extension S3Store {
    /// Two machines' clocks are no further apart, or signatures would be refused.
    private static let clockTolerance = 300
    /// Of a server's own clock: it ticks in seconds, and its answers tell of it a little later.
    private static let clockStep = 2

    /// Throws away what killed processes of this machine have left, and takes their notes away.
    ///
    /// - Parameters:
    ///   - folder: `TransferOptions.journalFolder`. Uploads that another process is working on stay.
    ///   - prefix: of the keys that count.
    public func abandonUploads(notedIn folder: String, below prefix: String = "") async throws {
        for journal in try UploadJournal.abandoned(in: folder) {
            guard let entry = journal.entry, let key = inner(journal.place.key), key.utf8.starts(with: prefix.utf8),
                journal.place == (try place(of: key))
            else { continue }
            _ = try await abortIfAllowed { try await abort(entry, key) }
            journal.remove()
        }
    }

    /// Finds out whether an object can be written, without writing one: begins an upload in parts and throws it away.
    ///
    /// - Parameter folder: for a note on it, by which the next process throws it away if this one is killed.
    /// - Returns: whether these credentials may also throw away what they have begun. Otherwise the bucket's lifecycle rules do,
    ///   in the end; an upload without parts takes no space.
    @discardableResult
    package func checkWritable(_ key: String, notingIn folder: String? = nil) async throws -> Bool {
        // While another process is sending to the same object, there is nothing to be noted.
        let journal = try folder.flatMap { try UploadJournal(try place(of: key), in: $0, content: "nothing") }
        // What is to be gone on with keeps its note.
        guard let journal, journal.entry?.uploadID == nil else {
            let upload = try await beginUpload(key, ObjectAttributes())
            return try await abortIfAllowed { try await abort(upload) }
        }
        if let entry = journal.entry { _ = try await abortIfAllowed { try await abort(entry, key) } }
        let upload = try await beginUpload(key, ObjectAttributes(), journal)
        let isAllowed = try await abortingOnFailure(upload) { try await abortIfAllowed { try await abort(upload) } }
        journal.remove()
        return isAllowed
    }

    /// Whoever may write need not be allowed to abort.
    private func abortIfAllowed(_ abort: () async throws -> Void) async throws -> Bool {
        do {
            try await abort()
            return true
        } catch let error as StoreError where error.kind == .accessDenied {
            return false
        }
    }

    /// Begins an upload in parts, with notes that tell of it even if this process is killed before the answer is there.
    func beginUpload(_ key: String, _ attributes: ObjectAttributes, _ journal: UploadJournal?) async throws -> S3Upload {
        try journal?.noteBegin(at: session.serverNow)
        do {
            let upload = try await beginUpload(key, attributes)
            try journal?.note(upload)
            return upload
        } catch let error as StoreError where ![.unavailable, .corrupted].contains(error.kind) {
            // It has been refused.
            journal?.remove()
            throw error
        }
    }

    /// Where this store has an object, for notes.
    func place(of key: String) throws(StoreError) -> UploadJournal.Place {
        UploadJournal.Place(server: session.endpoint.server, bucket: bucket, key: try whole(key))
    }

    /// Throws away what a note tells of.
    func abort(_ entry: UploadJournal.Entry, _ key: String) async throws {
        if let id = entry.uploadID { return try await abort(S3Upload(key: key, id: id)) }
        // The process was killed between the request and the answer.
        try await abortUploads(of: key) { abs($0 - entry.begunAt) <= S3Store.clockTolerance }
    }

    /// Throws away what a request has begun whose answer got lost.
    func abortUploads(of key: String, begunSince start: ContinuousClock.Instant, except upload: S3Upload? = nil) async throws {
        try await abortUploads(of: key, except: upload) { begunAt in
            // The listing itself tells the server's time.
            let elapsed = Int((ContinuousClock.now - start).components.seconds)
            return begunAt >= session.serverNow.secondsSince1970 - elapsed - S3Store.clockStep
        }
    }

    /// Throws away what was begun for this very object then. If it is another machine's, that one was about to replace the same
    /// object at the same time.
    ///
    /// - Parameter isIt: by the second in which it was begun, since 1970.
    private func abortUploads(of key: String, except own: S3Upload? = nil, begun isIt: (Int) -> Bool) async throws {
        do {
            for (upload, begunAt) in try await unfinishedUploads(below: key) where ObjectKey(upload.key) == ObjectKey(key) {
                if upload != own, isIt(begunAt) { try await abort(upload) }
            }
        } catch let error as StoreError
            where [.accessDenied, .unsupported, .notFound, .invalidRequest].contains(error.kind)
        {
            // Whoever may write need not be allowed to list, and some servers cannot. Lifecycle rules do it in the end.
        }
    }

    /// Those that were begun and neither completed nor aborted, below the store's prefix.
    package func unfinishedUploads() async throws -> [S3Upload] { try await unfinishedUploads(below: "").map(\.upload) }

    /// - Returns: with the second in which they were begun, since 1970; 0 where the server does not say.
    private func unfinishedUploads(below rest: String) async throws -> [(upload: S3Upload, begunAt: Int)] {
        var uploads: [(upload: S3Upload, begunAt: Int)] = []
        var marker: (key: String, id: String)?
        repeat {
            var query = [
                (name: "uploads", value: ""), (name: "encoding-type", value: "url"), (name: "prefix", value: prefix + rest),
            ]
            if let marker { query += [(name: "key-marker", value: marker.key), (name: "upload-id-marker", value: marker.id)] }
            let root = try await session.document(S3Request("GET", nil, query))
            // A document cannot hold every key as it is.
            let isEncoded = root["EncodingType"]?.text == "url"
            func key(_ element: XMLElement?) -> String {
                let text = element?.text ?? ""
                return isEncoded ? PercentEncoding.decoded(text, plusIsSpace: true) : text
            }
            for upload in root.all("Upload") {
                guard let key = inner(key(upload["Key"])), let id = upload["UploadId"]?.text else { continue }
                let begunAt = upload["Initiated"].flatMap { AWSDate(iso8601: $0.text) }?.secondsSince1970 ?? 0
                uploads.append((S3Upload(key: key, id: id), begunAt))
            }
            let next = root["IsTruncated"]?.text == "true"
                ? (key: key(root["NextKeyMarker"]), id: root["NextUploadIdMarker"]?.text ?? "") : nil
            // A server that stays where it is would be asked for ever.
            marker = next.flatMap { next in marker.map { $0 == next } ?? false ? nil : next }
        } while marker != nil
        return uploads
    }
}
