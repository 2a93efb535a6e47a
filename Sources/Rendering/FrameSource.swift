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
        let buffers = (0..<batch).map { _ in FrameBuffer(width: size.width, height: size.height) }
        for (item, frames) in batches.enumerated() {
            try cancellation.check()
            let pictures = try pool.lease(item)
            try Workers.run(jobs, cancellation: cancellation) { [self] worker, stop in
                let renderer = options.resampler.makeRenderer(width: size.width, height: size.height)
                for index in stride(from: frames.lowerBound + worker, to: frames.upperBound, by: jobs) {
                    try stop.check()
                    let layers = try plan.layers(atFrame: index, from: pictures)
                    renderer.render(layers, into: buffers[index - frames.lowerBound].planes)
                }
            }
            pool.release(item)
            for index in frames { try receive(index, buffers[index - frames.lowerBound].planes) }
        }
    }

    /// Decodes every picture that a range of frames shows, to find out whether that can be done.
    ///
    /// - Throws: for the first picture that cannot.
    public func checkPictures(for range: Range<Int>) throws {
        let producer = PictureProducer(plan.film, limits: options.limits)
        for (picture, requests) in Dictionary(grouping: plan.requests(for: range), by: \.picture).sorted(by: { $0.key < $1.key }) {
            try cancellation.check()
            _ = try producer.produce(picture, requests)
        }
    }

    /// SHA-256 of a frame's Y, Cb and Cr samples, rows without padding: the same on every machine and backend.
    public static func hash(_ frame: FramePlanes) -> String {
        var hash = SHA256()
        for (plane, stride, width, height) in [
            (frame.y, frame.yStrideBytes, frame.width, frame.height),
            (frame.cb, frame.cbStrideBytes, frame.chromaWidth, frame.chromaHeight),
            (frame.cr, frame.crStrideBytes, frame.chromaWidth, frame.chromaHeight),
        ] {
            for row in 0..<height { hash.update(UnsafeRawBufferPointer(start: plane + row * stride, count: width)) }
        }
        return hash.finish()
    }
}

/// A frame's memory. Written by one thread, then read by another, with a join between.
package final class FrameBuffer: @unchecked Sendable {
    package let planes: FramePlanes
    private let storage: UnsafeMutableRawPointer

    package init(width: Int, height: Int) {
        func aligned(_ width: Int) -> Int { (width + 63) / 64 * 64 }
        let chroma = (width: (width + 1) / 2, height: (height + 1) / 2)
        let strides = (luma: aligned(width), chroma: aligned(chroma.width))
        let count = strides.luma * height + 2 * strides.chroma * chroma.height
        storage = .allocate(byteCount: count, alignment: 64)
        let luma = storage.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        let cb = luma + strides.luma * height
        planes = FramePlanes(
            width: width, height: height, y: luma, yStrideBytes: strides.luma, cb: cb, cbStrideBytes: strides.chroma,
            cr: cb + strides.chroma * chroma.height, crStrideBytes: strides.chroma)
    }

    deinit { storage.deallocate() }
}
