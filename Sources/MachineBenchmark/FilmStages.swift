import Files
import Media
import Rendering
import Resampling
import Timeline

/// Encoding alone, and films by the normal pipeline beside it.
struct FilmStages {
    let plan: FilmPlan
    let options: BenchmarkOptions
    let cancellation: Cancellation
    /// Is told what is left out or limited, and why.
    let note: (String) -> Void
    /// Is told of a contestant that cannot go on, and throws where nobody can.
    let failed: (Contestant, RenderError) throws -> Void

    /// Of the machine's memory, for frames that are encoded alone.
    private static let memoryShare = 6
    private static let mostMemoryBytes = 4 << 30
    private static let worthTelling = 0.02
    /// Frames that tell about how fast one thread encodes.
    private static let trialFrames = 48

    private var jobs: Int { plan.jobs(atMost: options.jobs) }
    private var frameBytes: Int { FrameLayout(width: plan.film.video.width, height: plan.film.video.height).byteCount }
    private var encoding: EncodeAlone { EncodeAlone(plan: plan, cancellation: cancellation) }

    struct Result {
        var rows: [StageRow]
        var films: [FilmRun]
        var comparedFrames: Int
    }

    /// - Parameter contestants: who makes the frames, with the rate at which all jobs together get them, where that is known.
    func measure(
        _ contestants: [(contestant: Contestant, framesPerSecond: Double?)], isBuiltIn: Bool
    ) throws -> Result {
        let choice = FilmChoice(plan: plan, extent: options.extent)
        let chunks = isBuiltIn ? plan.chunks : choice.firstChunks(for: try wantedFrames(), jobs: jobs)
        var shares = contestants.map { choice.share(of: chunks, $0.contestant, framesPerSecond: $0.framesPerSecond) }
        let threads = min(jobs, chunks.count)
        let stored = try StoredChunks(
            chunks, plan, budgetBytes: min(Self.mostMemoryBytes, Machine.memoryBytes / Self.memoryShare), options, jobs: jobs,
            cancellation)
        tell(chunks, stored, contestants.map(\.contestant), shares)
        let one = threads > 1 ? try encoding.oneThread(stored.chunks, seconds: options.extent.oneThreadSeconds) : nil
        let repeated = chunks.indices.map { stored.chunks[$0 % stored.chunks.count] }

        let frames = contestants.count > 1 ? FilmFrames() : nil
        var alone: [FilmPass] = []
        var films = contestants.map { _ in [(pass: FilmPass, run: FilmRun)]() }
        let start = monotonicSeconds()
        var last = start
        var longest = 0.0
        repeat {
            alone.append(try encoding.run(repeated, threads: threads))
            for (index, pair) in contestants.enumerated() where !shares[index].isEmpty {
                do {
                    films[index].append(try film(pair.contestant, shares[index], frames))
                } catch let error as RenderError where error.isBackendFailure {
                    try failed(pair.contestant, error)
                    (films[index], shares[index]) = ([], [])
                }
                try frames?.check()
            }
            let now = monotonicSeconds()
            (longest, last) = (max(longest, now - last), now)
        } while alone.count < options.extent.rounds && last - start + longest < options.extent.filmSeconds

        let aloneRate = Rate(alone)
        func row(
            _ stage: Stage, _ name: String, _ contestant: Contestant?, _ threads: Int, _ rate: Rate, _ limit: StageLimit?
        ) -> StageRow {
            StageRow(
                stage: stage, contestant: name, device: contestant?.deviceNumber, isSoftware: contestant?.isSoftware ?? false,
                threads: threads, item: .frame, rate: rate, bytesPerItem: nil, limit: limit)
        }
        let encoder = plan.film.video.encoder
        var rows: [StageRow] = []
        if let one { rows.append(row(.encode, encoder, nil, 1, one, nil)) }
        let perfect = one.map { StageLimit(kind: .perfectScaling, itemsPerSecond: $0.median * Double(threads)) }
        rows.append(row(.encode, encoder, nil, threads, aloneRate, perfect))
        for (pair, runs) in zip(contestants, films) where !runs.isEmpty {
            let limit = StageLimit(kind: .encodeAlone, itemsPerSecond: aloneRate.median)
            rows.append(
                row(.whole, pair.contestant.name, pair.contestant, runs[0].run.jobs, Rate(runs.map(\.pass)), limit))
        }
        tell(frames, films.flatMap { $0.map(\.run) })
        return Result(
            rows: rows, films: films.compactMap { $0.map(\.run).min { $0.secondsPerFrame < $1.secondsPerFrame } },
            comparedFrames: frames?.comparedCount ?? 0)
    }

    /// Of a project that may be long: what one round of encoding and of each film is to take.
    private func wantedFrames() throws -> Double {
        let trial = try StoredChunks(
            [plan.chunks[0]], plan, budgetBytes: Self.trialFrames * frameBytes, options, jobs: 1, cancellation)
        let rate = Rate([try encoding.run(trial.chunks, threads: 1)])
        return rate.median * Double(jobs) * options.extent.filmSeconds / 4
    }

    /// What is measured of less than the film, or with fewer threads than jobs.
    private func tell(
        _ chunks: [FilmPlan.Chunk], _ stored: StoredChunks, _ contestants: [Contestant], _ shares: [[FilmPlan.Chunk]]
    ) {
        func frames(_ chunks: [FilmPlan.Chunk]) -> Int { chunks.reduce(0) { $0 + $1.frames.count } }
        let all = plan.film.timeline.frameCount
        if chunks.count < plan.chunks.count { note("of the film, its first \(frames(chunks)) frames of \(all) are made") }
        if chunks.count < jobs {
            let few = chunks.count == 1 ? "1 chunk" : "\(chunks.count) chunks"
            note("the film has \(few), so that not all of the \(jobs) jobs find work")
        }
        if stored.frameCount < frames(chunks) {
            let gigabytes = NumberText.memory(frames(chunks) * frameBytes)
            note(
                "encoding alone takes \(stored.frameCount) of the film's \(frames(chunks)) frames, of evenly spread chunks, "
                    + "again and again, as all would take \(gigabytes) of memory")
        }
        for (contestant, share) in zip(contestants, shares) where share.count < chunks.count {
            let name = DeviceFacts.shortName(of: contestant.name)
            note(
                share.isEmpty
                    ? "no film is made by \(name), a software driver, as it would take too long"
                    : "by \(name), a software driver, the film's first \(frames(share)) frames of \(all) are made")
        }
    }

    /// What comparing costs, where that shows.
    private func tell(_ frames: FilmFrames?, _ films: [FilmRun]) {
        let share = (frames?.seconds ?? 0) / films.reduce(0) { $0 + $1.wallSeconds * Double($1.jobs) }
        if share > Self.worthTelling { note("comparing the films' frames took \(NumberText.percent(share)) of their time") }
    }

    /// Renders into a folder of its own, which goes afterwards.
    private func film(
        _ contestant: Contestant, _ chunks: [FilmPlan.Chunk], _ frames: FilmFrames?
    ) throws -> (pass: FilmPass, run: FilmRun) {
        let scratch = try ScratchFolder()
        let cache = try ChunkCache(folder: scratch.path, limitBytes: .max)
        var rendering = RenderOptions(resampler: contestant.resampler, jobs: options.jobs, limits: options.limits)
        if let frames { rendering.onFrame = { frames.look(at: $1, number: $0, by: contestant.name) } }
        let renderer = FilmRenderer(plan, cache: cache, options: rendering, cancellation: cancellation)
        let isWhole = chunks.count == plan.chunks.count
        var times = StageTimes()
        let pass = try FilmPass.measure {
            let outcome = isWhole ? try renderer.renderFilm(to: scratch.path + "/film.mp4") : try renderer.renderChunks(chunks)
            times = outcome.times
            return outcome.frameCount
        }
        let run = FilmRun(
            contestant: contestant.name, device: contestant.deviceNumber, isSoftware: contestant.isSoftware,
            jobs: min(jobs, chunks.count), frames: pass.frames, isWhole: isWhole, wallSeconds: pass.wallSeconds,
            cpuSeconds: pass.cpuSeconds, times: times)
        return (pass, run)
    }
}
