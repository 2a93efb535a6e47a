/// Gives credentials to whoever signs requests: looks for them once, and again before they expire.
///
/// - Thread rule: any task. Many that ask at once wait for one search.
public actor CredentialsProvider {
    private let context: CredentialsContext
    private let explicit: AWSCredentials?
    private var current: (loaded: LoadedCredentials, refreshAt: AWSDate?)?
    private var flight: Task<LoadedCredentials, any Error>?
    /// Why the last renewal failed, while credentials are still good; `nil` when it did not.
    public private(set) var renewalError: (any Error)?

    /// They are renewed so long before they expire, or in the second half of their time, whichever is later.
    private static let marginSeconds = 300
    /// After a renewal that failed, until the next.
    private static let pauseSeconds = 30

    /// - Parameter explicit: goes before every other source.
    public init(
        configuration: AWSConfiguration, sender: any HTTPSending, clock: AWSClock, explicit: AWSCredentials? = nil
    ) {
        self.init(
            configuration: configuration, sender: sender, clock: clock, explicit: explicit, sleep: CredentialsProvider.sleep)
    }

    /// - Parameter sleep: waits between attempts.
    package init(
        configuration: AWSConfiguration, sender: any HTTPSending, clock: AWSClock, explicit: AWSCredentials? = nil,
        sleep: @escaping @Sendable (_ seconds: Double) async throws -> Void
    ) {
        context = CredentialsContext(configuration: configuration, sender: sender, clock: clock, sleep: sleep)
        self.explicit = explicit
    }

    /// Credentials that hold for some minutes at least, where their source gives such.
    /// - Throws: `AWSError` where there are none, or they cannot be renewed and have expired.
    public func credentials() async throws -> AWSCredentials { try await load().credentials }

    /// ``credentials()``, with where they are from and until when they hold.
    public func load() async throws -> LoadedCredentials {
        let now = context.clock.now
        if let current, current.refreshAt.map({ now < $0 }) ?? true { return current.loaded }
        let task = flight ?? startFlight()
        do {
            return try await task.value
        } catch {
            guard let current, let expiration = current.loaded.expiration, context.clock.now < expiration else { throw error }
            return current.loaded
        }
    }

    /// AWS refused these ("ExpiredToken"): the next that asks gets others.
    public func discard(_ refused: AWSCredentials) {
        if current?.loaded.credentials == refused { current = nil }
    }

    /// The search does not end when one of those that wait for it is cancelled.
    private func startFlight() -> Task<LoadedCredentials, any Error> {
        let task = Task { [context, explicit] in
            do {
                let given = try explicit.map { try LoadedCredentials($0, source: "the options given") }
                let loaded = if let given { given } else { try await CredentialsChain.load(context) }
                try arrive(loaded)
                return loaded
            } catch {
                fail(error)
                throw error
            }
        }
        flight = task
        return task
    }

    private func arrive(_ loaded: LoadedCredentials) throws(AWSError) {
        let now = context.clock.now
        if let expiration = loaded.expiration, expiration <= now {
            throw AWSError(
                .credentials,
                "the credentials from \(loaded.source) expired at \(expiration), and it is \(now): is the clock right?")
        }
        let refreshAt = loaded.expiration.map {
            max($0.adding(seconds: -Self.marginSeconds), now.adding(seconds: $0.seconds(since: now) / 2))
        }
        (current, flight, renewalError) = ((loaded, refreshAt), nil, nil)
    }

    private func fail(_ error: any Error) {
        (flight, renewalError) = (nil, error)
        guard let expiration = current?.loaded.expiration else { return }
        current?.refreshAt = min(context.clock.now.adding(seconds: Self.pauseSeconds), expiration)
    }

    static func sleep(seconds: Double) async throws { try await Task.sleep(for: .seconds(seconds)) }
}
