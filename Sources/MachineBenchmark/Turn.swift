import Glibc
import Rendering
import Synchronization

/// What a runner does in one turn.
///
/// Its threads begin together, and each goes on until the last one has measured: a thread's rate is that of its items while all
/// the others are at work, from one finished item to another, with as many items under way at both.
package struct Turn {
    /// Items a second, of all threads together.
    package let rate: Double
    /// All that were finished, for which `cpuSeconds` were spent.
    package let items: Int
    package let cpuSeconds: Double
    package let wallSeconds: Double

    package init(_ runner: Runner, seconds: Double, _ cancellation: Cancellation) throws {
        let gate = StartGate(count: runner.threads)
        let start = Mutex((wall: 0.0, cpu: 0.0))
        let measuring = Atomic(runner.threads)
        let total = Mutex((rate: 0.0, items: 0, end: 0.0, cpuEnd: 0.0))
        try Workers.run(runner.threads, cancellation: cancellation) { thread, stop in
            let stream = try runner.makeStream(thread)
            let depth = stream.depth
            // Memory of every item that can be under way is touched, pictures are on the device, caches are as warm as they get.
            for _ in 0..<depth { try stream.begin() }
            for _ in 0..<depth { try stream.finish() }
            try gate.pass(stop) { start.withLock { $0 = (monotonicSeconds(), rusage.current.cpuSeconds) } }
            let end = start.withLock { $0.wall } + seconds
            for _ in 0..<depth { try stream.begin() }
            try stream.finish()
            let first = monotonicSeconds()
            var items = 1
            var rate: Double?
            while rate == nil || measuring.load(ordering: .relaxed) > 0 {
                try stop.check()
                try stream.begin()
                try stream.finish()
                items += 1
                let now = monotonicSeconds()
                if rate == nil && now >= end {
                    rate = Double(items - 1) / (now - first)
                    measuring.subtract(1, ordering: .relaxed)
                }
            }
            for _ in 1..<depth { try stream.finish() }
            items += depth - 1
            total.withLock { total in
                total.items += items
                total.rate += rate ?? 0
                (total.end, total.cpuEnd) = (monotonicSeconds(), rusage.current.cpuSeconds)
            }
        }
        let (all, begun) = (total.withLock { $0 }, start.withLock { $0 })
        (rate, items) = (all.rate, all.items)
        (wallSeconds, cpuSeconds) = (all.end - begun.wall, all.cpuEnd - begun.cpu)
    }
}
