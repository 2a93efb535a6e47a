import Rendering

/// Somebody whose speed is measured.
package struct Runner {
    var threads: Int
    /// Makes a thread's stream, on that thread: memory comes from where it is touched first.
    var makeStream: @Sendable (_ thread: Int) throws -> any WorkStream

    package init(threads: Int, makeStream: @escaping @Sendable (_ thread: Int) throws -> any WorkStream) {
        self.threads = threads
        self.makeStream = makeStream
    }
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
                let turn = try Turn(runner, seconds: seconds, cancellation)
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
}
