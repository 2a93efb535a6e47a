import AWS
import Glibc
import HTTP

/// The everyday forms of the operations.
extension ObjectStore {
    /// A small object's content.
    ///
    /// - Parameter limit: the most bytes that are kept; a longer one is an error (`tooLarge`).
    public func read(
        _ key: String, range: Range<Int64>? = nil, ifMatch etag: ETag? = nil, limit: Int = 64 << 20
    ) async throws -> [UInt8] {
        try await get(key, range: range, ifMatch: etag, into: .bytes(limit: limit)).bytes
    }

    @discardableResult
    public func put(
        _ bytes: [UInt8], to key: String, attributes: ObjectAttributes = ObjectAttributes(), condition: WriteCondition? = nil
    ) async throws -> ETag {
        try await put(.bytes(bytes), to: key, attributes: attributes, condition: condition)
    }

    @discardableResult
    public func upload(_ path: String, to key: String, options: TransferOptions = TransferOptions()) async throws -> ETag {
        try await upload(path, to: key, attributes: ObjectAttributes(), options: options)
    }

    @discardableResult
    public func download(_ key: String, to path: String) async throws -> ObjectInfo {
        try await download(key, to: path, options: TransferOptions())
    }

    public func download(_ object: ListedObject, to path: String, options: TransferOptions) async throws -> ObjectInfo {
        try await download(object.key, to: path, options: options)
    }

    /// Deletes one object, if it is there.
    public func delete(_ key: String) async throws {
        if let failure = try await delete([key]).first { throw failure.error }
    }

    /// `nil` where there is no such object.
    public func headIfPresent(_ key: String) async throws -> ObjectInfo? {
        do {
            return try await head(key)
        } catch let error as StoreError where error.kind == .notFound {
            return nil
        }
    }

    /// By the clock that dates objects, as far as it is known.
    package func secondsSinceChange(of object: ListedObject) -> Int {
        time(nil) + ((self as? S3Store)?.now.seconds(since: .now) ?? 0) - object.modifiedAt
    }

    public func allObjects(of listing: Listing) async throws -> [ListedObject] {
        try await list(listing).reduce(into: []) { $0 += $1.objects }
    }

    public func list(_ listing: Listing = Listing()) -> ListPages { ListPages(store: self, listing: listing) }
}
