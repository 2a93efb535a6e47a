import Glibc
import MachineBenchmark
import Rendering
import Synchronization
import Testing

/// Threads that are measured together begin together, warm, and work until all have measured.
@Suite struct TurnTests {
    private struct Broken: Error {}

    private struct Log {
        var makers: Set<UInt> = []
        var firstTimed: [Double] = []
        var lastWarm: [Double] = []
        var mostUnderWay = 0
        var begun = 0
        var finished = 0
    }

    private final class SharedLog: Sendable {
        let value: Mutex<Log>
        init(_ log: Log) { value = Mutex(log) }
    }

    /// Items of a constant time each, of which a thread is told how many are under way.
    private final class Stream: WorkStream, @unchecked Sendable {  // belongs to one thread at a time
        let depth: Int
        private let itemSeconds: Double
        private let log: SharedLog
        private var begun = 0
        private var finished = 0

        init(depth: Int, itemSeconds: Double, warmUpSeconds: Double, _ log: SharedLog) {
            self.depth = depth
            self.itemSeconds = itemSeconds
            self.log = log
            log.value.withLock { _ = $0.makers.insert(UInt(pthread_self())) }
            usleep(UInt32(warmUpSeconds * 1e6))
        }

        func begin() {
            if begun == depth { log.value.withLock { $0.firstTimed.append(monotonicSeconds()) } }
            begun += 1
            log.value.withLock { log in
                log.begun += 1
                log.mostUnderWay = max(log.mostUnderWay, begun - finished)
            }
        }

        func finish() {
            usleep(UInt32(itemSeconds * 1e6))
            finished += 1
            log.value.withLock { $0.finished += 1 }
            if finished == depth { log.value.withLock { $0.lastWarm.append(monotonicSeconds()) } }
        }
    }

    /// The second thread's stream takes long to make, and its items take three times as long.
    @Test func beginTogetherAndCountTogether() throws {
        let log = SharedLog(Log())
        let runner = Runner(threads: 3) { thread in
            Stream(depth: 3, itemSeconds: thread == 1 ? 0.03 : 0.01, warmUpSeconds: thread == 1 ? 0.2 : 0, log)
        }
        let turn = try Turn(runner, seconds: 0.3, Cancellation())
        let seen = log.value.withLock { $0 }
        #expect(seen.makers.count == 3 && seen.mostUnderWay == 3 && seen.begun == seen.finished)
        // Nobody is timed before everybody is warm.
        #expect((seen.firstTimed.min() ?? 0) >= (seen.lastWarm.max() ?? .infinity))
        // 100, 33 and 100 a second, less what sleeping takes longer.
        #expect(turn.rate > 120 && turn.rate < 235, "\(turn.rate)")
        #expect(turn.items == seen.finished - 9 && turn.wallSeconds >= 0.3 && turn.wallSeconds < 3)
    }

    @Test func whoNeverComesIsNotWaitedFor() {
        let log = SharedLog(Log())
        let runner = Runner(threads: 4) { thread in
            if thread == 2 { throw Broken() }
            return Stream(depth: 1, itemSeconds: 0.001, warmUpSeconds: 0, log)
        }
        #expect(throws: Broken.self) { try Turn(runner, seconds: 0.1, Cancellation()) }
        #expect(log.value.withLock { $0.firstTimed.isEmpty })
    }

    @Test func aGateOpensOnceForAll() throws {
        let gate = StartGate(count: 300)
        let opened = Atomic(0)
        try Workers.run(300, cancellation: Cancellation()) { _, stop in
            try gate.pass(stop) { opened.add(1, ordering: .relaxed) }
            #expect(opened.load(ordering: .relaxed) == 1)
        }
    }
}
