import Glibc

/// A thread of our own.
///
/// It takes no signals: they are for the program's other threads, and SIGPIPE, which a write raises on the very thread that
/// writes, is for nobody. Only faults come through, to whoever reports crashes.
package struct WorkThread: Sendable {
    private let thread: pthread_t

    /// Starts `body`. Whoever holds the thread calls either `join` or `detach`, once.
    ///
    /// - Throws: where the system has no further thread.
    package init(_ body: @escaping @Sendable () -> Void) throws(WorkThreadError) {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        // Inherited by the thread: it is never without them.
        let code = Self.withSignalsBlocked {
            pthread_create(
                &thread, nil,
                { work in
                    if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
                    return nil
                }, work.toOpaque())
        }
        guard code == 0 else {
            work.release()
            throw WorkThreadError(code: code)
        }
        self.thread = thread
    }

    /// Whether it is this thread that asks.
    package var isCurrent: Bool { pthread_equal(thread, pthread_self()) != 0 }

    /// Waits for its end.
    package func join() { pthread_join(thread, nil) }

    /// Lets it end by itself.
    package func detach() { pthread_detach(thread) }

    private static let faults = [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP]

    private static func withSignalsBlocked<R>(_ body: () -> R) -> R {
        var (signals, before) = (sigset_t(), sigset_t())
        sigfillset(&signals)
        for fault in faults { sigdelset(&signals, fault) }
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return body()
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// Why a thread cannot be started, in the system's words.
package struct WorkThreadError: Error, CustomStringConvertible {
    package let code: Int32

    package init(code: Int32) { self.code = code }

    package var description: String { String(cString: strerror(code)) }
}
