import AWS
import Digest
import HTTP
import XML

extension S3Store {
    public func put(
        _ body: HTTPBody, to key: String, attributes: ObjectAttributes, condition: WriteCondition?
    ) async throws -> ETag {
        try await put(body, to: key, attributes: attributes, condition: condition, looksFirst: true, progress: nil)
    }

    func put(
        _ body: HTTPBody, to key: String, attributes: ObjectAttributes, condition: WriteCondition?, looksFirst: Bool,
        progress: (@Sendable (HTTPProgress) -> Void)?
    ) async throws -> ETag {
        try attributes.check()
        var plain = S3Request("PUT", try whole(key))
        plain.headers = attributes.headers(for: key)
        if body.count > 0 { plain.body = body }
        plain.isContent = true
        plain.progress = progress
        return try await keeping(condition, key, isInParts: false, looksFirst: looksFirst) { [plain] condition in
            var request = plain
            if let condition { request.headers.merge(condition.headers) }
            return ETag(try await session.send(request).headers["ETag"] ?? "")
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
