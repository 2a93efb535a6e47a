import Glibc
import MachineBenchmark

/// CPU time per frame, over all rounds.
struct FrameTiming {
    let medianSeconds: Double
    let minimumSeconds: Double
    let frameCount: Int

    /// Times contestants on this thread, one after the other, round by round, so that what else the machine does hits all alike.
    ///
    /// - Parameter seconds: each contestant's share of a round; at least one frame.
    static func interleaved(
        _ contestants: [any Timed], _ variant: Variant, rounds: Int, seconds: Double
    ) throws -> [FrameTiming] {
        var samples = contestants.map { _ in [Double]() }
        for contestant in contestants { try contestant.render(0, variant) }
        for _ in 0..<rounds {
            for (index, contestant) in contestants.enumerated() {
                let start = threadCPUSeconds()
                var last = start
                repeat {
                    try contestant.render(samples[index].count, variant)
                    let now = threadCPUSeconds()
                    samples[index].append(now - last)
                    last = now
                } while last - start < seconds
            }
        }
        return samples.map {
            FrameTiming(medianSeconds: $0.median, minimumSeconds: $0.min() ?? .nan, frameCount: $0.count)
        }
    }
}

/// CPU time of the calling thread: other programs on the machine do not count.
func threadCPUSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
}
