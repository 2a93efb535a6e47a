import Glibc
import Rendering
import Synchronization

/// Somebody whose speed is measured.
struct Runner {
    /// A stream for each thread.
    var makeStreams: () throws -> [any WorkStream]
}

/// Lets runners take turns, round by round, so that what else the machine does hits all alike.
struct Turns {
    var rounds: Int
    /// Of each turn; an item that was begun is finished.
    var seconds: Double
    var cancellation: Cancellation

    /// A runner whose turn took so many times what it should gets no further ones: its items take seconds.
    private static let patience = 3.0

    /// - Returns: each runner's items a second, all its threads together.
    func measure(_ runners: [Runner]) throws -> [Rate] {
        var rates = runners.map { _ in [Double]() }
        var items = runners.map { _ in 0 }
        var cpuSeconds = runners.map { _ in 0.0 }
        var isSlow = runners.map { _ in false }
        for _ in 0..<rounds {
            for (index, runner) in runners.enumerated() where !isSlow[index] {
                try cancellation.check()
                let turn = try take(runner.makeStreams())
                rates[index].append(turn.rate)
                items[index] += turn.items
                cpuSeconds[index] += turn.cpuSeconds
                isSlow[index] = turn.wallSeconds > Self.patience * max(seconds, 0.3)
            }
        }
        return runners.indices.map {
            Rate(rounds: rates[$0], itemCount: items[$0], cpuSecondsPerItem: cpuSeconds[$0] / Double(items[$0]))
        }
    }

    private struct Turn {
        var rate = 0.0
        var items = 0
        var cpuSeconds = 0.0
        var wallSeconds = 0.0
    }

    private func take(_ streams: [any WorkStream]) throws -> Turn {
        // Memory is touched, pictures are on the device, and caches are as warm as they get.
        for stream in streams {
            try stream.begin()
            try stream.finish()
        }
        let total = Mutex(Turn())
        let (start, cpuStart) = (monotonicSeconds(), rusage.current.cpuSeconds)
        try Workers.run(streams.count, cancellation: cancellation) { [seconds] worker, stop in
            let stream = streams[worker]
            let start = monotonicSeconds()
            let depth = stream.depth
            var items = 0
            for _ in 0..<depth { try stream.begin() }
            while monotonicSeconds() - start < seconds {
                try stop.check()
                try stream.finish()
                try stream.begin()
                items += 1
            }
            for _ in 0..<depth { try stream.finish() }
            items += depth
            let rate = Double(items) / (monotonicSeconds() - start)
            total.withLock { total in
                total.items += items
                total.rate += rate
            }
        }
        var turn = total.withLock { $0 }
        turn.cpuSeconds = rusage.current.cpuSeconds - cpuStart
        turn.wallSeconds = monotonicSeconds() - start
        return turn
    }
}
