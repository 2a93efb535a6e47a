import AWS
import HTTP

extension S3Store {
    public func copy(_ source: String, to key: String) async throws -> ETag {
        let info = try await head(source)
        guard info.size > limits.singleCopyBytes else { return try await copyAtOnce(info, to: key) }
        // Only a copy in one request takes the attributes along.
        var attributes = info.attributes
        attributes.tags = try await tags(of: source)
        let upload = try await beginUpload(key, attributes)
        return try await abortingOnFailure(upload) {
            let plan = PartPlan(size: info.size, leastPartBytes: limits.copyPartBytes)
            let parts = try await inParallel(4, 1...plan.count) { number in
                try await copyPart(number, of: upload, from: info, plan.range(number))
            }
            return try await complete(upload, parts, crc: nil)
        }
    }

    private func copyAtOnce(_ source: ObjectInfo, to key: String) async throws -> ETag {
        var request = S3Request("PUT", try whole(key))
        request.headers = try copySource(source)
        request.mayFailLate = true
        if ObjectKey(source.key) == ObjectKey(key) {
            // An object is copied to itself only if something changes.
            request.headers.merge(source.attributes.headers(for: key))
            request.headers["x-amz-metadata-directive"] = "REPLACE"
        }
        return ETag(try await session.document(request)["ETag"]?.text ?? "")
    }

    /// That very object, not one that takes its place meanwhile.
    func copySource(_ source: ObjectInfo) throws(StoreError) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers["x-amz-copy-source"] = "/\(bucket)/\(PercentEncoding.encodeKey(try whole(source.key)))"
        headers["x-amz-copy-source-if-match"] = source.etag.quoted
        return headers
    }

    /// Leaves no parts behind, which would cost money where nobody sees them. Not even when the task is cancelled, unless there is
    /// a note by which the next one goes on with them.
    ///
    /// - Parameter journal: the note; it goes with the parts.
    func abortingOnFailure<Result: Sendable>(
        _ upload: S3Upload, journal: UploadJournal? = nil, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch {
            // What has arrived is gone on with by the next run, whom a note tells of it.
            if journal != nil, Task.isCancelled || (error as? StoreError)?.kind == .unavailable { throw error }
            // A task of its own is not cancelled with this one. What cannot be aborted is left to the bucket's lifecycle rules,
            // as is an upload whose beginning was not answered.
            if case .success = await Task(operation: { try await abort(upload) }).result { journal?.remove() }
            throw error
        }
    }
}
