import Files
import Glibc
import MachineBenchmark
import Rendering
import Synchronization

/// How busy a render keeps the machine's cores between its first frame and its last: CPU time over wall time and cores.
struct BusyShare {
    let share: Double
    let cores: Int

    private struct Moments {
        var first: (wall: Double, cpu: Double)?
        var last: (wall: Double, cpu: Double)?
    }

    /// Renders the session's film into a scratch folder, in this process.
    init(_ session: RenderSession, scratch: ScratchFolder) throws {
        let moments = Mutex(Moments())
        let cache = try ChunkCache(folder: scratch.path, limitBytes: .max)
        _ = try session.run { _, plan in
            try FilmRenderer(
                plan, cache: cache, options: session.options, cancellation: session.cancellation,
                onProgress: { progress in
                    guard progress.finishedFrames > 0, !progress.isAssembling else { return }
                    let now = (wall: monotonicSeconds(), cpu: rusage.current.cpuSeconds)
                    moments.withLock { moments in
                        if moments.first == nil { moments.first = now }
                        moments.last = now
                    }
                }
            ).renderFilm(to: scratch.path + "/film.mp4")
        }
        let (first, last) = moments.withLock { ($0.first ?? (0, 0), $0.last ?? (0, 0)) }
        cores = min(Machine.coreCount, session.options.jobs)
        share = (last.cpu - first.cpu) / ((last.wall - first.wall) * Double(cores))
    }
}
