import ObjectStore

/// One object by its URL: "s3://bucket/key".
public struct ObjectName: Hashable, Sendable {
    public let bucket: String
    /// Whole, as the bucket knows it.
    public let key: String

    /// - Returns: `nil` for what is no such URL.
    /// - Throws: for one that names no bucket, or no object in it.
    public init?(parsing text: String) throws {
        guard let rest = StoreLocation.afterScheme(text)?.utf8 else { return nil }
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        guard case .s3(let bucket, _) = try StoreLocation(parsing: String(Substring(text.utf8[..<slash]))),
            let key = String(rest[slash...].dropFirst()), !key.isEmpty
        else { throw LibraryError("\(text) names a bucket and no object in it") }
        (self.bucket, self.key) = (bucket, key)
    }
}
