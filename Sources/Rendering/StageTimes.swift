import Glibc

/// Seconds spent in each stage, summed over all threads.
public struct StageTimes: Sendable {
    public var decode = 0.0
    public var prepare = 0.0
    public var resample = 0.0
    public var encode = 0.0
    public var audio = 0.0
    public var assemble = 0.0

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

/// The most memory that this program ever held, in bytes; 0 where the system does not tell.
///
/// - Source: `VmHWM` of proc_pid_status(5). What getrusage(2) tells goes on from the process that started this one.
func peakResidentBytes() -> Int {
    guard let status = fopen("/proc/self/status", "re") else { return 0 }
    defer { fclose(status) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), status) != nil {
        let words = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        if words.count >= 2, words[0] == "VmHWM:", let kibibytes = Int(words[1]) { return kibibytes * 1024 }
    }
    return 0
}
