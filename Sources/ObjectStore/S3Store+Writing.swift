import AWS
import Digest
import HTTP
import XML

extension S3Store {
    public func put(
        _ body: HTTPBody, to key: String, attributes: ObjectAttributes, condition: WriteCondition?
    ) async throws -> ETag {
        try await put(body, to: key, attributes: attributes, condition: condition, progress: nil)
    }

    func put(
        _ body: HTTPBody, to key: String, attributes: ObjectAttributes, condition: WriteCondition?,
        progress: (@Sendable (HTTPProgress) -> Void)?
    ) async throws -> ETag {
        try attributes.check()
        var plain = S3Request("PUT", try whole(key))
        plain.headers = attributes.headers(for: key)
        if body.count > 0 { plain.body = body }
        plain.isContent = true
        plain.progress = progress
        return try await keeping(condition, key) { [plain] condition in
            var request = plain
            if let condition { request.headers.merge(condition.headers) }
            return ETag(try await session.send(request).headers["ETag"] ?? "")
        }
    }

    /// Writes under a condition, also where the server cannot compare: then it is asked for the object just before.
    ///
    /// - Parameter write: with the condition that the server is to keep to.
    func keeping(
        _ condition: WriteCondition?, _ key: String, _ write: (WriteCondition?) async throws -> ETag
    ) async throws -> ETag {
        guard let condition else { return try await write(nil) }
        guard !session.brokenConditions.withLock({ $0.contains(condition.name) }) else {
            try await check(condition, key)
            return try await write(nil)
        }
        do {
            return try await write(condition)
        } catch let error as StoreError where [.preconditionFailed, .unsupported].contains(error.kind) {
            try await check(condition, key)
            // Whatever was in the way may have gone since.
            do {
                return try await write(condition)
            } catch let error as StoreError where [.preconditionFailed, .unsupported].contains(error.kind) {
                try await check(condition, key)
            }
            // Some compare the quotation marks, too, and so refuse all.
            session.brokenConditions.withLock { _ = $0.insert(condition.name) }
            return try await write(nil)
        }
    }

    /// - Throws: `preconditionFailed`, and `notFound` where the object has to be there and is not.
    func check(_ condition: WriteCondition, _ key: String) async throws {
        let found = try await headIfPresent(key)?.etag
        switch (condition, found) {
        case (.absent, nil): return
        case (.absent, _): throw StoreError(.preconditionFailed, "\(location.naming(key)) is there already")
        case (.matches, nil): throw StoreError(.notFound, "there is no object \(location.naming(key))")
        case (.matches(let etag), let found):
            guard found == etag else { throw StoreError.another(location.naming(key), than: etag) }
        }
    }

    public func setTags(_ tags: [String: String], of key: String) async throws {
        try ObjectAttributes.check(tags: tags)
        guard !tags.isEmpty else {
            _ = try await session.send(S3Request("DELETE", try whole(key), [("tagging", "")]))
            return
        }
        let set = tags.sorted { $0.key < $1.key }.map {
            "<Tag><Key>\(XMLText.escape($0.key))</Key><Value>\(XMLText.escape($0.value))</Value></Tag>"
        }
        let document = "<Tagging xmlns=\"\(S3Store.namespace)\"><TagSet>\(set.joined())</TagSet></Tagging>"
        var request = S3Request("PUT", try whole(key), [("tagging", "")], document: document)
        request.headers["Content-MD5"] = Base64.encode(MD5.digest(of: Array(document.utf8)))
        _ = try await session.send(request)
    }

    static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
}

extension WriteCondition {
    enum Name { case absent, matches }

    var name: Name { self == .absent ? .absent : .matches }

    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        switch self {
        case .absent: headers["If-None-Match"] = "*"
        case .matches(let etag): headers["If-Match"] = etag.quoted
        }
        return headers
    }
}
