/// How many a second, measured in several rounds.
public struct Rate: Sendable {
    /// Of each round; never empty.
    public let rounds: [Double]
    /// In all rounds together.
    public let itemCount: Int
    /// User and system time of all threads.
    public let cpuSecondsPerItem: Double

    package init(rounds: [Double], itemCount: Int, cpuSecondsPerItem: Double) {
        precondition(!rounds.isEmpty, "a rate has at least one round")
        self.rounds = rounds
        self.itemCount = itemCount
        self.cpuSecondsPerItem = cpuSecondsPerItem
    }

    public var median: Double { rounds.median }
    /// Of the fastest round.
    public var best: Double { rounds.max() ?? .nan }
    public var medianSeconds: Double { 1 / median }
    public var minimumSeconds: Double { 1 / best }

    /// What its threads had of so many cores: less than 1 where they waited, or where others had the cores.
    package func share(ofCores cores: Double) -> Double { cpuSecondsPerItem / medianSeconds / cores }

    /// The same of smaller or larger items.
    func scaled(by factor: Double) -> Rate {
        Rate(rounds: rounds.map { $0 * factor }, itemCount: itemCount, cpuSecondsPerItem: cpuSecondsPerItem / factor)
    }
}

extension [Double] {
    /// The middle one, or the mean of the middle two; NaN of none.
    package var median: Double {
        guard !isEmpty else { return .nan }
        let sorted = sorted()
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    }
}
