import HTTP

/// One request about a bucket or an object in it, before it is signed.
struct S3Request: Sendable {
    var method: String
    /// Whole, with the store's prefix; `nil`: the bucket itself.
    var key: String?
    var query: [(name: String, value: String)]
    var headers = HTTPHeaders()
    var body = HTTPBody.none
    var destination = HTTPDestination.bytes(limit: 16 << 20)
    /// The body is content, which has checksums.
    var isContent = false
    /// Its 200 may turn out to be a failure in the body, because the work takes longer than a server may keep silent.
    var mayFailLate = false
    var progress: (@Sendable (HTTPProgress) -> Void)?
    /// Called before it is sent once more, where the server may have done what the last attempt asked for.
    var undoing: (@Sendable () async throws -> Void)?
    /// Whether another request should follow a failed attempt, and not the same.
    var goesOnOtherwise: (@Sendable () -> Bool)?

    init(_ method: String, _ key: String?, _ query: [(name: String, value: String)] = []) {
        (self.method, self.key, self.query) = (method, key, query)
        // These say how long their bodies are, even without any.
        if method == "PUT" || method == "POST" { body = .bytes([]) }
    }

    /// With a document as the body.
    init(_ method: String, _ key: String?, _ query: [(name: String, value: String)], document: String) {
        self.init(method, key, query)
        body = .bytes(Array(document.utf8))
        headers["Content-Type"] = "application/xml"
    }
}
