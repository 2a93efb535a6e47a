/// An HTTP/1.1 client: many transfers at once on one thread of its own, over connections that are kept and used again.
///
/// Requests go over the wire as they are: no path is tidied, nothing is followed, nothing is decoded, and no header is added but
/// `Host`, `Content-Length`, `User-Agent` and what `TransferOptions` asks for. Certificates are always verified.
public final class HTTPClient: Sendable {
    public struct Configuration: Sendable {
        /// Where the request has none.
        public var userAgent = "burns"
        /// For resolving, connecting and TLS together.
        public var connectTimeout = Duration.seconds(10)
        public var stall = StallLimit()
        /// A connection that has been idle for so long is not used again. S3 closes at 5 s. Whole seconds, at least 1.
        public var idleSeconds = 4
        public static let usualTransfersPerHost = 64
        /// At once; other transfers to the host wait for their turn, and no clock of theirs runs.
        public var maximumTransfersPerHost = usualTransfersPerHost
        /// A PEM file of the authorities to trust instead of the system's (`AWS_CA_BUNDLE`).
        public var certificateAuthorities: String?
        /// PEM files of which the first that is there holds the system's authorities.
        public var systemAuthorities = SystemAuthorities.files()
        /// Whether `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy` count. Loopback and link-local addresses are never
        /// asked through a proxy, for which they would be others: the metadata of its machine, and not of this one.
        public var usesProxy = true
        /// All transfers together, both directions. Of less than 32 KiB a second for each, there are fewer at once.
        public var maximumBytesPerSecond: Int?
        public var addressGuard: Guard?

        public init() {}

        /// Slow ones take turns one after the other: a server takes what moves nothing for many seconds for dead.
        package var transfersPerHost: Int {
            let most = max(1, maximumTransfersPerHost)
            return maximumBytesPerSecond.map { min(most, max(1, $0 / (32 << 10))) } ?? most
        }
    }

    /// Transfers that move fewer than `bytes` within any `duration` are given up. Time spent connecting or held back by
    /// `maximumBytesPerSecond` does not count.
    public struct StallLimit: Hashable, Sendable {
        public var bytes: Int64
        public var duration: Duration

        public init(bytes: Int64 = 1, duration: Duration = .seconds(30)) {
            self.bytes = bytes
            self.duration = duration
        }
    }

    /// What one transfer has of its own.
    public struct TransferOptions: Sendable {
        /// Asks before the body is sent, and waits a second for the answer.
        public var expectsContinue = false
        /// `nil`: the client's.
        public var stall: StallLimit?
        /// For the whole transfer, connecting included.
        public var timeout: Duration?
        /// Called on the client's thread, at most ten times a second and once at the end.
        public var progress: (@Sendable (HTTPProgress) -> Void)?

        public init() {}
    }

    private let engine: CurlEngine

    /// - Throws: `HTTPError` where libcurl or a thread cannot be started.
    public init(_ configuration: Configuration = Configuration()) throws {
        engine = try CurlEngine(configuration)
    }

    deinit { engine.close() }

    /// Sends a request and receives its final response. Cancelling the task ends the transfer at once.
    ///
    /// When this has returned or thrown, nothing touches the body's or the destination's descriptor any more.
    ///
    /// Requests to a host beyond `maximumTransfersPerHost` wait for their turn.
    ///
    /// Where a connection that was used before turns out to be dead before a byte of the response has come, the request is sent
    /// once more over a fresh one.
    ///
    /// - Parameter prepare: makes what goes over the wire of the request when its turn has come, on the client's thread: a signature
    ///   does not get old in the queue. The address has to stay.
    /// - Returns: a response of any status.
    /// - Throws: `HTTPError`, `CancellationError`, and what the destination's sink throws.
    public func perform(
        _ request: HTTPRequest, sending body: HTTPBody = .none, receiving destination: HTTPDestination = .bytes(limit: 1 << 20),
        options: TransferOptions = TransferOptions(), preparing prepare: (@Sendable (HTTPRequest) -> HTTPRequest)? = nil
    ) async throws -> HTTPResponse {
        try request.check(body: body)
        let ticket = CurlTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                engine.submit(
                    CurlJob(
                        ticket: ticket, request: request, prepare: prepare, body: body, destination: destination, options: options,
                        continuation: continuation))
            }
        } onCancel: {
            engine.cancel(ticket)
        }
    }

    /// Ends all transfers, which throw, and the thread. Later requests throw, too.
    public func close() { engine.close() }
}
