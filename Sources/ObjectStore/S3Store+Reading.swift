import AWS
import Digest
import HTTP
import XML

extension S3Store {
    public func head(_ key: String) async throws -> ObjectInfo { try await headWithDigest(key).info }

    func headWithDigest(_ key: String) async throws -> S3Content {
        var request = S3Request("HEAD", try whole(key))
        if session.verifiesContent { request.headers["x-amz-checksum-mode"] = "ENABLED" }
        return try S3Content(try await session.send(request), key: key)
    }

    public func get(
        _ key: String, range: Range<Int64>?, ifMatch etag: ETag?, into destination: ObjectDestination
    ) async throws -> ObjectContent {
        try await fetch(key, range: range, ifMatch: etag, into: destination).content
    }

    /// With the checksum of what came: the one that the server states with it, or that `kind`.
    ///
    /// - Parameters:
    ///   - each: called now and then with the checksum of the first so many bytes, which are where they belong.
    ///   - goesOnOtherwise: whether an attempt that fails is not to be followed by one for the same bytes.
    func fetch(
        _ key: String, range: Range<Int64>?, ifMatch etag: ETag?, into destination: ObjectDestination, kind: CRC.Kind = .crc32c,
        progress: (@Sendable (HTTPProgress) -> Void)? = nil, each: (@Sendable (CRC, Int) throws -> Void)? = nil,
        goesOnOtherwise: (@Sendable () -> Bool)? = nil
    ) async throws -> (content: ObjectContent, crc: CRC) {
        var request = S3Request("GET", try whole(key))
        request.goesOnOtherwise = goesOnOtherwise
        if let range {
            guard range.lowerBound >= 0, !range.isEmpty else {
                throw StoreError(.invalidRange, "\(location.naming(key)): the bytes \(range) are no range")
            }
            request.headers["Range"] = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
        } else if session.verifiesContent {
            request.headers["x-amz-checksum-mode"] = "ENABLED"
        }
        request.headers["If-Match"] = etag?.quoted
        let sink = S3ContentSink(
            key: key, range: range, etag: etag, destination: destination, kind: kind, verifies: session.verifiesContent,
            each: each)
        request.destination = .sink(sink)
        request.progress = progress
        _ = try await session.send(request)
        return try sink.result()
    }

    public func tags(of key: String) async throws -> [String: String] {
        let request = S3Request("GET", try whole(key), [("tagging", "")])
        let response = try await session.send(request)
        // So some servers say that there are none.
        guard !response.body.isEmpty else { return [:] }
        let root = try session.document(response, of: request)
        var tags: [String: String] = [:]
        for tag in root["TagSet"]?.all("Tag") ?? [] { tags[tag["Key"]?.text ?? ""] = tag["Value"]?.text ?? "" }
        return tags
    }

    /// Signed for the bucket's own region, which a request finds out where none has before.
    public func presign(_ method: PresignedMethod, _ key: String, expiresSeconds: Int) async throws -> HTTPAddress {
        guard 1...604_800 ~= expiresSeconds else {
            throw StoreError(
                .invalidRequest,
                "\(location.naming(key)): a URL can be good for 1 to 604800 seconds, and not for \(expiresSeconds)")
        }
        return try await session.presign(method.rawValue, try whole(key), expiresSeconds: expiresSeconds)
    }
}

extension HTTPAddress {
    /// How long a presigned URL is good, from when it was signed; `nil` for any other.
    public var presignedSeconds: Int? {
        let name = "X-Amz-Expires="
        return query?.split(separator: "&").first { $0.hasPrefix(name) }.flatMap { Int($0.dropFirst(name.count)) }
    }
}

extension S3Session {
    /// Sends, and reads the answer's document.
    func document(_ request: S3Request) async throws -> XMLElement {
        let response = try await send(request)
        return try document(response, of: request)
    }

    func document(_ response: HTTPResponse, of request: S3Request) throws -> XMLElement {
        do {
            return try XMLElement(parsing: response.body)
        } catch {
            throw StoreError(.corrupted, "\(name(of: request)): the answer to \(request.method) cannot be read: \(error)")
        }
    }
}
