import HTTP

/// Objects under keys: a bucket, or a folder laid out like one.
///
/// - Keys are compared byte by byte and listed in the order of their UTF-8.
/// - Every write is whole or not at all: a reader sees the object before or the one after.
/// - Errors are `StoreError`, and `CancellationError` when the task is cancelled.
public protocol ObjectStore: Sendable {
    var location: StoreLocation { get }

    /// What is known of an object without its content.
    func head(_ key: String) async throws -> ObjectInfo

    /// Reads an object or a part of it.
    ///
    /// - Parameters:
    ///   - range: in bytes, from within the object; what goes past its end is cut off. `nil`: all.
    ///   - etag: refuses an object with any other (`preconditionFailed`).
    func get(
        _ key: String, range: Range<Int64>?, ifMatch etag: ETag?, into destination: ObjectDestination
    ) async throws -> ObjectContent

    /// Writes an object, in place of one that is there, in a single request.
    func put(
        _ body: HTTPBody, to key: String, attributes: ObjectAttributes, condition: WriteCondition?
    ) async throws -> ETag

    /// Copies an object with its attributes inside of the store, in place of one that is there.
    func copy(_ source: String, to key: String) async throws -> ETag

    /// Deletes objects; those that are not there are no errors.
    ///
    /// - Returns: those that could not be deleted. Others are gone in spite of them.
    func delete(_ keys: [String]) async throws -> [DeleteFailure]

    /// One page of a listing. See ``list(_:)`` for all of them.
    ///
    /// - Parameter token: the `next` of the page before; `nil` for the first.
    func page(of listing: Listing, after token: ListToken?) async throws -> ListPage

    /// The objects of all pages.
    func allObjects(of listing: Listing) async throws -> [ListedObject]

    func tags(of key: String) async throws -> [String: String]

    /// Replaces all tags.
    func setTags(_ tags: [String: String], of key: String) async throws

    /// A URL by which anybody can make one kind of request, without credentials, until it expires.
    ///
    /// - Parameter expiresSeconds: 1 to 604,800 (a week). Where the credentials that sign it end before, so does the URL: see
    ///   `HTTPAddress.presignedSeconds`.
    func presign(_ method: PresignedMethod, _ key: String, expiresSeconds: Int) async throws -> HTTPAddress

    /// Writes a file to an object, in parts at once where it is large. It is whole there, or not at all.
    func upload(
        _ path: String, to key: String, attributes: ObjectAttributes, options: TransferOptions
    ) async throws -> ETag

    /// Writes an object to a file, in ranges at once where it is large. The file appears whole, or not at all.
    func download(_ key: String, to path: String, options: TransferOptions) async throws -> ObjectInfo

    /// Writes an object that a listing has shown to a file; or the one that has taken its place.
    func download(_ object: ListedObject, to path: String, options: TransferOptions) async throws -> ObjectInfo

    /// Whether an object's content is that of a file; `nil` where that cannot be told without reading the object.
    ///
    /// - Parameter partBytes: of the parts in which it was sent, if it was.
    func holds(_ object: ListedObject, contentOf path: String, partBytes: Int64) async throws -> Bool?
}

/// What a presigned URL is for.
public enum PresignedMethod: String, Hashable, Sendable {
    case get = "GET"
    case put = "PUT"
}

/// What must be so for a write to happen; otherwise it throws `preconditionFailed`.
public enum WriteCondition: Hashable, Sendable {
    /// There is no such object yet.
    case absent
    /// The object is there, and is still this one.
    case matches(ETag)
}

/// A key that could not be deleted, and why.
public struct DeleteFailure: Hashable, Sendable {
    @ObjectKey public var key: String
    public let error: StoreError
}
