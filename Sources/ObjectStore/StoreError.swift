/// What a store refuses or cannot do, as one sentence. Holds no secret and no query of a URL.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// There is no such object.
        case notFound
        /// There is no such bucket or folder.
        case noStore
        /// The bucket is there already.
        case exists
        /// The object is there already, or is not the one that it has to be.
        case preconditionFailed
        case accessDenied
        /// There are none, or they are not valid, or the signature is refused.
        case credentials
        /// The store has no objects of such a name.
        case invalidKey
        /// The range begins at or after the object's end.
        case invalidRange
        /// What is asked for can never be right.
        case invalidRequest
        /// More bytes than the caller takes.
        case tooLarge
        /// The object, or the file that is sent, became another one meanwhile.
        case changed
        /// What came or went is not what its checksum or length says.
        case corrupted
        /// This store cannot do that.
        case unsupported
        /// No answer, or none but failures, in spite of further attempts; it may work later.
        case unavailable
        /// Another process is at work on the same.
        case busy
        /// A file here could not be read or written.
        case file
        case other
    }

    public let kind: Kind
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// What has the key is not what is asked for.
    static func another(_ key: String, than etag: ETag) -> StoreError {
        StoreError(.preconditionFailed, "\(key.onOneLine) is not the object with the ETag \(etag)")
    }

    /// With what failed in front: "s3://films/a.mp4".
    func at(_ place: String) -> StoreError { StoreError(kind, "\(place): \(description)") }
}
