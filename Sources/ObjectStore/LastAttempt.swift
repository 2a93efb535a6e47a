import HTTP
import Synchronization

/// What is known of the last attempt at a request.
final class LastAttempt: Sendable {
    private struct State {
        var mayHaveDoneIt = false
        var movedAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// The server may have done what it was asked to: an answer got lost, or says nothing of it.
    var mayHaveDoneIt: Bool { state.withLock { $0.mayHaveDoneIt } }
    /// When bytes have moved last, within a tenth of a second; `nil`: none have, or all went too fast to be seen.
    var movedAt: ContinuousClock.Instant? { state.withLock { $0.movedAt } }

    func watching(_ request: S3Request, _ attempt: (S3Request) async throws -> HTTPResponse) async throws -> HTTPResponse {
        state.withLock { $0 = State(mayHaveDoneIt: true) }
        var request = request
        request.progress = { [progress = request.progress] moved in
            self.state.withLock { $0.movedAt = .now }
            progress?(moved)
        }
        let response = try await attempt(request)
        state.withLock { $0.mayHaveDoneIt = response.wasSentTwice || [500, 502, 504].contains(response.status) }
        return response
    }
}
