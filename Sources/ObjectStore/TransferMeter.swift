import HTTP
import Synchronization

/// Adds up what the parts of a transfer have moved, and tells.
final class TransferMeter: Sendable {
    private struct State {
        /// Of parts that are done.
        var finished: Int64
        /// Of parts under way, by number.
        var moving: [Int: Int64] = [:]
    }

    private let total: Int64
    private let report: (@Sendable (TransferProgress) -> Void)?
    private let state: Mutex<State>

    init(total: Int64, done: Int64 = 0, report: (@Sendable (TransferProgress) -> Void)?) {
        (self.total, self.report) = (total, report)
        state = Mutex(State(finished: done))
        tell { _ in }
    }

    /// What the client tells of one part's transfer; `nil` where nobody wants to know.
    ///
    /// - Parameter count: of its bytes that are there already.
    func gauge(
        _ number: Int, _ direction: KeyPath<HTTPProgress, Int64> & Sendable, after count: Int64 = 0
    ) -> (@Sendable (HTTPProgress) -> Void)? {
        guard report != nil else { return nil }
        return { [self] progress in tell { $0.moving[number] = count + progress[keyPath: direction] } }
    }

    func finish(_ number: Int, _ count: Int64) {
        tell {
            $0.moving[number] = nil
            $0.finished += count
        }
    }

    /// One report after the other: they are made under the lock.
    private func tell(_ change: (inout State) -> Void) {
        guard let report else { return }
        state.withLock { state in
            change(&state)
            report(TransferProgress(done: min(total, state.moving.values.reduce(state.finished, +)), total: total))
        }
    }
}
