import HTTP

/// A request in the form that both sides hash: what differs only in writing is the same here.
/// - Source: "Create a signed AWS API request" in the IAM User Guide; "Signature Calculations" in the S3 API Reference.
package struct CanonicalRequest {
    package let text: String
    /// "host;x-amz-date"
    package let signedHeaders: String

    package init(_ request: HTTPRequest, isS3: Bool, payload: String) {
        let path = isS3 ? CanonicalRequest.plainPath(request.address.path) : CanonicalRequest.normalizedPath(request.address.path)
        let headers = CanonicalRequest.headers(request)
        signedHeaders = headers.map(\.name).joined(separator: ";")
        text = """
            \(request.method)
            \(path)
            \(CanonicalRequest.query(request.address.query ?? ""))
            \(headers.map { "\($0.name):\($0.value)\n" }.joined())
            \(signedHeaders)
            \(payload)
            """
    }

    /// Of S3: each part as its bytes encoded once, nothing taken out, for keys may have any dots and slashes.
    private static func plainPath(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { PercentEncoding.encode(PercentEncoding.decode($0), keepingSlashes: false) }.joined(separator: "/")
    }

    /// Of other services: without empty parts and dots, and what goes over the wire encoded once more.
    private static func normalizedPath(_ path: String) -> String {
        var kept: [Substring] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        for part in parts {
            if part == ".." { _ = kept.popLast() } else if part != "." { kept.append(part) }
        }
        let isFolder = path.hasSuffix("/") || parts.last == "." || parts.last == ".."
        let end = isFolder && !kept.isEmpty ? "/" : ""
        return "/" + kept.map { PercentEncoding.encode($0.utf8, keepingSlashes: false) }.joined(separator: "/") + end
    }

    /// Sorted by name and then by value, as they are encoded.
    static func query(_ query: String) -> String {
        query.split(separator: "&").map { parameter in
            let (name, value) = parameter.firstIndex(of: "=").map {
                (parameter[..<$0], parameter[parameter.index(after: $0)...])
            } ?? (parameter, "")
            return (
                PercentEncoding.encode(PercentEncoding.decode(name), keepingSlashes: false),
                PercentEncoding.encode(PercentEncoding.decode(value), keepingSlashes: false)
            )
        }
        .sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
    }

    /// Those that go through proxies unchanged, with lower-case names, sorted; fields of one name joined in their order.
    private static func headers(_ request: HTTPRequest) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in request.headers.fields {
            let name = name.lowercased()
            if !unsigned.contains(name) { values[name, default: []].append(trimmed(value)) }
        }
        if values["host"] == nil { values["host"] = [request.address.hostHeader] }
        return values.map { (name: $0, value: $1.joined(separator: ",")) }.sorted { $0.name < $1.name }
    }

    /// Hops and clients change these.
    private static let unsigned: Set<String> = [
        "authorization", "connection", "expect", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding",
        "upgrade", "user-agent", "x-amzn-trace-id",
    ]

    /// Without white space around, and one space for any inside.
    private static func trimmed(_ value: String) -> String {
        value.utf8.split { $0 == 0x20 || 0x09...0x0D ~= $0 }.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}

extension HTTPAddress {
    /// What goes over the wire as `Host`: the port only where it is not the scheme's own.
    var hostHeader: String {
        guard let port, port != (scheme == "https" ? 443 : 80) else { return host }
        return "\(host):\(port)"
    }
}
