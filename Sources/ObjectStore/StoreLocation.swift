/// Where a store is.
public enum StoreLocation: Hashable, Sendable, CustomStringConvertible {
    /// As it was given.
    case folder(String)
    /// - Parameter prefix: empty, or ends with "/"; is in front of every key.
    case s3(bucket: String, prefix: String)

    /// Reads "s3://bucket", "s3://bucket/prefix" (a slash at its end or not), or the path of a folder.
    public init(parsing text: String) throws(StoreError) {
        guard let rest = StoreLocation.afterScheme(text) else {
            guard !text.isEmpty else {
                throw StoreError(.invalidRequest, "the store's name is empty; name a folder or s3://BUCKET/PREFIX")
            }
            if let range = text.utf8.firstRange(of: "://".utf8) {
                throw StoreError(
                    .invalidRequest,
                    "\(text[..<range.lowerBound])://… is not where a store can be; name a folder or s3://BUCKET/PREFIX, and a server other than "
                        + "AWS as its endpoint")
            }
            self = .folder(text)
            return
        }
        let slash = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let bucket = String(rest[..<slash])
        guard StoreLocation.isBucket(bucket) else {
            throw StoreError(
                .invalidRequest,
                "\(bucket.debugDescription) is not a bucket; allowed are 3 to 63 lower-case letters, digits, dots and hyphens")
        }
        var prefix = String(rest[slash...].utf8.dropFirst()) ?? ""
        if !prefix.isEmpty, prefix.utf8.last != UInt8(ascii: "/") { prefix += "/" }
        self = .s3(bucket: bucket, prefix: prefix)
    }

    public var description: String {
        switch self {
        case .folder(let path): path
        case .s3(let bucket, let prefix): "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)")
        }
    }

    /// How messages name an object, on one line.
    package func naming(_ key: String) -> String {
        switch self {
        case .folder(let path): "\(path)/\(key.onOneLine)"
        case .s3(let bucket, let prefix): "s3://\(bucket)/\(prefix)\(key.onOneLine)"
        }
    }

    /// What follows "s3://", in any case; `nil` for what is no such URL.
    package static func afterScheme(_ text: String) -> Substring? {
        text.utf8.prefix(5).elementsEqual("s3://".utf8) || text.utf8.prefix(5).elementsEqual("S3://".utf8)
            ? Substring(text.utf8.dropFirst(5)) : nil
    }

    /// - Source: "General purpose bucket naming rules" in the S3 User Guide.
    private static func isBucket(_ name: String) -> Bool {
        let isLetterOrDigit = { (byte: UInt8) in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
        }
        guard 3...63 ~= name.utf8.count, name.utf8.allSatisfy({ isLetterOrDigit($0) || "-.".utf8.contains($0) }),
            let first = name.utf8.first, let last = name.utf8.last
        else { return false }
        return isLetterOrDigit(first) && isLetterOrDigit(last) && !name.contains("..") && !looksLikeAddress(name)
    }

    /// "192.168.5.4"
    private static func looksLikeAddress(_ name: String) -> Bool {
        let parts = name.split(separator: ".")
        return parts.count == 4 && parts.allSatisfy { Int($0) != nil }
    }
}

extension ObjectStore {
    /// Tells a store from others of any kind, wherever it is named.
    package var identity: String {
        guard let bucket = self as? S3Store else { return location.description }
        return "\(bucket.session.endpoint.server) \(location)"
    }
}

extension String {
    /// For messages: quoted where it has control characters.
    var onOneLine: String { unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? debugDescription : self }
}
