import ArgumentParser
import Files
import Library
import Media
import ProjectImport
import Rendering

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Fetch a project's pictures from their URLs into the store, and write its manifest.",
        discussion: """
            Example: burns import results.json --project earthrise --audio talk.mp3 --store s3://films

            DATA is a manifest, or what a picture search makes of one: segments with generated_images, each with its url. \
            What the store has from the same URL already is not fetched again, so that the same command goes on where it was \
            stopped.

            When a picture cannot be had, the others are imported all the same, and no manifest is written: exit status 1, \
            unless --allow-missing.
            """)

    @Argument(help: "The data file.", completion: .file(extensions: ["json"]))
    var data: String

    @Option(help: "The project's id.")
    var project: String

    @OptionGroup var store: StoreOptions

    @Option(
        help: "The narration, instead of the one in the data: a file, a URL, or - for a URL on stdin, where no ps shows it.",
        completion: .file())
    var audio: String?

    @Option(help: "How long the manifest's presigned URLs are good for, at most 7d.")
    var expires: String = "1d"

    @Flag(help: "Fetch also what the store has already.")
    var refetch = false

    @Flag(help: "Write the manifest without the pictures that cannot be had.")
    var allowMissing = false

    @Flag(help: "Fetch from private addresses, too: of this machine, of its network.")
    var allowPrivateHosts = false

    @Option(help: "Pictures fetched at once; two of one host at most.")
    var jobs: Int = 8

    @Option(help: "Refuse picture files of more megabytes than this, 1 to 1000.")
    var maxMegabytes: Int = 100

    @OptionGroup var pictureLimit: PictureLimitOption

    @Option(help: "Seconds for one file, 1 to 3600.")
    var timeout: Int = 120

    @Flag(help: "Print what was done as JSON on stdout.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say more.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        guard let seconds = TimeSpan.parse(expires), seconds <= 604_800 else {
            throw ValidationError("--expires \(expires): allowed are 1s to 7d, like 90m, 12h or 3d.")
        }
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs \(jobs): allowed are 1 to 64.") }
        guard (1...1000).contains(maxMegabytes) else {
            throw ValidationError("--max-megabytes \(maxMegabytes): allowed are 1 to 1000.")
        }
        guard (1...3600).contains(timeout) else { throw ValidationError("--timeout \(timeout): allowed are 1 to 3600.") }
    }

    func run() throws {
        let cancellation = Cancellation()
        let watch = SignalWatch(cancellation, resume: "what was imported is kept: the same command goes on from there")
        defer { watch.end() }
        let (settings, location) = (store.settings, try store.requiredLocation())
        let bar = ProgressBar(isVisible: !quiet && !verbose)
        defer { bar.clear() }
        let (data, options) = (try readData(), try importOptions(bar))
        let report = try cancellation.wait {
            try await ProjectImport(data, into: try await settings.open(location), options: options).run()
        }
        bar.clear()
        if json { try Console.print(report.document.serialized(pretty: true)) }
        if !quiet { for warning in report.warnings { Console.warning(warning) } }
        guard report.manifest != nil else {
            for problem in report.problems + [report.sentence] { Console.error(problem) }
            throw ExitCode(1)
        }
        for problem in report.problems { Console.warning(problem) }
        if !quiet { Console.note(report.sentence) }
    }

    private func narration() throws -> NarrationChoice? {
        guard audio == "-" else { return audio.map(NarrationChoice.init(parsing:)) }
        let line = readLine()?.filter { !$0.isWhitespace } ?? ""
        guard case .url = NarrationChoice(parsing: line) else { throw Failure("--audio -: there is no URL on stdin") }
        return .url(line)
    }

    private func readData() throws -> ImportData {
        do {
            return try ImportData(path: data, projectID: project, hasNarration: audio != nil)
        } catch let error as ImportError {
            for problem in error.problems { Console.error(problem) }
            throw ExitCode(1)
        }
    }

    private func importOptions(_ bar: ProgressBar) throws -> ImportOptions {
        var options = ImportOptions()
        options.narration = try narration()
        options.refetches = refetch
        options.allowsMissing = allowMissing
        options.expiresSeconds = TimeSpan.parse(expires) ?? options.expiresSeconds
        options.parallel = jobs
        options.maximumBytesPerSecond = store.settings.maximumBytesPerSecond
        if allowPrivateHosts { options.addressGuard = nil }
        options.maximumPictureBytes = Int64(maxMegabytes) * 1_000_000
        options.pictureLimits = pictureLimit.limits
        options.fileTimeout = .seconds(timeout)
        let isVerbose = verbose && !quiet
        options.progress = { progress in
            if isVerbose { Console.note("\(progress.done)/\(progress.total) \(progress.picture)") } else { bar.update(progress) }
        }
        options.journalFolder = try ChunkCache.defaultFolder().map { folder throws(FileError) in
            try ChunkCache(folder: folder).folder
        }
        return options
    }
}
