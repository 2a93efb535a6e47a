import AWS
import HTTP

/// Attributes as headers.
extension ObjectAttributes {
    /// For a write of a key.
    func headers(for key: String) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers["Content-Type"] = contentType ?? ContentType.ofKey(key)
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
            headers[ObjectAttributes.prefix + name] = EncodedWord.encode(value)
        }
        if !tags.isEmpty {
            let sorted = tags.sorted { $0.key < $1.key }
            headers["x-amz-tagging"] = PercentEncoding.query(sorted.map { (name: $0.key, value: $0.value) })
        }
        return headers
    }

    init(_ headers: HTTPHeaders) {
        self.init(contentType: headers["Content-Type"] ?? ContentType.unknown)
        for (name, value) in headers.fields where name.lowercased().hasPrefix(ObjectAttributes.prefix) {
            metadata[String(name.lowercased().dropFirst(ObjectAttributes.prefix.count))] = EncodedWord.decode(value)
        }
    }

    private static let prefix = "x-amz-meta-"
}

extension HTTPHeaders {
    mutating func merge(_ others: HTTPHeaders) {
        for (name, value) in others.fields { self[name] = value }
    }
}
