import ArgumentParser
import Files
import Glibc
import JSON
import Media
import Rendering

struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Render a project into an MP4.",
        discussion: """
            Example: burns render projects/earthrise -o earthrise.mp4 --size 1080p
            Example: burns render s3://burns-videos/projects/earthrise
            Example: burns render projects/earthrise -o s3://burns-videos/earthrise.mp4

            Rendered chunks are kept in a cache, so rendering again is a copy, a change renders only what it touches, and \
            a render that was stopped goes on where it stopped. A project in a bucket is pulled, and its film is pushed to \
            videos/ID_final_video.mp4 there.
            """)

    enum Captions: String, ExpressibleByArgument, CaseIterable { case none, soft, sidecar }

    @OptionGroup var project: ProjectOptions
    @Option(
        name: .shortAndLong,
        help: """
            The film: a file, s3://BUCKET/KEY.mp4 or s3://BUCKET (default: videos/ID_final_video.mp4 in a named store, else \
            ID.mp4 here).
            """)
    var output: String?
    @OptionGroup var outputFlags: OutputFlags
    @Option(help: "Any video encoder of libav: libx264, libx265, libsvtav1 … (see `burns doctor`), or auto.")
    var encoder: String = "auto"
    @Option(help: "The encoder's preset: for libx264 ken-burns (default), ken-burns-fast, ken-burns-best, ultrafast … placebo.")
    var preset: String?
    @Option(help: "Constant quality on the encoder's own scale; lower is better and larger.")
    var crf: Double?
    @Option(help: "The segments' texts: none, soft (a track in the film) or sidecar (.srt and .vtt beside it).")
    var captions: Captions = .none
    @OptionGroup var engine: EngineFlags
    @Flag(help: "Neither read nor keep chunks.")
    var noCache = false
    @Option(help: "The cache's folder (default: $BURNS_CACHE, else ~/.cache/burns).")
    var cache: String?
    @Option(help: "Gigabytes that the cache may hold; what was not used for longest goes first.")
    var cacheLimit: Double = 20
    @Flag(help: "Share rendered chunks with other machines, through segments/ID/ in the store.")
    var sharedCache = false
    @Option(help: "Write a report as JSON.")
    var report: String?
    @Flag(help: "Print the report as JSON on stdout.")
    var json = false
    @Option(help: "Render only share I of N into the cache, and no film: for several machines with one cache.")
    var chunk: String?

    func validate() throws {
        if cache == "" || output == "" || report == "" { throw ValidationError("A path cannot be empty.") }
        guard (0.001...1_000_000).contains(cacheLimit) else {
            throw ValidationError("--cache-limit \(cacheLimit): allowed are 0.001 to 1000000 gigabytes.")
        }
        if chunk != nil {
            guard try share() != nil else {
                throw ValidationError("--chunk \(chunk ?? ""): say I/N, 1 <= I <= N, like 2/8.")
            }
            if noCache { throw ValidationError("--chunk renders into the cache; it does not go with --no-cache.") }
            if output != nil { throw ValidationError("--chunk makes no film; it does not go with -o.") }
        }
    }

    private func share() throws -> (index: Int, count: Int)? {
        guard let parts = chunk?.split(separator: "/").map({ Int($0) }), parts.count == 2, let index = parts[0],
            let count = parts[1], count >= 1, count <= 100_000, (1...count).contains(index)
        else { return nil }
        return (index, count)
    }

    func run() throws {
        let started = monotonicSeconds()
        let cancellation = Cancellation()
        let watch = SignalWatch(
            cancellation,
            resume: noCache ? "nothing was kept" : "what was rendered is kept: the same command goes on from there")
        defer { watch.end() }

        var options = try engine.renderOptions()
        options.softCaptions = captions == .soft
        var wanted = try outputFlags.options()
        wanted.encoder = encoder == "auto" ? nil : encoder
        wanted.preset = preset
        wanted.crf = crf
        let scratch = noCache ? try ScratchFolder() : nil
        let chunkCache = try openCache(scratch)
        let location = try project.find(cache: noCache ? nil : chunkCache, cancellation, quiet: engine.quiet)
        let session = RenderSession(
            location: location, output: wanted, options: options, onMissing: engine.policy, cancellation: cancellation)
        let bar = ProgressBar(isVisible: !engine.quiet)
        defer { bar.clear() }

        let isInStore = try location.mirror != nil || project.store.location() != nil
        if sharedCache && !isInStore { throw Failure("--shared-cache needs a store; name one with --store or BURNS_STORE") }
        let ((place, outcome), examination) = try session.run { examination, plan in
            let shared = sharedCache ? location.sharedChunks(of: examination, notingIn: chunkCache.folder) : nil
            let renderer = FilmRenderer(
                plan, cache: chunkCache, shared: shared, options: options, cancellation: cancellation,
                onProgress: { bar.update($0) })
            if engine.verbose {
                Console.note(
                    "\(options.jobs) jobs, \(plan.chunks.count) chunks, cache \(chunkCache.folder)"
                )
            }
            if let report { try OutputPlace.check(report, isNot: examination.inputPaths, allowsDevices: true) }
            if let share = try share() {
                return (nil as FilmPlace?, try renderer.renderShare(share.index, of: share.count))
            }
            let place = try FilmPlace(
                output, of: examination, isInStore: isInStore, withSubtitles: captions == .sidecar, report: report,
                project.store.settings, cache: noCache ? nil : chunkCache, cancellation: cancellation)
            return (place, try renderer.renderFilm(to: place.path))
        }
        if captions == .sidecar, let place, let film = examination.film {
            try OutputPlace.writeSubtitles(FilmText.captions(of: film.timeline), beside: place.path)
        }
        var result = RenderReport(
            outcome, examination: examination, options: options, filmPath: place?.path,
            totalSeconds: monotonicSeconds() - started)
        result.address = try place?.deliver(metadata: try result.metadata(), cancellation: cancellation) {
            bar.update(bytes: $0.done, of: $0.total)
        }
        bar.clear()
        if let report {
            do {
                try OutputPlace.write(try result.document().serialized(pretty: true) + "\n", to: report)
            } catch {
                throw Failure("\(error)\(place == nil ? "" : "; the film itself is finished")")
            }
        }
        if json {
            try Console.print(try result.document().serialized(pretty: true))
        } else if let address = result.address {
            try Console.print(address.location)
        }
        if !engine.quiet {
            for warning in result.warnings { Console.warning(warning) }
            Console.note(result.sentence)
        }
    }

    private func openCache(_ scratch: ScratchFolder?) throws -> ChunkCache {
        if let scratch { return try ChunkCache(folder: scratch.path, limitBytes: .max) }
        guard let folder = cache ?? ChunkCache.defaultFolder() else {
            throw Failure("there is no place for the cache: neither BURNS_CACHE nor HOME is set; name one with --cache")
        }
        return try ChunkCache(folder: folder, limitBytes: Int(cacheLimit * 1e9))
    }
}
