import ArgumentParser
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

            Rendered chunks are kept in a cache, so rendering again is a copy, a change renders only what it touches, and \
            a render that was stopped goes on where it stopped.
            """)

    enum Captions: String, ExpressibleByArgument, CaseIterable { case none, soft, sidecar }

    @OptionGroup var project: ProjectOptions
    @Option(name: .shortAndLong, help: "The film (default: videos/ID_final_video.mp4 in a named store, else ID.mp4 here).")
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
        let location = try project.location()
        let session = RenderSession(
            location: location, output: wanted, options: options, onMissing: engine.policy, cancellation: cancellation)
        let scratch = noCache ? try ScratchFolder() : nil
        let chunkCache = try openCache(scratch)
        let bar = ProgressBar(isVisible: !engine.quiet)
        defer { bar.clear() }

        let ((path, outcome), examination) = try session.run { examination, plan in
            let renderer = FilmRenderer(
                plan, cache: chunkCache, options: options, cancellation: cancellation,
                onProgress: { bar.update($0) })
            if engine.verbose {
                Console.note(
                    "\(options.resampler.backend) (\(options.resampler.kernels)), \(options.jobs) jobs, \(plan.chunks.count) chunks, cache \(chunkCache.folder)"
                )
            }
            if let report { try OutputPlace.check(report, isNot: examination.inputPaths, allowsDevices: true) }
            if let share = try share() {
                return (nil as String?, try renderer.renderShare(share.index, of: share.count))
            }
            let path = try outputPath(examination, location)
            return (path, try renderer.renderFilm(to: path))
        }
        bar.clear()
        let result = RenderReport(
            outcome, examination: examination, options: options, filmPath: path,
            totalSeconds: monotonicSeconds() - started)
        if captions == .sidecar, let path, let film = examination.film {
            try OutputPlace.writeSubtitles(FilmText.captions(of: film.timeline), beside: path)
        }
        if let report { try OutputPlace.write(try result.document().serialized(pretty: true) + "\n", to: report) }
        if json { try Console.print(try result.document().serialized(pretty: true)) }
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

    /// Where the film goes, and its subtitles; never over one of the project's own files.
    private func outputPath(_ examination: ProjectExamination, _ location: ProjectLocation) throws -> String {
        let id = examination.film?.project.id ?? location.fallbackID
        let path: String
        if let output {
            path = output
        } else if try project.store.location() != nil {
            path = location.store.root + "/videos/\(id)_final_video.mp4"
            mkdir(location.store.root + "/videos", 0o777)
        } else {
            path = "\(id).mp4"
        }
        try OutputPlace.check(path, isNot: examination.inputPaths)
        try OutputPlace.checkIsFilm(path)
        let subtitles = captions == .sidecar ? OutputPlace.subtitlePaths(beside: path) : nil
        let sidecars = subtitles.map { [$0.srt, $0.vtt] } ?? []
        for subtitle in sidecars { try OutputPlace.check(subtitle, isNot: examination.inputPaths) }
        try OutputPlace.checkDistinct([path] + sidecars + (report.map { [$0] } ?? []))
        return path
    }
}
