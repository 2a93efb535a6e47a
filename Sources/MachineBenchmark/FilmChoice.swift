import Rendering

/// Which of a film's chunks are rendered and encoded, so that it takes about as long as it may.
struct FilmChoice {
    let plan: FilmPlan
    let extent: BenchmarkOptions.Extent

    /// The film's first chunks: about so many frames, and one for each job as far as there are so many.
    func firstChunks(for wantedFrames: Double, jobs: Int) -> [FilmPlan.Chunk] {
        var frames = 0
        let count = plan.chunks.firstIndex { chunk in
            defer { frames += chunk.frames.count }
            return Double(frames) >= wantedFrames
        } ?? plan.chunks.count
        return Array(plan.chunks.prefix(max(count, jobs, 1)))
    }

    /// What of the chunks a contestant renders: all, unless a software driver would take for ever.
    ///
    /// - Parameter framesPerSecond: at which all jobs together get frames, where that is known.
    func share(of chunks: [FilmPlan.Chunk], _ contestant: Contestant, framesPerSecond: Double?) -> [FilmPlan.Chunk] {
        guard contestant.isSoftware, let framesPerSecond else { return chunks }
        var seconds = 0.0
        let share = chunks.prefix { chunk in
            seconds += Double(chunk.frames.count) / framesPerSecond
            return seconds <= extent.softwareFilmSeconds
        }
        if !share.isEmpty { return Array(share) }
        let first = Double(chunks[0].frames.count) / framesPerSecond
        return first <= 2 * extent.softwareFilmSeconds ? [chunks[0]] : []
    }
}
