import Glibc
import Synchronization

/// Threads of our own for work that keeps a core busy for seconds: Swift's cooperative pool must not be blocked for so long.
package enum Workers {
    /// Runs `body` on `count` threads, all of them at once however many they are, and waits for them.
    ///
    /// - Parameters:
    ///   - cancellation: stops the work from outside.
    ///   - body: polls `stop`, which is set when the work is cancelled or another thread has thrown.
    /// - Throws: the error that was thrown first, or where the system has no further thread.
    package static func run(
        _ count: Int, cancellation: Cancellation,
        _ body: @escaping @Sendable (_ worker: Int, _ stop: Cancellation) throws -> Void
    ) throws {
        let outcome = Outcome()
        let stop = Cancellation(parent: cancellation)
        var threads: [pthread_t] = []
        for worker in 0..<count {
            let work = Work {
                do {
                    try body(worker, stop)
                } catch {
                    outcome.record(error)
                    stop.cancel()
                }
            }
            var thread = pthread_t()
            let handed = Unmanaged.passRetained(work)
            let code = pthread_create(
                &thread, nil,
                { work in
                    if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
                    return nil
                }, handed.toOpaque())
            guard code == 0 else {
                handed.release()
                let cause = String(cString: strerror(code))
                outcome.record(
                    RenderError("of \(count) threads only \(worker) can be started: \(cause); ask for fewer with --jobs"))
                stop.cancel()
                break
            }
            threads.append(thread)
        }
        for thread in threads { pthread_join(thread, nil) }
        if let error = outcome.first { throw error }
    }

    /// What a new thread is handed.
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private final class Outcome: Sendable {
        private let error = Mutex<(any Error)?>(nil)
        func record(_ new: any Error) { error.withLock { $0 = $0 ?? new } }
        var first: (any Error)? { error.withLock { $0 } }
    }
}
