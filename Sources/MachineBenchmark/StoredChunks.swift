import Media
import Rendering
import Resampling
import ResamplingCPU

/// The frames of some of a film's chunks in memory, ready to be encoded.
final class StoredChunks: Sendable {
    /// At least one, none of them empty.
    let chunks: [[LentFrame]]

    /// Of all chunks.
    var frameCount: Int { chunks.reduce(0) { $0 + $1.count } }

    /// - Parameter budgetBytes: what the frames may take. Where that is less than all, they are of chunks that are evenly
    ///   spread; of a single one that is too large, its first ones.
    init(
        _ chunks: [FilmPlan.Chunk], _ plan: FilmPlan, budgetBytes: Int, _ options: BenchmarkOptions, jobs: Int,
        _ cancellation: Cancellation
    ) throws {
        let video = plan.film.video
        let mostFrames = max(1, budgetBytes / FrameLayout(width: video.width, height: video.height).byteCount)
        let allFrames = chunks.reduce(0) { $0 + $1.frames.count }
        let count = max(1, min(chunks.count, chunks.count * mostFrames / max(1, allFrames)))
        let chosen = (0..<count).map { chunks[$0 * chunks.count / count] }
        let producer = PictureProducer(plan.film, limits: options.limits)
        let pool = PicturePool(items: chosen.map(\.requests), budgetBytes: 256 << 20) { try producer.produce($0, $1) }
        let resampler = CPUResampler(kernels: options.kernels)
        let made = Slots<[LentFrame]>(count: count)
        let threads = min(jobs, count)
        try Workers.run(threads, cancellation: cancellation) { worker, stop in
            let queue = resampler.makeQueue(width: video.width, height: video.height)
            for item in stride(from: worker, to: count, by: threads) {
                let pictures = try pool.lease(item)
                var frames: [LentFrame] = []
                for index in chosen[item].frames.prefix(mostFrames) {
                    try stop.check()
                    try queue.begin(plan.layers(atFrame: index, from: pictures))
                    frames.append(try queue.next())
                }
                pool.release(item)
                made.set(item, frames)
            }
        }
        self.chunks = made.values
    }
}
