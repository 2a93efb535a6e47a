/// Sees to it that no host is asked too much: few requests at once, a pause between their starts, and none while it wants to be
/// left alone.
public actor HostCourtesy {
    public struct Limits: Hashable, Sendable {
        /// At once.
        public var perHost = 2
        /// Between the starts of two requests to one host.
        public var gap = Duration.milliseconds(200)
        /// Who asks for more time than this is not asked again.
        public var longestWait = Duration.seconds(60)
        /// Nor is who asks for more than this again and again, all times together.
        public var longestWaitInAll = Duration.seconds(600)

        public init() {}
    }

    /// A host wants to be left alone for longer than anybody waits.
    public enum HostIsBusy: Error, Hashable, Sendable {
        /// From now on.
        case now(Duration)
        /// Again and again, in all.
        case inAll(Duration)
    }

    private struct Host {
        var running = 0
        var waiting: [Waiting] = []
        var nextStart = ContinuousClock.now
        /// For which it has asked so far.
        var held = Duration.zero
    }

    private struct Waiting {
        let number: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private let limits: Limits
    private var hosts: [String: Host] = [:]
    private var count = 0

    public init(_ limits: Limits = Limits()) { self.limits = limits }

    /// Does something with a host when its turn has come; first come, first served.
    ///
    /// - Throws: `HostIsBusy`, `CancellationError` when cancelled while waiting, and what `body` throws.
    public nonisolated func turn<Result: Sendable>(
        at host: String, _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await enter(host)
        do {
            let result = try await body()
            await leave(host)
            return result
        } catch {
            await leave(host)
            throw error
        }
    }

    /// The host wants to be left alone for so long. Requests that run go on.
    public func hold(_ host: String, for duration: Duration) {
        let now = ContinuousClock.now
        let (start, end) = (max(now, hosts[host]?.nextStart ?? now), now + duration)
        hosts[host, default: Host()].nextStart = max(end, start)
        hosts[host]?.held += max(.zero, end - start)
    }

    // MARK: Steps

    private func enter(_ host: String) async throws {
        if hosts[host, default: Host()].running < max(1, limits.perHost) {
            hosts[host, default: Host()].running += 1
        } else {
            try await waitForPlace(host)
        }
        do {
            // The start may be put off while we sleep.
            while let start = hosts[host]?.nextStart, start > .now {
                let rest = start - ContinuousClock.now
                guard rest <= limits.longestWait else { throw HostIsBusy.now(rest) }
                let held = hosts[host]?.held ?? .zero
                guard held <= limits.longestWaitInAll else { throw HostIsBusy.inAll(held) }
                try await Task.sleep(until: start, clock: .continuous)
            }
            hosts[host]?.nextStart = .now + limits.gap
        } catch {
            leave(host)
            throw error
        }
    }

    /// Returns with a place that somebody else has left.
    private func waitForPlace(_ host: String) async throws {
        count += 1
        let number = count
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    hosts[host]?.waiting.append(Waiting(number: number, continuation: continuation))
                }
            }
        } onCancel: {
            Task { await self.giveUp(number, host) }
        }
    }

    private func giveUp(_ number: Int, _ host: String) {
        guard let place = hosts[host]?.waiting.firstIndex(where: { $0.number == number }) else { return }
        hosts[host]?.waiting.remove(at: place).continuation.resume(throwing: CancellationError())
    }

    private func leave(_ host: String) {
        guard var state = hosts[host] else { return }
        if state.waiting.isEmpty {
            state.running -= 1
        } else {
            state.waiting.removeFirst().continuation.resume()
        }
        hosts[host] = state
    }
}
