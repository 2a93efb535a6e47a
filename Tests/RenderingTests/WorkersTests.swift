import Dispatch
import Glibc
import Rendering
import Synchronization
import Testing
import Threads

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

    /// A system that has so many threads and no more.
    private func starter(most: Int) -> Workers.Starter {
        var left = most
        return { body in
            guard left > 0 else { throw WorkThreadError(code: EAGAIN) }
            left -= 1
            return try WorkThread(body)
        }
    }

    @Test func fewerThreadsDoTheWorkOfMany() throws {
        let next = Atomic(0)
        let workers = Mutex<Set<Int>>([])
        let shortage = try Workers.run(upTo: 8, cancellation: Cancellation(), starter: starter(most: 3)) { worker, _ in
            workers.withLock { _ = $0.insert(worker) }
            while next.add(1, ordering: .relaxed).newValue < 100 {}
        }
        #expect(workers.withLock { $0 } == [0, 1, 2])
        #expect(next.load(ordering: .relaxed) >= 100)
        let said = "of 8 threads only 3 can be started: Resource temporarily unavailable"
        #expect(shortage?.hasPrefix(said) == true, "\(shortage ?? "")")
        #expect(try Workers.run(upTo: 8, cancellation: Cancellation()) { _, _ in } == nil)
    }

    @Test func allOrNoneWhereAllAreNeeded() {
        let stopped = Atomic(0)
        #expect(throws: RenderError.self) {
            try Workers.run(4, cancellation: Cancellation(), starter: starter(most: 2)) { _, stop in
                while !stop.isCancelled {}
                stopped.add(1, ordering: .relaxed)
            }
        }
        #expect(stopped.load(ordering: .relaxed) == 2)
        #expect(throws: RenderError.self) {
            _ = try Workers.run(upTo: 4, cancellation: Cancellation(), starter: starter(most: 0)) { _, _ in }
        }
    }

    /// Signals are for other threads; those that report crashes come through.
    @Test func workersTakeNoSignals() throws {
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &before)
        let blocked = Mutex<[Int32]>([])
        try Workers.run(1, cancellation: Cancellation()) { _, _ in
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            blocked.withLock { $0 = (1..<32).filter { sigismember(&mask, $0) == 1 } }
        }
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGALRM, SIGPROF, SIGCHLD] {
            #expect(blocked.withLock { $0 }.contains(signal), "\(signal)")
        }
        #expect(Set(blocked.withLock { $0 }).isDisjoint(with: [SIGSEGV, SIGBUS, SIGFPE, SIGILL]))
        // The caller is as it was.
        var after = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &after)
        for signal: Int32 in 1..<32 { #expect(sigismember(&after, signal) == sigismember(&before, signal)) }
    }
}
