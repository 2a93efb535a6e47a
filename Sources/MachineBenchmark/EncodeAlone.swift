import Files
import Glibc
import Media
import Rendering
import Resampling
import Synchronization

/// Frames that lie in memory, encoded and nothing else.
struct EncodeAlone {
    let plan: FilmPlan
    let cancellation: Cancellation

    /// Encodes chunks, so many side by side.
    func run(_ chunks: [[LentFrame]], threads: Int) throws -> FilmPass {
        let scratch = try ScratchFolder()
        let next = Mutex(0)
        let video = plan.film.video
        return try FilmPass.measure {
            try Workers.run(min(threads, chunks.count), cancellation: cancellation) { _, stop in
                while true {
                    let item = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard item < chunks.count else { return }
                    let encoder = try ChunkEncoder(settings: video, path: "\(scratch.path)/\(item).mp4")
                    for frame in chunks[item] {
                        try stop.check()
                        try encoder.encode(frame)
                    }
                    _ = try encoder.finish()
                }
            }
            return chunks.reduce(0) { $0 + $1.count }
        }
    }

    /// One thread's speed at a fair sample: whole chunks, evenly spread, as many as fit into so many seconds, two at least.
    func oneThread(_ chunks: [[LentFrame]], seconds: Double) throws -> Rate {
        var passes = [try run([chunks[0]], threads: 1)]
        let count = min(chunks.count, max(2, Int(seconds / passes[0].wallSeconds)))
        for index in 1..<max(1, count) { passes.append(try run([chunks[index * chunks.count / count]], threads: 1)) }
        return Rate([FilmPass(joining: passes)])
    }
}
