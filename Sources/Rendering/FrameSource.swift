import Digest
import Media
import Resampling
import Synchronization

/// Frames of a film before encoding, in order, rendered by several threads.
public final class FrameSource: Sendable {
    private let plan: FilmPlan
    private let options: RenderOptions
    private let cancellation: Cancellation

    public init(_ plan: FilmPlan, options: RenderOptions, cancellation: Cancellation) {
        self.plan = plan
        self.options = options
        self.cancellation = cancellation
    }

    /// Frames that one thread renders before all hand over.
    private static let framesPerJob = 4
    /// What the frames of one such round may take.
    private static let batchBytes = 256 << 20

    /// - Parameters:
    ///   - range: clamped by the caller to the film's frames.
    ///   - receive: called with each frame in rising order, on the caller's thread; the planes are lent for the call.
    public func forEachFrame(in range: Range<Int>, _ receive: (_ index: Int, FramePlanes) throws -> Void) throws {
        let jobs = max(1, min(options.jobs, range.count))
        let frameBytes = plan.film.video.width * plan.film.video.height * 3 / 2
        let batch = max(1, min(jobs * Self.framesPerJob, range.count, Self.batchBytes / frameBytes))
        let batches = stride(from: range.lowerBound, to: range.upperBound, by: batch).map {
            $0..<min($0 + batch, range.upperBound)
        }
        let producer = PictureProducer(plan.film, limits: options.limits)
        let pool = PicturePool(
            items: batches.map { plan.requests(for: $0) }, budgetBytes: options.pictureBudgetBytes
        ) { try producer.produce($0, $1) }
        let size = (width: plan.film.video.width, height: plan.film.video.height)
        let rendered = Mutex<[Int: LentFrame]>([:])
        let queues = try options.resampler.making {
            try (0..<min(jobs, batch)).map { _ in try options.resampler.makeQueue(width: size.width, height: size.height) }
        }
        for (item, frames) in batches.enumerated() {
            try cancellation.check()
            let pictures = try pool.lease(item)
            try Workers.run(queues.count, cancellation: cancellation) { [self] worker, stop in
                let queue = queues[worker]
                let indices = stride(from: frames.lowerBound + worker, to: frames.upperBound, by: queues.count)
                var ahead = indices.makeIterator()
                var begun = 0
                for (done, index) in indices.enumerated() {
                    try stop.check()
                    let frame = try options.resampler.making {
                        while begun < done + queue.depth, let next = ahead.next() {
                            try queue.begin(plan.layers(atFrame: next, from: pictures))
                            begun += 1
                        }
                        return try queue.next()
                    }
                    rendered.withLock { $0[index] = frame }
                }
            }
            pool.release(item)
            for index in frames {
                guard let frame = rendered.withLock({ $0.removeValue(forKey: index) }) else { continue }
                try receive(index, frame.planes)
            }
        }
    }

    /// Decodes every picture that a range of frames shows, to find out whether that can be done.
    ///
    /// - Throws: for the first picture that cannot.
    public func checkPictures(for range: Range<Int>) throws {
        let producer = PictureProducer(plan.film, limits: options.limits)
        let requests = Dictionary(grouping: plan.requests(for: range), by: \.picture)
        for (picture, requests) in requests.sorted(by: { $0.key < $1.key }) {
            try cancellation.check()
            _ = try producer.produce(picture, requests)
        }
    }

    /// SHA-256 of a frame's Y, Cb and Cr samples, rows without padding: the same on every machine and backend.
    public static func hash(_ frame: FramePlanes) -> String {
        var hash = SHA256()
        frame.forEachRow { hash.update($0) }
        return hash.finish()
    }
}
