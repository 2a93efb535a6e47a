import ArgumentParser
import BenchmarkSupport
import Files
import Foundation
import JSON
import MachineBenchmark
import Media
import Rendering
import Resampling
import Synchronization

/// What encoding frames that lie in memory took.
struct FrameEncoding {
    let frames: Int
    let wallSeconds: Double
    /// Without what copying the frames into the encoder's took, which a film renders straight into.
    let cpuSeconds: Double

    /// Renders a film's first frames into memory and then encodes them, in the film's chunks.
    init(_ session: RenderSession, frameLimit: Int?, scratch: ScratchFolder) throws {
        self = try session.run { examination, plan in
            guard let film = examination.film else { throw BenchmarkError("There is no film.") }
            let jobs = plan.jobs(atMost: session.options.jobs)
            let limit = frameLimit ?? film.timeline.frameCount
            let chunks = plan.chunks.filter { $0.frames.lowerBound < limit }.map { $0.frames.clamped(to: 0..<limit) }
            let end = chunks.last?.upperBound ?? 0
            let source = FrameSource(plan, options: session.options, cancellation: session.cancellation)
            var buffers: [FrameBuffer] = []
            try source.forEachFrame(in: 0..<end) { _, planes in
                let buffer = FrameBuffer(width: planes.width, height: planes.height)
                planes.copy(to: buffer.planes)
                buffers.append(buffer)
            }
            let frames = buffers
            let folder = scratch.path
            let next = Mutex(0)
            let copying = Mutex(0.0)
            let start = (wall: monotonicSeconds(), cpu: rusage.current.cpuSeconds)
            try Workers.run(max(1, min(jobs, chunks.count)), cancellation: session.cancellation) { _, stop in
                while true {
                    let item = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard item < chunks.count, !stop.isCancelled else { return }
                    let encoder = try ChunkEncoder(settings: film.video, path: "\(folder)/\(item).mp4")
                    var copySeconds = 0.0
                    for index in chunks[item] {
                        let frame = try encoder.makeFrame()
                        let before = threadCPUSeconds()
                        frame.withPlanes { frames[index].planes.copy(to: $0) }
                        copySeconds += threadCPUSeconds() - before
                        try encoder.encode(frame)
                    }
                    _ = try encoder.finish()
                    copying.withLock { $0 += copySeconds }
                }
            }
            return FrameEncoding(
                frames: end, wallSeconds: monotonicSeconds() - start.wall,
                cpuSeconds: rusage.current.cpuSeconds - start.cpu - copying.withLock { $0 })
        }.result
    }

    private init(frames: Int, wallSeconds: Double, cpuSeconds: Double) {
        self.frames = frames
        self.wallSeconds = wallSeconds
        self.cpuSeconds = cpuSeconds
    }

    /// Reads `document`.
    init(_ document: JSON) throws {
        guard case .integer(let frames)? = document["frames"], case .number(let wall)? = document["wall_s"],
            case .number(let cpu)? = document["cpu_s"]
        else { throw BenchmarkError("encode-frames wrote something else than its figures.") }
        self.init(frames: Int(frames), wallSeconds: wall, cpuSeconds: cpu)
    }

    var document: JSON {
        ["frames": .integer(Int64(frames)), "wall_s": .number(wallSeconds), "cpu_s": .number(cpuSeconds)]
    }
}

extension FramePlanes {
    /// Copies all three planes into a frame of the same size.
    func copy(to other: FramePlanes) {
        for (from, fromStride, to, toStride, width, height) in [
            (y, yStrideBytes, other.y, other.yStrideBytes, width, height),
            (cb, cbStrideBytes, other.cb, other.cbStrideBytes, chromaWidth, chromaHeight),
            (cr, crStrideBytes, other.cr, other.crStrideBytes, chromaWidth, chromaHeight),
        ] {
            for row in 0..<height { (to + row * toStride).update(from: from + row * fromStride, count: width) }
        }
    }
}

/// A process of its own, so that neither the frames' memory nor the work of making them counts elsewhere.
struct EncodeFramesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "encode-frames", shouldDisplay: false)

    @OptionGroup var film: FilmOptions
    @Option var jobs: Int
    @Option var frames: Int?

    func run() throws {
        let scratch = try ScratchFolder()
        say(try FrameEncoding(film.session(jobs: jobs), frameLimit: frames, scratch: scratch).document.serialized())
    }
}
