/// When to send a request again, and how long to wait before: exponential with full jitter, so that many that failed together
/// do not come back together.
public struct RetryPolicy: Sendable {
    /// The first one included.
    public var maximumAttempts = 5
    /// The most that is waited before the second attempt; doubles with each further one.
    public var base = Duration.seconds(1)
    /// The most that is ever waited of our own accord.
    public var cap = Duration.seconds(20)
    /// A server that asks for more is not waited for.
    public var longestRetryAfter = Duration.seconds(60)
    /// Evenly from 0 to 1.
    public var random: @Sendable () -> Double = { .random(in: 0...1) }
    public var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    /// Seconds since 1970, for servers that name a date.
    public var now: @Sendable () -> Int = { HTTPDate.now }

    public init() {}

    /// What to make of a response.
    public enum Verdict: Hashable, Sendable {
        case done
        /// - Parameter after: what the server asks for, if it does.
        case again(after: Duration?)
    }

    /// Sends until a response is `done`, an error cannot get better, or the attempts are used up.
    ///
    /// - Parameters:
    ///   - judge: replaces `verdict(on:)`.
    ///   - isTransient: whether another attempt may end otherwise than with this error.
    ///   - send: does one attempt, counted from 1.
    /// - Returns: the last response, whatever its status.
    /// - Throws: the last attempt's error; `CancellationError` when cancelled while waiting.
    public func perform(
        judging judge: (@Sendable (HTTPResponse) -> Verdict)? = nil,
        retrying isTransient: @Sendable (any Error) -> Bool = { ($0 as? HTTPError)?.isTransient ?? false },
        _ send: @Sendable (_ attempt: Int) async throws -> HTTPResponse
    ) async throws -> HTTPResponse {
        var attempt = 1
        while true {
            var asked: Duration?
            do {
                let response = try await send(attempt)
                guard case .again(let after) = judge?(response) ?? verdict(on: response), attempt < maximumAttempts,
                    after ?? .zero <= longestRetryAfter
                else { return response }
                asked = after
            } catch where attempt < maximumAttempts && isTransient(error) {}
            try await sleep(delay(before: attempt + 1) + (asked ?? .zero))
            attempt += 1
        }
    }

    /// By the status alone: 408, 429, 500, 502, 503 and 504 may get better.
    public func verdict(on response: HTTPResponse) -> Verdict {
        switch response.status {
        case 408, 429, 500, 502, 503, 504: .again(after: retryAfter(response))
        default: .done
        }
    }

    /// - Parameter attempt: from 2.
    /// - Returns: a random part of base · 2^(attempt − 2), or of the cap.
    public func delay(before attempt: Int) -> Duration {
        // Beyond 2^30 it is the cap in any case.
        let most = min(cap, base * (1 << min(30, max(0, attempt - 2))))
        return most * random()
    }

    /// The header `Retry-After`: seconds or a date. `nil` for none, or none that can be read.
    public func retryAfter(_ response: HTTPResponse) -> Duration? {
        guard let text = response.headers["Retry-After"] else { return nil }
        if let seconds = Int(text), 0..<1 << 32 ~= seconds { return .seconds(seconds) }
        return HTTPDate.seconds(of: text).map { .seconds(max(0, $0 - now())) }
    }
}
