/// What is known of an object without its content.
public struct ObjectInfo: Hashable, Sendable {
    @ObjectKey public var key: String
    /// In bytes.
    public var size: Int64
    public var etag: ETag
    /// Seconds since 1970, UTC.
    public var modifiedAt: Int
    /// Without tags, which have a request of their own.
    public var attributes: ObjectAttributes
    /// Where the store keeps one.
    public var checksum: ObjectChecksum?
}

/// Names one state of an object: it changes with the content. Shown without the quotation marks that HTTP has around it.
public struct ETag: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) {
        let isQuoted = text.utf8.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
        self.text = isQuoted ? String(text.dropFirst().dropLast()) : text
    }

    public var description: String { text }
    var quoted: String { "\"\(text)\"" }
}

/// What a read gave.
public struct ObjectContent: Hashable, Sendable {
    public var info: ObjectInfo
    /// Of the object; all of it, where none was asked for.
    public var range: Range<Int64>
    /// Empty where the content went elsewhere.
    public var bytes: [UInt8]
}

/// Where the content of an object goes.
public enum ObjectDestination: Sendable {
    /// Kept in the result; more is an error (`tooLarge`).
    case bytes(limit: Int)
    /// Written with `pwrite` from `offset` on. The descriptor stays the caller's.
    case file(descriptor: Int32, offset: Int64)
}
