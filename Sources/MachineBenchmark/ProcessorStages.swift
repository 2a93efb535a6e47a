import Rendering
import Resampling

/// Frames made by the CPU: every level of its kernels with 1, 2, 4 … threads.
package enum ProcessorStages {
    /// 1, 2, 4 … and `most`.
    package static func threadCounts(upTo most: Int) -> [Int] {
        var counts: [Int] = []
        var next = 1
        while next < most {
            counts.append(next)
            next *= 2
        }
        return counts + [most]
    }

    /// - Parameter copies: bytes read and written in a second, by number of threads.
    static func measure(
        _ contestants: [Contestant], _ sample: FrameSample, copies: [Int: Rate], threads: [Int],
        _ extent: BenchmarkOptions.Extent, _ cancellation: Cancellation
    ) throws -> [StageRow] {
        let pairs = contestants.flatMap { contestant in threads.map { (contestant, $0) } }
        let seconds = max(0.12, extent.processorSeconds / Double(pairs.count * extent.rounds))
        let turns = Turns(rounds: extent.rounds, seconds: seconds, cancellation: cancellation)
        let rates = try turns.measure(pairs.map { .frames($0.resampler, sample, threads: $1) })
        return zip(pairs, rates).map { pair, rate in
            StageRow(
                stage: .resample, contestant: pair.0.name, device: nil, isSoftware: false, threads: pair.1, item: .frame,
                rate: rate, bytesPerItem: sample.movedBytes,
                limit: copies[pair.1].map { StageLimit(kind: .memoryCopy, itemsPerSecond: $0.median / sample.movedBytes) })
        }
    }
}

extension Runner {
    /// Frames of a sample in the host's memory; each thread begins elsewhere.
    static func frames(_ resampler: any Resampler, _ sample: FrameSample, threads: Int) -> Runner {
        Runner(threads: threads) { thread in
            try FrameStream(
                resampler, width: sample.size.width, height: sample.size.height, frames: sample.layers,
                start: thread * sample.layers.count / threads)
        }
    }
}
