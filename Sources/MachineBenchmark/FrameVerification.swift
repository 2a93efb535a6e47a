import Rendering
import Resampling
import Synchronization

/// What every contestant made, bit for bit.
public struct FrameVerification: Sendable {
    /// SHA-256 of each frame, in order, by the first contestant.
    package let hashes: [String]
    /// How many of them each contestant has made, all the same.
    public let counts: [(name: String, frames: Int)]

    /// Compares all contestants' frames with the first one's. They are made as they are when they are measured: by as many
    /// threads, and with as many of each under way.
    ///
    /// - Parameters:
    ///   - threads: that a contestant makes frames with, at most.
    ///   - slowSeconds: whoever has not begun all frames after so long is compared by those that it has.
    ///   - failed: is told of a contestant that cannot go on, and throws where nobody can.
    /// - Throws: `FrameMismatch` for the first frame that differs.
    package init(
        _ contestants: [Contestant], width: Int, height: Int, frames: [(index: Int, layers: [FrameLayer])], threads: Int,
        slowSeconds: Double, cancellation: Cancellation, failed: (Contestant, RenderError) throws -> Void = { throw $1 }
    ) throws {
        var hashes: [String] = []
        var counts: [(name: String, frames: Int)] = []
        for (number, contestant) in contestants.enumerated() {
            let patience = number == 0 ? Double.infinity : slowSeconds
            let own: [String]
            do {
                own = try Self.hashes(
                    of: contestant, width: width, height: height, frames: frames.map(\.layers),
                    threads: contestant.threads(upTo: threads), seconds: patience, cancellation)
            } catch let error as RenderError where error.isBackendFailure {
                try failed(contestant, error)
                continue
            }
            if number == 0 { hashes = Array(own.prefix(frames.count)) }
            for (item, hash) in own.enumerated() where hash != hashes[item % frames.count] {
                let place = item % frames.count
                func sum(_ hash: String) -> String { "SHA-256 \(hash.prefix(16))…" }
                throw FrameMismatch(
                    frame: frames[place].index, width: width, height: height, (contestants[0].name, sum(hashes[place])),
                    (contestant.name, sum(hash)))
            }
            counts.append((contestant.name, min(own.count, frames.count)))
        }
        self.hashes = hashes
        self.counts = counts
    }

    /// The frames' hashes, in order and without gaps; from the first again, until every thread has had more frames than can be
    /// under way.
    private static func hashes(
        of contestant: Contestant, width: Int, height: Int, frames: [[FrameLayer]], threads: Int, seconds: Double,
        _ cancellation: Cancellation
    ) throws -> [String] {
        let resampler = contestant.resampler
        let queues = try resampler.making { try (0..<threads).map { _ in try resampler.makeQueue(width: width, height: height) } }
        let total = queues.reduce(max(frames.count, threads)) { max($0, threads * ($1.depth + 1)) }
        let made = Slots<String>(count: total)
        let next = Mutex(0)
        let start = monotonicSeconds()
        try Workers.run(threads, cancellation: cancellation) { thread, stop in
            let queue = queues[thread]
            /// The oldest first.
            var underWay: [Int] = []
            while true {
                while underWay.count < queue.depth {
                    let item = next.withLock { next -> Int? in
                        guard next < total, next == 0 || monotonicSeconds() - start < seconds else { return nil }
                        defer { next += 1 }
                        return next
                    }
                    guard let item else { break }
                    try resampler.making { try queue.begin(frames[item % frames.count]) }
                    underWay.append(item)
                }
                guard !underWay.isEmpty else { return }
                try stop.check()
                let frame = try resampler.making { try queue.next() }
                made.set(underWay.removeFirst(), FrameSource.hash(frame.planes))
            }
        }
        return made.values
    }
}
