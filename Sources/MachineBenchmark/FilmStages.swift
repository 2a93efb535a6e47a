import Files
import Glibc
import Media
import Rendering
import Resampling
import Synchronization
import Timeline

/// Encoding alone, and whole films by the normal pipeline beside it.
struct FilmStages {
    let plan: FilmPlan
    let sample: FrameSample
    let options: BenchmarkOptions
    let cancellation: Cancellation

    /// Of the frames that are encoded alone, in memory.
    private static let memoryShare = 6
    private static let mostMemoryBytes = 2 << 30
    /// Frames that tell how fast one thread encodes.
    private static let trialFrames = 48

    private var jobs: Int { plan.jobs(atMost: options.jobs) }
    private var encoderName: String { plan.film.video.encoder }

    /// - Parameters:
    ///   - contestants: who makes the frames, with the rate at which all jobs together get them, where that is known.
    ///   - note: is told what is left out, and why.
    func measure(
        _ contestants: [(contestant: Contestant, framesPerSecond: Double?)], isBuiltIn: Bool, note: (String) -> Void
    ) throws -> (rows: [StageRow], films: [FilmRun]) {
        let one = try encodeOnOneThread()
        let chunks = isBuiltIn ? plan.chunks : firstChunks(for: one.median * Double(jobs) * options.extent.filmSeconds / 4)
        let stored = try StoredChunks(chunks, plan, budgetBytes: budgetBytes, options, jobs: jobs, cancellation)
        var alone: [Encoding] = []
        var films = contestants.map { _ in [FilmRun]() }
        let shares = contestants.map { share(of: chunks, $0.contestant, framesPerSecond: $0.framesPerSecond, note: note) }
        let start = monotonicSeconds()
        var last = start
        var longest = 0.0
        repeat {
            alone.append(try encode(stored, chunkCount: chunks.count))
            for (index, pair) in contestants.enumerated() where !shares[index].isEmpty {
                films[index].append(try film(pair.contestant, shares[index]))
            }
            let now = monotonicSeconds()
            (longest, last) = (max(longest, now - last), now)
        } while alone.count < options.extent.rounds && last - start + longest < options.extent.filmSeconds

        let aloneRate = Rate(
            rounds: alone.map { Double($0.frames) / $0.wallSeconds }, itemCount: alone.reduce(0) { $0 + $1.frames },
            cpuSecondsPerItem: alone.map { $0.cpuSeconds / Double($0.frames) }.median)
        func row(
            _ stage: Stage, _ name: String, _ contestant: Contestant?, _ threads: Int, _ rate: Rate, _ limit: StageLimit?
        ) -> StageRow {
            StageRow(
                stage: stage, contestant: name, device: contestant?.deviceNumber, isSoftware: contestant?.isSoftware ?? false,
                threads: threads, item: .frame, rate: rate, bytesPerItem: nil, limit: limit)
        }
        var rows = [row(.encode, encoderName, nil, 1, one, nil)]
        if jobs > 1 {
            let scaled = StageLimit(kind: .perfectScaling, itemsPerSecond: one.median * Double(jobs))
            rows.append(row(.encode, encoderName, nil, jobs, aloneRate, scaled))
        }
        for (pair, runs) in zip(contestants, films) where !runs.isEmpty {
            let rate = Rate(
                rounds: runs.map { Double($0.frames) / $0.wallSeconds }, itemCount: runs.reduce(0) { $0 + $1.frames },
                cpuSecondsPerItem: runs.map { $0.cpuSeconds / Double($0.frames) }.median)
            let limit = StageLimit(kind: .encodeAlone, itemsPerSecond: aloneRate.median)
            rows.append(row(.whole, pair.contestant.name, pair.contestant, jobs, rate, limit))
        }
        return (rows, films.compactMap { $0.min { $0.wallSeconds / Double($0.frames) < $1.wallSeconds / Double($1.frames) } })
    }

    private var budgetBytes: Int { min(Self.mostMemoryBytes, Machine.memoryBytes / Self.memoryShare) }

    /// The film's first chunks: about so many frames, and one for each job as far as there are so many.
    private func firstChunks(for wantedFrames: Double) -> [FilmPlan.Chunk] {
        var frames = 0
        let count = plan.chunks.firstIndex { chunk in
            defer { frames += chunk.frames.count }
            return Double(frames) >= wantedFrames
        } ?? plan.chunks.count
        return Array(plan.chunks.prefix(max(count, jobs, 1)))
    }

    /// What of the chunks a contestant renders: all, unless a software driver would take for ever.
    private func share(
        of chunks: [FilmPlan.Chunk], _ contestant: Contestant, framesPerSecond: Double?, note: (String) -> Void
    ) -> [FilmPlan.Chunk] {
        guard contestant.isSoftware, let framesPerSecond else { return chunks }
        var seconds = 0.0
        let share = chunks.prefix { chunk in
            seconds += Double(chunk.frames.count) / framesPerSecond
            return seconds <= options.extent.softwareFilmSeconds
        }
        if !share.isEmpty { return Array(share) }
        let first = Double(chunks[0].frames.count) / framesPerSecond
        if first <= 2 * options.extent.softwareFilmSeconds { return [chunks[0]] }
        note("no film is made by \(DeviceFacts.shortName(of: contestant.name)), a software driver, as it would take too long")
        return []
    }

    // MARK: Encoding

    private struct Encoding {
        var frames: Int
        var wallSeconds: Double
        var cpuSeconds: Double
    }

    private func encodeOnOneThread() throws -> Rate {
        let frames = plan.chunks[0].frames.prefix(Self.trialFrames)
        let stored = try StoredChunks(
            [plan.chunks[0]], plan, budgetBytes: frames.count * sample.frameBytes, options, jobs: 1, cancellation)
        let encoding = try encode(stored, chunkCount: 1)
        let frameCount = Double(encoding.frames)
        return Rate(
            rounds: [frameCount / encoding.wallSeconds], itemCount: encoding.frames,
            cpuSecondsPerItem: encoding.cpuSeconds / frameCount)
    }

    /// Encodes so many chunks of frames that lie in memory, side by side; where there are fewer in memory, those again.
    private func encode(_ stored: StoredChunks, chunkCount: Int) throws -> Encoding {
        let scratch = try ScratchFolder()
        let next = Mutex(0)
        let frames = Mutex(0)
        let video = plan.film.video
        let start = (wall: monotonicSeconds(), cpu: rusage.current.cpuSeconds)
        try Workers.run(min(jobs, chunkCount), cancellation: cancellation) { _, stop in
            while true {
                let item = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard item < chunkCount else { return }
                let chunk = stored.chunks[item % stored.chunks.count]
                let encoder = try ChunkEncoder(settings: video, path: "\(scratch.path)/\(item).mp4")
                for frame in chunk {
                    try stop.check()
                    try encoder.encode(frame)
                }
                _ = try encoder.finish()
                frames.withLock { $0 += chunk.count }
            }
        }
        return Encoding(
            frames: frames.withLock { $0 }, wallSeconds: monotonicSeconds() - start.wall,
            cpuSeconds: rusage.current.cpuSeconds - start.cpu)
    }

    // MARK: Films

    /// Renders into a folder of its own, which goes afterwards.
    private func film(_ contestant: Contestant, _ chunks: [FilmPlan.Chunk]) throws -> FilmRun {
        let scratch = try ScratchFolder()
        let cache = try ChunkCache(folder: scratch.path, limitBytes: .max)
        let renderer = FilmRenderer(
            plan, cache: cache,
            options: RenderOptions(resampler: contestant.resampler, jobs: options.jobs, limits: options.limits),
            cancellation: cancellation)
        let isWhole = chunks.count == plan.chunks.count
        let start = (wall: monotonicSeconds(), cpu: rusage.current.cpuSeconds)
        let outcome = isWhole ? try renderer.renderFilm(to: scratch.path + "/film.mp4") : try renderer.renderChunks(chunks)
        return FilmRun(
            contestant: contestant.name, device: contestant.deviceNumber, isSoftware: contestant.isSoftware, jobs: jobs,
            frames: outcome.frameCount, isWhole: isWhole, wallSeconds: monotonicSeconds() - start.wall,
            cpuSeconds: rusage.current.cpuSeconds - start.cpu, times: outcome.times)
    }
}
