import Dispatch
import Rendering
import Synchronization
import Testing

@Suite struct WorkersTests {
    private struct Broken: Error {}

    /// Each waits for all the others, which takes as many threads.
    @Test func allAtOnceHoweverMany() throws {
        let count = 400
        let here = Atomic(0)
        try Workers.run(count, cancellation: Cancellation()) { _, stop in
            here.add(1, ordering: .relaxed)
            let start = monotonicSeconds()
            while here.load(ordering: .relaxed) < count {
                guard monotonicSeconds() - start < 20 else { throw Broken() }
                _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(2))
            }
        }
        #expect(here.load(ordering: .relaxed) == count)
    }

    @Test func theFirstErrorStopsTheOthers() {
        #expect(throws: Broken.self) {
            try Workers.run(8, cancellation: Cancellation()) { worker, stop in
                if worker == 5 { throw Broken() }
                while true { try stop.check() }
            }
        }
    }
}
