import Glibc

/// Why a request failed, as one sentence with its place and cause. A status of any kind is not an error.
///
/// Addresses in it have no query and no user, as those may hold secrets. A cancelled request throws `CancellationError`
/// instead.
public struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The request cannot be sent as it is.
        case request
        case couldNotResolve
        case couldNotConnect
        /// A proxy lets nobody through to the host, or not us.
        case proxy
        /// The guard let no address of the host pass.
        case refusedAddress
        /// The server's certificate is not to be trusted.
        case certificate
        /// TLS failed for another reason.
        case handshake
        /// Too little has moved for too long.
        case stalled
        /// The transfer as a whole took too long.
        case timedOut
        /// Closed or reset before the end.
        case interrupted
        case tooLarge
        /// Of another length than it must be.
        case unexpectedLength
        /// What came is not HTTP.
        case malformed
        /// The file that is sent or received could not be read or written.
        case file
        /// The client was closed meanwhile.
        case closed
        /// Whatever else curl refuses.
        case other
    }

    public let kind: Kind
    /// Without the place.
    public let cause: String
    /// Method and address, without a query.
    public internal(set) var place: String?
    public let underlying: CurlError?

    init(_ kind: Kind, _ cause: String, underlying: CurlError? = nil) {
        self.kind = kind
        self.cause = cause
        self.underlying = underlying
    }

    public var description: String { place.map { "\($0): \(cause)" } ?? cause }

    /// Whether the same request may well succeed a little later.
    public var isTransient: Bool {
        switch kind {
        case .couldNotResolve, .couldNotConnect, .handshake, .stalled, .timedOut, .interrupted: true
        case .request, .proxy, .refusedAddress, .certificate, .tooLarge, .unexpectedLength, .malformed, .file, .closed, .other:
            false
        }
    }

    static let closed = HTTPError(.closed, "the client was closed before the transfer was done")

    static func tooLarge(limit: Int64) -> HTTPError { HTTPError(.tooLarge, "the response is longer than \(limit) bytes") }

    /// - Parameter count: `nil`: more than expected.
    static func unexpectedLength(_ count: Int64?, expected: Int64) -> HTTPError {
        HTTPError(.unexpectedLength, "the response has \(count.map(String.init) ?? "more") bytes where \(expected) are expected")
    }

    static func interrupted(after count: Int64, of expected: Int64?, underlying: CurlError? = nil) -> HTTPError {
        let expectation = expected.map { " of \($0)" } ?? ""
        return HTTPError(
            .interrupted, "the connection ended after \(count)\(expectation) bytes of the response", underlying: underlying)
    }

    /// - Parameter verb: "read" or "written".
    static func file(_ verb: String, _ code: Int32) -> HTTPError {
        HTTPError(.file, "the file could not be \(verb): \(String(cString: strerror(code)))")
    }

    func at(_ place: String) -> HTTPError {
        var error = self
        error.place = error.place ?? place
        return error
    }
}
