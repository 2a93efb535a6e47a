import Glibc
import Rendering
import Synchronization

/// Lets threads go on together, when all of them have come.
package final class StartGate: Sendable {
    private let missing: Atomic<Int>
    private let isOpen = Atomic(false)

    /// Between looks at whether all have come, or somebody has failed and never will.
    private static let pollMicroseconds: UInt32 = 200

    package init(count: Int) { missing = Atomic(count) }

    /// Waits for the others; each thread passes once.
    ///
    /// - Parameter open: called by the last to come, before anybody goes on.
    package func pass(_ stop: Cancellation, open: () -> Void) throws {
        if missing.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
            open()
            isOpen.store(true, ordering: .releasing)
            return
        }
        while !isOpen.load(ordering: .acquiring) {
            try stop.check()
            usleep(Self.pollMicroseconds)
        }
    }
}
