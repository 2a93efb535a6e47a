import ArgumentParser
import Glibc
import Media
import Rendering

struct FramesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frames",
        abstract: "Give out frames as they are before encoding.",
        discussion: """
            Example: burns frames projects/earthrise --frames '100..<124' --png /tmp/frames
            Example: burns frames projects/earthrise --y4m - | ffplay -

            --hash prints INDEX SHA256 a line, over the Y, Cb and Cr samples; the same on every machine and backend.
            """)

    @OptionGroup var project: ProjectOptions
    @Option(help: "A..<B, A...B or A, counted from 0 (default: all).")
    var frames: String?
    @OptionGroup var outputFlags: OutputFlags
    @OptionGroup var engine: EngineFlags
    @Option(help: "Write one YUV4MPEG2 stream to a file, or to stdout as -.", completion: .file())
    var y4m: String?
    @Option(help: "Write each frame as a PNG into a folder.", completion: .directory)
    var png: String?
    @Flag(help: "Print each frame's SHA-256.")
    var hash = false

    func validate() throws {
        guard [y4m != nil, png != nil, hash].count(where: { $0 }) == 1 else {
            throw ValidationError("Say what to do with the frames: one of --y4m, --png and --hash.")
        }
        if let frames, Self.parse(frames) == nil {
            throw ValidationError("--frames \(frames): say A..<B, A...B or A, like 0..<24.")
        }
    }

    /// The bounds as they were asked for: digits, and between them `..<` or `...`.
    static func parse(_ text: String) -> Range<Int>? {
        let lowerDigits = text.prefix { $0.isASCII && $0.isNumber }
        guard let lower = Int(lowerDigits), lower < Int.max else { return nil }
        var rest = text.dropFirst(lowerDigits.count)
        if rest.isEmpty { return lower..<lower + 1 }
        let isClosed = rest.hasPrefix("...")
        guard isClosed || rest.hasPrefix("..<") else { return nil }
        rest = rest.dropFirst(3)
        guard rest.allSatisfy({ $0.isASCII && $0.isNumber }), let last = Int(rest), last < Int.max else { return nil }
        let upper = isClosed ? last + 1 : last
        return lower < upper ? lower..<upper : nil
    }

    func run() throws {
        let cancellation = Cancellation()
        let watch = SignalWatch(cancellation, resume: "start again to go on")
        defer { watch.end() }
        let options = try engine.renderOptions()
        let session = RenderSession(
            location: try project.find(cancellation, quiet: engine.quiet), output: try outputFlags.options(), options: options,
            onMissing: engine.policy, cancellation: cancellation)
        let (_, examination) = try session.run { examination, plan in
            guard let film = examination.film else { return }
            let all = 0..<film.timeline.frameCount
            let range = frames.flatMap(Self.parse) ?? all
            guard range.lowerBound < all.upperBound, range.upperBound <= all.upperBound else {
                throw Failure(
                    "--frames \(frames ?? ""): the film has the frames 0..<\(all.upperBound)")
            }
            let source = FrameSource(plan, options: options, cancellation: cancellation)
            let destination: FrameSink.Destination =
                if let y4m { .y4m(y4m) } else if let png { .png(folder: png) } else { .hashes }
            // What was given out cannot be taken back when a picture turns out to be broken later.
            if engine.policy == .hold { try source.checkPictures(for: range) }
            let sink = try FrameSink(
                destination, film: film, inputs: examination.inputPaths, print: Console.print)
            try source.forEachFrame(in: range) { index, planes in try sink.receive(index, planes) }
            try sink.finish()
        }
        if !engine.quiet {
            for warning in examination.warnings { Console.warning("\(warning.path): \(warning.message)") }
            for warning in options.resampler.warnings { Console.warning(warning) }
        }
    }
}
