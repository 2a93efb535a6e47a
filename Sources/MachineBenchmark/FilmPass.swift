import Glibc
import Rendering

/// Frames that were rendered or encoded once, and what it took.
struct FilmPass {
    var frames = 0
    var wallSeconds = 0.0
    /// Of all threads.
    var cpuSeconds = 0.0

    /// - Parameter body: gives the number of frames.
    static func measure(_ body: () throws -> Int) rethrows -> FilmPass {
        let start = (wall: monotonicSeconds(), cpu: rusage.current.cpuSeconds)
        let frames = try body()
        return FilmPass(
            frames: frames, wallSeconds: monotonicSeconds() - start.wall, cpuSeconds: rusage.current.cpuSeconds - start.cpu)
    }
}

extension FilmPass {
    /// One after the other.
    init(joining passes: [FilmPass]) {
        for pass in passes {
            frames += pass.frames
            wallSeconds += pass.wallSeconds
            cpuSeconds += pass.cpuSeconds
        }
    }
}

extension Rate {
    /// Frames a second, each pass a round.
    init(_ passes: [FilmPass]) {
        self.init(
            rounds: passes.map { Double($0.frames) / $0.wallSeconds }, itemCount: passes.reduce(0) { $0 + $1.frames },
            cpuSecondsPerItem: passes.map { $0.cpuSeconds / Double($0.frames) }.median)
    }
}
