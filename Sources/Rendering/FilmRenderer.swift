import Digest
import Files
import Glibc
import Media
import Resampling
import Synchronization
import Timeline

/// How a film is to be rendered; none of it changes a frame.
public struct RenderOptions: Sendable {
    public var resampler: any Resampler
    /// Why this one, where it was chosen.
    public var choice: BackendChoice?
    /// Chunks rendered and encoded side by side, one thread each.
    public var jobs: Int
    public var limits: PictureLimits
    public var softCaptions: Bool
    /// Working pictures held although nobody uses them just now.
    public var pictureBudgetBytes: Int
    /// Sees each frame by its number, before it is encoded.
    package var onFrame: (@Sendable (_ index: Int, _ frame: LentFrame) -> Void)?

    public init(
        resampler: any Resampler, jobs: Int, limits: PictureLimits = PictureLimits(), softCaptions: Bool = false,
        pictureBudgetBytes: Int = 256 << 20
    ) {
        self.resampler = resampler
        self.jobs = jobs
        self.limits = limits
        self.softCaptions = softCaptions
        self.pictureBudgetBytes = pictureBudgetBytes
    }
}

/// How far a render has come.
public struct RenderProgress: Sendable {
    public var totalFrames: Int
    /// Frames finished, those that came from the cache included.
    public var finishedFrames: Int
    public var cachedFrames: Int
    /// Chunks that other machines are rendering, while there is nothing else to do.
    public var awaitedChunks = 0
    public var isAssembling = false
}

/// What a finished render says of itself.
public struct RenderOutcome: Sendable {
    public var frameCount = 0
    public var chunkCount = 0
    /// From this machine's cache.
    public var cachedChunkCount = 0
    /// Of other machines, through a shared cache.
    public var sharedChunkCount = 0
    /// Of the frames that did not come from a cache.
    public var makers: [FrameMaker] = []
    public var decodedPictureCount = 0
    public var times = StageTimes()
    public var warnings: [String] = []
}

/// Renders a plan: the chunks that the cache lacks, side by side; the sound, once; then all joined into one file.
public final class FilmRenderer: Sendable {
    private let plan: FilmPlan
    private let cache: ChunkCache
    private let options: RenderOptions
    private let shared: SharedChunks?
    private let cancellation: Cancellation
    private let onProgress: @Sendable (RenderProgress) -> Void
    private let progress: Mutex<RenderProgress>
    private let outcome = Mutex(RenderOutcome())
    private let madeFrames = Atomic(0)
    /// That the resampler's substitute had made before.
    private let earlierFrames: Int
    /// Entries that came from the cache.
    private let found = Mutex<[String]>([])

    public init(
        _ plan: FilmPlan, cache: ChunkCache, shared: SharedChunks? = nil, options: RenderOptions, cancellation: Cancellation,
        onProgress: @escaping @Sendable (RenderProgress) -> Void = { _ in }
    ) {
        self.plan = plan
        self.cache = cache
        self.shared = shared
        self.options = options
        self.cancellation = cancellation
        self.onProgress = onProgress
        earlierFrames = options.resampler.substitute?.frames ?? 0
        progress = Mutex(
            RenderProgress(totalFrames: plan.film.timeline.frameCount, finishedFrames: 0, cachedFrames: 0))
    }

    /// Renders the whole film to `path`, which appears when it is complete and not before.
    public func renderFilm(to path: String) throws -> RenderOutcome {
        defer { cache.trim() }
        // Refused now rather than after an hour: a folder that cannot be written, a disk that is full.
        let output = try StagedFile(for: path, reserveBytes: 1 << 20)
        // A cache may lose or hold broken entries between looking and joining, so joining may ask for another round.
        for attempt in 1...3 {
            let sound = try fill(plan.chunks, withSound: true, from: attempt == 1 ? shared : nil)
            do {
                try writing(path, otherwise: "name another output") { try assemble(sound: sound, to: output.temporaryPath) }
                break
            } catch let error as FilmError where error.kind == .input && attempt < 3 {
                // What does not fit together looked well one by one, so nothing that was here before is trusted again.
                for path in found.withLock({ $0 }) { cache.remove(path) }
            }
        }
        try output.commit()
        return try finished()
    }

    /// Renders the chunks of one share of the film into the cache: share `index` of `count`, neighbours together.
    public func renderShare(_ index: Int, of count: Int) throws -> RenderOutcome {
        let bounds = (plan.chunks.count * (index - 1) / count)..<(plan.chunks.count * index / count)
        return try renderChunks(Array(plan.chunks[bounds]))
    }

    /// Renders some of the plan's chunks into the cache.
    package func renderChunks(_ chunks: [FilmPlan.Chunk]) throws -> RenderOutcome {
        progress.withLock { $0.totalFrames = chunks.reduce(0) { $0 + $1.frames.count } }
        defer { cache.trim() }
        _ = try fill(chunks, withSound: false, from: shared)
        return try finished()
    }

    private func finished() throws -> RenderOutcome {
        try shared?.finish(cancellation)
        return outcome.withLock { outcome in
            let made = madeFrames.load(ordering: .relaxed)
            outcome.makers = FrameMaker.all(of: options.resampler, frames: made, earlier: earlierFrames)
            outcome.warnings += shared?.warnings ?? []
            return outcome
        }
    }

    private func path(of chunk: FilmPlan.Chunk) -> String { cache.folder + "/" + chunk.fileName }

    // MARK: Chunks

    /// Brings all the chunks, and the sound, into the cache. Returns the sound's path.
    ///
    /// - Parameter others: who may have chunks that are missing here.
    private func fill(_ chunks: [FilmPlan.Chunk], withSound: Bool, from others: SharedChunks?) throws -> String? {
        // Equal chunks are rendered once.
        var seen: Set<String> = []
        let distinct = chunks.filter { seen.insert($0.key).inserted }
        var missing: [FilmPlan.Chunk] = []
        var cachedKeys: Set<String> = []
        func look(_ chunks: [FilmPlan.Chunk]) throws {
            missing = []
            for chunk in chunks {
                try cancellation.check()
                if isCached(chunk) { cachedKeys.insert(chunk.key) } else { missing.append(chunk) }
            }
        }
        try look(distinct)
        let ownKeys = cachedKeys
        if let others {
            func place(_ chunk: FilmPlan.Chunk) -> SharedChunks.Place { (chunk.fileName, path(of: chunk)) }
            let own = distinct.filter { ownKeys.contains($0.key) }
            try others.exchange(missing: missing.map(place), own: own.map(place), cancellation)
            try look(missing)
            // Machines that begin together begin in different places.
            let start = Int.random(in: 0..<max(1, missing.count))
            missing = Array(missing[start...] + missing[..<start])
        }
        found.withLock { $0 = distinct.filter { cachedKeys.contains($0.key) }.map(path(of:)) }
        let missingFrames = missing.reduce(0) { $0 + $1.frames.count }
        let totalFrames = chunks.reduce(0) { $0 + $1.frames.count }
        let state = progress.withLock { progress in
            progress.cachedFrames = totalFrames - missingFrames
            progress.finishedFrames = totalFrames - missingFrames
            return progress
        }
        onProgress(state)
        outcome.withLock { outcome in
            outcome.frameCount = totalFrames
            outcome.chunkCount = chunks.count
            outcome.cachedChunkCount = chunks.count { ownKeys.contains($0.key) }
            outcome.sharedChunkCount = chunks.count { cachedKeys.contains($0.key) } - outcome.cachedChunkCount
        }

        let producer = PictureProducer(plan.film, limits: options.limits)
        var isDone = false
        defer {
            if !isDone { others?.release() }
            outcome.withLock { outcome in
                outcome.times = outcome.times + producer.times
                outcome.decodedPictureCount += producer.decodedCount
                outcome.warnings += producer.warnings
            }
        }
        var sound: String?
        var needsSound = withSound && plan.film.narration != nil
        var fruitlessRounds = 0
        repeat {
            // Should claims always fail, the work is done nevertheless.
            let (path, left) = try render(missing, producer, withSound: needsSound, besides: fruitlessRounds < 3 ? others : nil)
            (sound, needsSound) = (sound ?? path, false)
            let rest = try others.map { try wait(for: left, by: $0) } ?? []
            fruitlessRounds = rest.count < missing.count ? 0 : fruitlessRounds + 1
            missing = rest
        } while !missing.isEmpty
        isDone = true
        return sound
    }

    /// Renders chunks side by side.
    ///
    /// - Parameter others: who render some of them, too.
    /// - Returns: the sound's path, and the chunks that others are rendering.
    private func render(
        _ chunks: [FilmPlan.Chunk], _ producer: PictureProducer, withSound: Bool, besides others: SharedChunks?
    ) throws -> (sound: String?, left: [FilmPlan.Chunk]) {
        let pool = PicturePool(items: chunks.map(\.requests), budgetBytes: options.pictureBudgetBytes) {
            try producer.produce($0, $1)
        }
        let sound = Mutex<String?>(nil)
        let left = Mutex<[FilmPlan.Chunk]>([])
        let nextItem = Mutex(withSound ? -1 : 0)
        let jobs = plan.jobs(atMost: options.jobs)
        let shortage = try Workers.run(
            upTo: max(1, min(jobs, chunks.count + 1)), cancellation: cancellation
        ) { [self] _, stop in
            while true {
                let item = nextItem.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard item < chunks.count else { return }
                try stop.check()
                if item < 0 {
                    let path = try writingToCache { try encodedSound(stop) }
                    sound.withLock { $0 = path }
                    continue
                }
                let chunk = chunks[item]
                switch try others?.turn(chunk.fileName, path(of: chunk), stop) {
                case .isOthers:
                    left.withLock { $0.append(chunk) }
                    pool.skip(item)
                case .hasArrived where isCached(chunk):
                    arrived(chunk)
                    pool.skip(item)
                case .isOurs, .hasArrived, nil:
                    let pictures = try pool.lease(item)
                    try writingToCache { try render(chunk, from: pictures, stop) }
                    pool.release(item)
                }
            }
        }
        if let shortage {
            outcome.withLock { if !$0.warnings.contains(shortage) { $0.warnings.append(shortage) } }
        }
        return (sound.withLock { $0 }, left.withLock { $0 })
    }

    /// Waits for what others are rendering.
    ///
    /// - Returns: what has not come of it.
    private func wait(for chunks: [FilmPlan.Chunk], by others: SharedChunks) throws -> [FilmPlan.Chunk] {
        guard !chunks.isEmpty else { return [] }
        try others.wait(for: chunks.map { ($0.fileName, path(of: $0)) }, cancellation) { [self] count in
            onProgress(
                progress.withLock { progress in
                    progress.awaitedChunks = count
                    return progress
                })
        }
        return chunks.filter { chunk in
            guard isCached(chunk) else { return true }
            arrived(chunk)
            return false
        }
    }

    private func isCached(_ chunk: FilmPlan.Chunk) -> Bool {
        let path = path(of: chunk)
        guard access(path, F_OK) == 0 else { return false }
        guard CacheSeal.isIntact(path),
            let info = try? inspectChunk(path: path, settings: plan.film.video), info.frameCount == chunk.frames.count
        else {
            // Half a file cannot be here, but a disk's rot or somebody's hand can.
            cache.remove(path)
            return false
        }
        cache.touch(path)
        return true
    }

    private func render(
        _ chunk: FilmPlan.Chunk, from pictures: [PlaneRequest: WorkingPicture], _ stop: Cancellation
    ) throws {
        let video = plan.film.video
        var times = StageTimes()
        let file = try StagedFile(for: path(of: chunk))
        let queue = try options.resampler.making { try options.resampler.makeQueue(width: video.width, height: video.height) }
        var begun = chunk.frames.lowerBound
        let encoder = try ChunkEncoder(settings: video, path: file.temporaryPath)
        for index in chunk.frames {
            try stop.check()
            let frame = try times.measure(\.resample) {
                try options.resampler.making {
                    while begun < min(index + queue.depth, chunk.frames.upperBound) {
                        try queue.begin(plan.layers(atFrame: begun, from: pictures))
                        begun += 1
                    }
                    return try queue.next()
                }
            }
            madeFrames.add(1, ordering: .relaxed)
            options.onFrame?(index, frame)
            let start = monotonicSeconds()
            try encoder.encode(frame)
            times.encode += monotonicSeconds() - start
            advance()
        }
        let info = try times.measure(\.encode) { try encoder.finish() }
        guard info.frameCount == chunk.frames.count else {
            throw RenderError(
                "the encoder \(video.encoder) gave \(info.frameCount) frames for the \(chunk.frames.count) of a chunk; try another encoder")
        }
        try CacheSeal.seal(file.temporaryPath)
        try file.commit()
        shared?.give(path(of: chunk), as: chunk.fileName)
        outcome.withLock { $0.times = $0.times + times }
    }

    /// Says of a failed write where it was to go and what to do; temporary names mean nothing to anybody.
    private func writingToCache<R>(_ body: () throws -> R) throws -> R {
        try writing("the cache \(cache.folder)", otherwise: "name another folder with --cache", body)
    }

    private func writing<R>(_ place: String, otherwise: String, _ body: () throws -> R) throws -> R {
        func refused(_ cause: String, _ error: any Error) -> RenderError {
            RenderError("\(place) cannot be written: \(cause); free some space, or \(otherwise)", underlying: error)
        }
        do {
            return try body()
        } catch let error as FilmError where error.kind == .output {
            throw refused(error.underlying.map { LibavError.text(of: $0.code) } ?? error.message, error)
        } catch let error as FileError where error.operation == "write" {
            throw refused(String(cString: strerror(error.errno)), error)
        }
    }

    /// Another machine has rendered it.
    private func arrived(_ chunk: FilmPlan.Chunk) {
        outcome.withLock { $0.sharedChunkCount += 1 }
        advance(chunk.frames.count)
    }

    private func advance(_ frames: Int = 1) {
        let state = progress.withLock { progress in
            progress.finishedFrames += frames
            return progress
        }
        onProgress(state)
    }

    // MARK: Sound

    /// The narration as AAC, from the cache where it is.
    private func encodedSound(_ stop: Cancellation) throws -> String? {
        guard let narration = plan.film.narration else { return nil }
        var times = StageTimes()
        defer { outcome.withLock { $0.times = $0.times + times } }
        return try times.measure(\.audio) {
            var key = SHA256()
            key.update("burns sound 1\n\(encodedAudioFingerprint)\n\(try SHA256.ofFile(narration.path))\n")
            let path = cache.path(ofKey: key.finish(), extension: "m4a")
            if access(path, F_OK) == 0 {
                if CacheSeal.isIntact(path) {
                    cache.touch(path)
                    found.withLock { $0.append(path) }
                    return path
                }
                cache.remove(path)
            }
            let file = try StagedFile(for: path)
            do {
                _ = try encodeAudio(
                    from: narration.path, to: file.temporaryPath, isCancelled: { stop.isCancelled })
            } catch let error as FilmError where error.kind == .output {
                throw error
            } catch {
                try stop.check()
                throw RenderError.project(
                    "\(plan.film.project.narration?.jsonPath ?? "$"): narration \(narration.path): \(error)", underlying: error)
            }
            guard try FileIdentity(path: narration.path) == narration.identity else {
                throw RenderError("narration \(narration.path): It changed while the film was being rendered; render again.")
            }
            try CacheSeal.seal(file.temporaryPath)
            try file.commit()
            return path
        }
    }

    // MARK: Assembly

    private func assemble(sound: String?, to path: String) throws {
        let state = progress.withLock { progress in
            progress.isAssembling = true
            return progress
        }
        onProgress(state)
        var times = StageTimes()
        defer { outcome.withLock { $0.times = $0.times + times } }
        let film = plan.film
        let chapters = film.timeline.segments.map {
            Chapter(startSeconds: $0.startSeconds, endSeconds: $0.endSeconds, title: FilmText.chapterTitle(of: $0))
        }
        do {
            try times.measure(\.assemble) {
                try assembleFilm(
                    chunks: plan.chunks.map { (path: self.path(of: $0), frameCount: $0.frames.count) },
                    settings: film.video, audio: sound,
                    description: FilmDescription(
                        title: film.project.title ?? film.project.id, chapters: chapters,
                        captions: options.softCaptions ? FilmText.captions(of: film.timeline) : nil),
                    to: path, progress: { _ in }, isCancelled: { [cancellation] in cancellation.isCancelled })
            }
        } catch is CancellationError {
            throw RenderError.cancelled
        }
    }
}
