import Dispatch
import Rendering
import Synchronization

/// Lets threads go on together, when all of them have come.
package final class StartGate: Sendable {
    private let count: Int
    private let missing: Mutex<Int>
    private let opened = DispatchSemaphore(value: 0)

    /// Between looks at whether somebody has failed and will never come.
    private static let pollMilliseconds = 20

    package init(count: Int) {
        self.count = count
        missing = Mutex(count)
    }

    /// Waits for the others; each thread passes once.
    ///
    /// - Parameter open: called by the last to come, before anybody goes on.
    package func pass(_ stop: Cancellation, open: () -> Void) throws {
        let isLast = missing.withLock { missing in
            missing -= 1
            return missing == 0
        }
        if isLast {
            open()
            for _ in 1..<max(1, count) { opened.signal() }
            return
        }
        while opened.wait(timeout: .now() + .milliseconds(Self.pollMilliseconds)) == .timedOut { try stop.check() }
    }
}
