import Dispatch
import Synchronization

/// Threads of our own for work that keeps a core busy for seconds: Swift's cooperative pool must not be blocked for so long.
package enum Workers {
    /// Runs `body` on `count` threads at once and waits for all of them.
    ///
    /// - Parameters:
    ///   - cancellation: stops the work from outside.
    ///   - body: polls `stop`, which is set when the work is cancelled or another thread has thrown.
    /// - Throws: the error that was thrown first.
    package static func run(
        _ count: Int, cancellation: Cancellation,
        _ body: @escaping @Sendable (_ worker: Int, _ stop: Cancellation) throws -> Void
    ) throws {
        let outcome = Outcome()
        let stop = Cancellation(parent: cancellation)
        let group = DispatchGroup()
        for worker in 0..<count {
            // A serial queue each, so that each gets a thread (libdispatch has some 250 of them).
            DispatchQueue(label: "burns.worker.\(worker)").async(group: group) {
                do {
                    try body(worker, stop)
                } catch {
                    outcome.record(error)
                    stop.cancel()
                }
            }
        }
        group.wait()
        if let error = outcome.first { throw error }
    }

    private final class Outcome: Sendable {
        private let error = Mutex<(any Error)?>(nil)
        func record(_ new: any Error) { error.withLock { $0 = $0 ?? new } }
        var first: (any Error)? { error.withLock { $0 } }
    }
}
