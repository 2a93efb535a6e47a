import Digest
import HTTP
import XML

extension S3Store {
    /// What one request takes.
    private static let batchCount = 1000

    public func delete(_ keys: [String]) async throws -> [DeleteFailure] {
        var failures: [DeleteFailure] = []
        var batch: [String] = []
        for key in keys {
            do {
                _ = try whole(key)
                // Documents cannot hold control characters; addresses can.
                if XMLText.canHold(key) { batch.append(key) } else { try await deleteAlone(key) }
            } catch let error as StoreError {
                failures.append(DeleteFailure(key: key, error: error))
            }
        }
        for start in stride(from: 0, to: batch.count, by: S3Store.batchCount) {
            failures += try await deleteBatch(batch[start..<min(start + S3Store.batchCount, batch.count)])
        }
        return failures
    }

    private func deleteAlone(_ key: String) async throws { _ = try await session.send(S3Request("DELETE", try whole(key))) }

    /// One request, and single ones for those that failed for a passing reason.
    private func deleteBatch(_ keys: ArraySlice<String>) async throws -> [DeleteFailure] {
        let objects = keys.map { "<Object><Key>\(XMLText.escape(prefix + $0))</Key></Object>" }
        let document = "<Delete xmlns=\"\(S3Store.namespace)\"><Quiet>true</Quiet>\(objects.joined())</Delete>"
        var request = S3Request("POST", nil, [("delete", "")], document: document)
        request.headers["Content-MD5"] = Base64.encode(MD5.digest(of: Array(document.utf8)))
        request.mayFailLate = true
        let refused: [(key: String, failure: S3Failure)] = try await session.document(request).all("Error").compactMap { error in
            let failure = S3Failure(code: error["Code"]?.text ?? "", message: error["Message"]?.text ?? "")
            guard failure.code != "NoSuchKey" else { return nil }
            let key = error["Key"]?.text ?? ""
            return (inner(key) ?? key, failure)
        }
        var failures: [DeleteFailure] = []
        for (key, failure) in refused {
            if let error = try await error(of: failure, key) { failures.append(DeleteFailure(key: key, error: error)) }
        }
        return failures
    }

    /// `nil`: the key could be deleted after all.
    private func error(of failure: S3Failure, _ key: String) async throws -> StoreError? {
        guard failure.isPassing else { return failure.error(at: location.naming(key), needing: "s3:DeleteObject") }
        do {
            try await deleteAlone(key)
            return nil
        } catch let error as StoreError {
            return error
        }
    }
}
