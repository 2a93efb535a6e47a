/// Gives credentials to whoever signs requests: looks for them once, and again before they expire.
///
/// - Thread rule: any task. Many that ask at once wait for one search. Who is cancelled waits no longer; the last one to go ends
///   the search.
public actor CredentialsProvider {
    private let context: CredentialsContext
    private let explicit: AWSCredentials?
    private var current: (loaded: LoadedCredentials, refreshAt: AWSDate?)?
    private var flight: Flight?
    /// The last number that a search or somebody who waits was given.
    private var lastNumber = 0
    /// Why the last renewal failed, while credentials are still good; `nil` when it did not.
    public private(set) var renewalError: (any Error)?

    /// A search, and who waits for its end.
    private struct Flight {
        let number: Int
        let task: Task<Void, Never>
        var waiting: [Int: CheckedContinuation<LoadedCredentials, any Error>] = [:]
    }

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
    /// - Throws: `AWSError` where there are none, or they cannot be renewed and have expired; `CancellationError`.
    public func credentials() async throws -> AWSCredentials { try await load().credentials }

    /// ``credentials()``, with where they are from and until when they hold.
    public func load() async throws -> LoadedCredentials {
        let now = context.clock.now
        if let current, current.refreshAt.map({ now < $0 }) ?? true { return current.loaded }
        let number = nextNumber()
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { wait(number, $0) }
            } onCancel: {
                Task { await self.leave(number) }
            }
        } catch let error where !(error is CancellationError) {
            guard let current, let expiration = current.loaded.expiration, context.clock.now < expiration else { throw error }
            return current.loaded
        }
    }

    /// AWS refused these ("ExpiredToken"): the next that asks gets others.
    public func discard(_ refused: AWSCredentials) {
        if current?.loaded.credentials == refused { current = nil }
    }

    private func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    private func wait(_ number: Int, _ continuation: CheckedContinuation<LoadedCredentials, any Error>) {
        // Whoever is cancelled from here on leaves after this.
        guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
        var joined = flight ?? startFlight()
        joined.waiting[number] = continuation
        flight = joined
    }

    private func leave(_ number: Int) {
        guard let continuation = flight?.waiting.removeValue(forKey: number) else { return }
        if let flight, flight.waiting.isEmpty {
            flight.task.cancel()
            self.flight = nil
        }
        continuation.resume(throwing: CancellationError())
    }

    private func startFlight() -> Flight {
        let number = nextNumber()
        return Flight(
            number: number,
            task: Task { [context, explicit] in
                let result: Result<LoadedCredentials, any Error>
                do {
                    let given = try explicit.map { try LoadedCredentials($0, source: "the options given") }
                    let loaded = if let given { given } else { try await CredentialsChain.load(context) }
                    result = .success(loaded)
                } catch {
                    result = .failure(error)
                }
                end(number, result)
            })
    }

    private func end(_ number: Int, _ result: Result<LoadedCredentials, any Error>) {
        // One that everybody has left means nothing any more.
        guard let landed = flight, landed.number == number else { return }
        flight = nil
        let outcome = Result { try keep(try result.get()) }
        if case .failure(let error) = outcome { postpone(error) }
        for continuation in landed.waiting.values { continuation.resume(with: outcome) }
    }

    private func keep(_ loaded: LoadedCredentials) throws(AWSError) -> LoadedCredentials {
        let now = context.clock.now
        if let expiration = loaded.expiration, expiration <= now {
            throw AWSError(
                .credentials,
                "the credentials from \(loaded.source) expired at \(expiration), and it is \(now): is the clock right?")
        }
        let refreshAt = loaded.expiration.map {
            max($0.adding(seconds: -Self.marginSeconds), now.adding(seconds: $0.seconds(since: now) / 2))
        }
        (current, renewalError) = ((loaded, refreshAt), nil)
        return loaded
    }

    private func postpone(_ error: any Error) {
        renewalError = error
        guard let expiration = current?.loaded.expiration else { return }
        current?.refreshAt = min(context.clock.now.adding(seconds: Self.pauseSeconds), expiration)
    }

    static func sleep(seconds: Double) async throws { try await Task.sleep(for: .seconds(seconds)) }
}
