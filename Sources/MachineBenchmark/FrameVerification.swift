import Rendering
import Resampling

/// Frames of two contestants that should be the same and are not.
package struct FrameMismatch: Error, CustomStringConvertible {
    package let description: String
}

/// What every contestant made, bit for bit.
public struct FrameVerification: Sendable {
    /// SHA-256 of each frame, in order, by the first contestant.
    package let hashes: [String]
    /// How many of them each contestant has made, all the same.
    public let counts: [(name: String, frames: Int)]

    /// Compares all contestants' frames with the first one's.
    ///
    /// - Parameters:
    ///   - threads: that a contestant makes frames with; its devices take care of themselves.
    ///   - slowSeconds: whoever has not made all frames after so long is compared by those that it has made.
    /// - Throws: `FrameMismatch` for the first frame that differs.
    package init(
        _ contestants: [Contestant], width: Int, height: Int, frames: [(index: Int, layers: [FrameLayer])], threads: Int,
        slowSeconds: Double, cancellation: Cancellation
    ) throws {
        var hashes: [String] = []
        var counts: [(name: String, frames: Int)] = []
        for (number, contestant) in contestants.enumerated() {
            let patience = number == 0 ? Double.infinity : slowSeconds
            let own = try blaming(contestant.name) {
                try Self.hashes(
                    of: contestant, width: width, height: height, frames: frames.map(\.layers), threads: threads,
                    seconds: patience, cancellation)
            }
            if number == 0 { hashes = own }
            for (place, pair) in zip(own, hashes).enumerated() where pair.0 != pair.1 {
                throw FrameMismatch(
                    description: "frame \(frames[place].index) at \(width)x\(height) is not the same by \(contestants[0].name) "
                        + "(SHA-256 \(pair.1.prefix(16))…) and by \(contestant.name) (\(pair.0.prefix(16))…), so that nothing "
                        + "is measured; please report this")
            }
            counts.append((contestant.name, own.count))
        }
        self.hashes = hashes
        self.counts = counts
    }

    private static func hashes(
        of contestant: Contestant, width: Int, height: Int, frames: [[FrameLayer]], threads: Int, seconds: Double,
        _ cancellation: Cancellation
    ) throws -> [String] {
        let threads = contestant.isSoftware ? 1 : max(1, min(threads, frames.count))
        let queues = try (0..<threads).map { _ in try contestant.resampler.makeQueue(width: width, height: height) }
        let start = monotonicSeconds()
        var result: [String] = []
        // Frame by frame on each thread: what a slow one has made is without gaps.
        while result.count < frames.count, result.isEmpty || monotonicSeconds() - start < seconds {
            let batch = result.count..<min(result.count + threads, frames.count)
            let made = Slots<String>(count: batch.count)
            try Workers.run(batch.count, cancellation: cancellation) { worker, stop in
                try stop.check()
                try queues[worker].begin(frames[batch.lowerBound + worker])
                made.set(worker, FrameSource.hash(try queues[worker].next().planes))
            }
            result += made.values
        }
        return result
    }
}
