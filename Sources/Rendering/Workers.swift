import Synchronization
import Threads

/// Threads of our own for work that keeps a core busy for seconds: Swift's cooperative pool must not be blocked for so long.
package enum Workers {
    package typealias Body = @Sendable (_ worker: Int, _ stop: Cancellation) throws -> Void
    /// How threads come to be.
    package typealias Starter = (@escaping @Sendable () -> Void) throws -> WorkThread

    /// Runs `body` on `count` threads, all of them at once however many they are, and waits for them.
    ///
    /// - Parameters:
    ///   - cancellation: stops the work from outside.
    ///   - body: polls `stop`, which is set when the work is cancelled or another thread has thrown.
    /// - Throws: the error that was thrown first, or where the system has fewer threads.
    package static func run(
        _ count: Int, cancellation: Cancellation, starter: Starter = { try WorkThread($0) }, _ body: @escaping Body
    ) throws {
        _ = try run(count, atLeast: count, cancellation, starter, body)
    }

    /// Runs `body` on `count` threads, or on as many of them as the system has: for work of which each thread takes the next
    /// piece until none is left.
    ///
    /// - Returns: where there are fewer, a sentence that says so.
    /// - Throws: the error that was thrown first, or where not even one thread can be started.
    package static func run(
        upTo count: Int, cancellation: Cancellation, starter: Starter = { try WorkThread($0) }, _ body: @escaping Body
    ) throws -> String? {
        try run(count, atLeast: min(1, count), cancellation, starter, body)
    }

    private static func run(
        _ count: Int, atLeast needed: Int, _ cancellation: Cancellation, _ starter: Starter, _ body: @escaping Body
    ) throws -> String? {
        let outcome = Outcome()
        let stop = Cancellation(parent: cancellation)
        var threads: [WorkThread] = []
        var shortage: String?
        for worker in 0..<count {
            do {
                threads.append(
                    try starter {
                        do {
                            try body(worker, stop)
                        } catch {
                            outcome.record(error)
                            stop.cancel()
                        }
                    })
            } catch {
                let text = "of \(count) threads only \(worker) can be started: \(error); ask for fewer with --jobs"
                if worker < needed {
                    outcome.record(RenderError(text, underlying: error))
                    stop.cancel()
                }
                shortage = text
                break
            }
        }
        for thread in threads { thread.join() }
        if let error = outcome.first { throw error }
        return shortage
    }

    private final class Outcome: Sendable {
        private let error = Mutex<(any Error)?>(nil)
        func record(_ new: any Error) { error.withLock { $0 = $0 ?? new } }
        var first: (any Error)? { error.withLock { $0 } }
    }
}
