import Glibc

/// Seconds spent in each stage, summed over all threads.
public struct StageTimes: Sendable {
    public var decode = 0.0
    public var prepare = 0.0
    public var resample = 0.0
    public var encode = 0.0
    public var audio = 0.0
    public var assemble = 0.0

    package init() {}

    static func + (a: StageTimes, b: StageTimes) -> StageTimes {
        var sum = a
        sum.decode += b.decode
        sum.prepare += b.prepare
        sum.resample += b.resample
        sum.encode += b.encode
        sum.audio += b.audio
        sum.assemble += b.assemble
        return sum
    }

    /// Runs `body` and adds the time it took.
    mutating func measure<R>(_ stage: WritableKeyPath<StageTimes, Double>, _ body: () throws -> R) rethrows -> R {
        let start = monotonicSeconds()
        defer { self[keyPath: stage] += monotonicSeconds() - start }
        return try body()
    }
}

/// Seconds since some fixed moment; never goes back.
public func monotonicSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
}
