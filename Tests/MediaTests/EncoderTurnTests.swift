import Foundation
import Media
import Synchronization
import Testing

/// SVT-AV1 crashes now and then when two of its encoders are open in a process, and takes real time for its threads.
@Suite struct EncoderTurnTests {
    private static let encoder = "libsvtav1"

    @Test func oneThreadCannotHaveTwo() throws {
        let folder = try ScratchFolder()
        let first = try ChunkEncoder(settings: .small(Self.encoder), path: folder.path("a.mp4"))
        let refusal = message { _ = try ChunkEncoder(settings: .small(Self.encoder), path: folder.path("b.mp4")) }
        #expect(refusal.contains("one at a time"), "\(refusal)")
        // Others may.
        _ = try ChunkEncoder(settings: .small("libx264"), path: folder.path("c.mp4"))
        withExtendedLifetime(first) {}
    }

    @Test func anotherThreadWaitsUntilItIsClosed() throws {
        let folder = try ScratchFolder()
        var first: ChunkEncoder? = try ChunkEncoder(settings: .small(Self.encoder), path: folder.path("a.mp4"))
        let ended = DispatchSemaphore(value: 0)
        let outcome = Mutex("nothing")
        let path = folder.path("b.mp4")
        Thread.detachNewThread {
            let text = message { _ = try ChunkEncoder(settings: .small(Self.encoder), path: path) }
            outcome.withLock { $0 = text }
            ended.signal()
        }
        // Opening takes a tenth of that.
        #expect(ended.wait(timeout: .now() + 1) == .timedOut)
        withExtendedLifetime(first) {}
        first = nil
        #expect(ended.wait(timeout: .now() + 60) == .success)
        #expect(outcome.withLock { $0 } == "no error")
    }

    private struct Scheduling: Equatable, CustomStringConvertible {
        let policy: Int32
        let priority: Int32

        /// Of a thread of this process; 0: the calling one. `nil` where it has ended.
        init?(of thread: pid_t) {
            var parameters = sched_param()
            let policy = sched_getscheduler(thread)
            guard policy >= 0, sched_getparam(thread, &parameters) == 0 else { return nil }
            self.policy = policy
            priority = parameters.sched_priority
        }

        var description: String { "policy \(policy), priority \(priority)" }
    }

    /// Nobody else can open one while this test's is open, so that nobody takes real time for a moment.
    @Test func noThreadBecomesARealTimeOne() throws {
        let folder = try ScratchFolder()
        let before = try #require(Scheduling(of: 0))
        // A thread that somebody made one on purpose, where that is allowed: while nobody opens an encoder.
        var turn: ChunkEncoder? = try ChunkEncoder(settings: .small(Self.encoder), path: folder.path("turn.mp4"))
        let made = Mutex<pid_t>(0)
        let (ready, done) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            var parameters = sched_param(sched_priority: sched_get_priority_max(SCHED_FIFO))
            if sched_setscheduler(0, SCHED_FIFO, &parameters) == 0,
                let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self"),
                let number = place.split(separator: "/").last
            {
                made.withLock { $0 = pid_t(number) ?? 0 }
            }
            ready.signal()
            done.wait()
        }
        ready.wait()
        defer { done.signal() }
        let onPurpose = made.withLock { $0 }
        withExtendedLifetime(turn) {}
        turn = nil
        let encoder = try ChunkEncoder(settings: .small(Self.encoder), path: folder.path("a.mp4"))
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap { pid_t($0) }
        #expect(threads.count > 3)
        for thread in threads where thread != onPurpose {
            guard let now = Scheduling(of: thread) else { continue }
            #expect(now.policy == before.policy || ![SCHED_FIFO, SCHED_RR].contains(now.policy), "thread \(thread): \(now)")
        }
        #expect(Scheduling(of: 0) == before)
        if onPurpose != 0 { #expect(Scheduling(of: onPurpose)?.policy == SCHED_FIFO) }
        withExtendedLifetime(encoder) {}
    }
}
