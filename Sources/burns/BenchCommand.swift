import ArgumentParser
import MachineBenchmark
import Rendering
import Timeline

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure this machine: CPU against GPU, stage by stage, beside its own limits.",
        discussion: """
            Example: burns bench --html bench.html
            Example: burns bench projects/earthrise --quick --size 4k --json -

            Without PROJECT, pictures are drawn for the purpose. Every contestant's frames are compared before anything is \
            measured. A software driver is measured only where there is no GPU, or where --device names it. A GPU that fails is \
            left out and named; that is an error only if it was asked for. Nothing is kept but what --json and --html name. \
            Takes some minutes; one at most with --quick.
            """)

    @Argument(
        help: "A project folder, a manifest file, an id in the store, or s3://BUCKET/projects/ID (default: a built-in project).",
        completion: .file())
    var project: String?
    @OptionGroup var store: StoreOptions
    @Flag(help: "1080p alone, fewer frames and rounds.")
    var quick = false
    @Option(help: "A size to measure, again for more: 1080p, 4k, vertical, WIDTHxHEIGHT … (default: these three).")
    var size: [String] = []
    @OptionGroup var engine: EngineFlags
    @Option(help: "Write the figures as JSON; - for stdout, instead of the table.", completion: .file())
    var json: String?
    @Option(help: "Write a page with charts.", completion: .file())
    var html: String?

    func validate() throws {
        if json == "" || html == "" || html == "-" { throw ValidationError("--json and --html name a file.") }
        _ = try sizes()
    }

    private func sizes() throws -> [PictureSize]? {
        size.isEmpty ? nil : try size.map(OutputFlags.parse)
    }

    func run() throws {
        let cancellation = Cancellation()
        let watch = SignalWatch(cancellation, resume: "nothing was kept")
        defer { watch.end() }
        let files = [json, html].compactMap { $0 }.filter { $0 != "-" }
        try OutputPlace.checkDistinct(files)
        for path in files { try OutputPlace.checkWritable(path) }

        let location = try project.map { try store.find($0, cancellation, quiet: engine.quiet) }
        let options = BenchmarkOptions(
            location: location, sizes: try sizes(), isQuick: quick, backend: engine.backend, device: engine.device,
            kernels: try EngineFlags.kernels(), jobs: engine.jobs ?? Machine.coreCount, limits: engine.pictureLimit.limits,
            onMissing: engine.policy, version: Burns.configuration.version)
        let bar = ProgressBar(isVisible: !engine.quiet)
        defer { bar.clear() }
        let start = monotonicSeconds()
        let report = try Benchmark(options, cancellation: cancellation) { progress in
            if engine.verbose { Console.note("\(Int(monotonicSeconds() - start)) s: \(progress.text)") }
            bar.update(share: progress.share, progress.text)
        }.run()
        bar.clear()
        let document = ReportDocument.document(report).serialized(pretty: true)
        if json == "-" {
            try Console.print(document)
        } else {
            try Console.print(ReportTable.lines(report).map(Console.printable).joined(separator: "\n"))
        }
        if let json, json != "-" { try OutputPlace.write(document + "\n", to: json) }
        if let html { try OutputPlace.write(ReportPage.page(report), to: html) }
        // What was asked for by name is not left out in silence.
        if engine.backend == .vulkan || engine.device != nil, let failure = report.failures.first {
            throw Failure("\(failure.sentence); everything else was measured")
        }
    }
}
