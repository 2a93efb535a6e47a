import HTTP
import Testing

/// Nothing that is printed holds a secret.
@Suite struct HTTPDescriptionTests {
    private func shown(_ value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return ["\(value)", String(reflecting: value), dumped]
    }

    @Test func `Requests`() throws {
        var request = HTTPRequest(method: "GET", address: try HTTPAddress(parsing: "https://host/path?X-Amz-Signature=secret-1"))
        request.headers["Authorization"] = "AWS4-HMAC-SHA256 secret-2"
        request.headers["X-Amz-Security-Token"] = "secret-3"
        request.headers["X-Amz-Server-Side-Encryption-Customer-Key"] = "secret-4"
        request.headers["Range"] = "bytes=0-9"
        for text in shown(request) + shown(request.headers) + shown(request.address) {
            #expect(!text.contains("secret-"), "\(text)")
        }
        #expect("\(request)".hasPrefix("GET https://host/path?… [Authorization: …"))
        #expect("\(request)".contains("Range: bytes=0-9"))
    }

    @Test func `Responses`() {
        var headers = HTTPHeaders()
        headers["Set-Cookie"] = "secret-1"
        headers["Location"] = "https://host/?X-Amz-Signature=secret-2"
        for text in shown(HTTPResponse(status: 307, headers: headers, body: Array("secret-3".utf8))) {
            #expect(!text.contains("secret-"), "\(text)")
        }
    }
}
