import ArgumentParser
import Files
import Glibc
import Library
import Media
import Rendering
import Resampling
import ResamplingCPU
import Timeline

/// Which project, in which store.
struct ProjectOptions: ParsableArguments {
    @Argument(
        help: "A project folder, a manifest file, an id in the store, or s3://BUCKET/projects/ID.", completion: .file())
    var project: String

    @OptionGroup var store: StoreOptions

    /// Finds the project, and pulls it if it is in a bucket.
    ///
    /// - Parameter cache: keeps what is pulled; `nil`: nothing is kept.
    func find(cache: ChunkCache?, _ cancellation: Cancellation, quiet: Bool) throws -> ProjectLocation {
        try store.find(project, cache: cache, cancellation, quiet: quiet)
    }

    /// For commands without a cache of their own: what is pulled is kept where renders keep it.
    func find(_ cancellation: Cancellation, quiet: Bool) throws -> ProjectLocation {
        try store.find(project, cancellation, quiet: quiet)
    }
}

extension StoreOptions {
    /// Finds a project, and pulls it if it is in a bucket.
    ///
    /// - Parameter cache: keeps what is pulled; `nil`: nothing is kept.
    func find(_ project: String, cache: ChunkCache?, _ cancellation: Cancellation, quiet: Bool) throws -> ProjectLocation {
        let bar = ProgressBar(isVisible: !quiet)
        defer { bar.clear() }
        return try .find(project, store: location(), settings, cache: cache, cancellation: cancellation) { bar.update($0) }
    }

    /// The same; what is pulled is kept where renders keep it.
    func find(_ project: String, _ cancellation: Cancellation, quiet: Bool) throws -> ProjectLocation {
        var isInBucket = project.lowercased().hasPrefix("s3://")
        if case .s3 = try location() { isInBucket = true }
        let folder = isInBucket ? ChunkCache.defaultFolder() : nil
        let cache = try folder.map { folder throws(FileError) in try ChunkCache(folder: folder) }
        return try find(project, cache: cache, cancellation, quiet: quiet)
    }
}

/// What the film is to be; the project says where these are not given.
struct OutputFlags: ParsableArguments {
    @Option(help: "1920x1080, 720p, 1080p, 1440p, 4k, vertical or square.")
    var size: String?

    @Option(help: "Frames per second: 24, 30, 30000/1001 …")
    var fps: String?

    static func parse(_ size: String) throws -> PictureSize {
        if let parsed = OutputOptions.parseSize(size) { return parsed }
        let names = OutputOptions.namedSizes.map(\.key).joined(separator: ", ")
        throw ValidationError("--size \(size): allowed are WIDTHxHEIGHT, both even, 16 to 16384, and \(names).")
    }

    func options() throws -> OutputOptions {
        var options = OutputOptions()
        options.size = try size.map(Self.parse)
        if let fps {
            guard let parsed = FrameRate(parsing: fps) else {
                throw ValidationError("--fps \(fps): allowed are 1 to 240, whole, as 23.976, 29.97 or 59.94, or as a fraction like 30000/1001.")
            }
            options.frameRate = parsed
        }
        return options
    }
}

/// What a picture may cost.
struct PictureLimitOption: ParsableArguments {
    @Option(help: "Refuse pictures of more megapixels than this, 1 to 256.")
    var maxMegapixels: Int = 256

    func validate() throws {
        guard (1...256).contains(maxMegapixels) else {
            throw ValidationError("--max-megapixels \(maxMegapixels): allowed are 1 to 256.")
        }
    }

    var limits: PictureLimits { PictureLimits(maximumPixels: maxMegapixels * 1_000_000) }
}

extension BackendRequest: ExpressibleByArgument {}

/// How the work is done; none of it changes a frame.
struct EngineFlags: ParsableArguments {
    enum OnMissing: String, ExpressibleByArgument, CaseIterable { case fail, hold }

    @Option(help: "What makes the frames, which are the same everywhere: auto (a GPU if there is one), cpu or vulkan.")
    var backend: BackendRequest = .auto

    @Option(help: "The Vulkan device to use: its number in `burns doctor`, or part of its name.")
    var device: String?

    @Option(help: "Chunks rendered side by side (default: one a core).")
    var jobs: Int?

    @Option(help: "A picture that is missing or broken: fail, or hold the one before it.")
    var onMissing: OnMissing = .fail

    @OptionGroup var pictureLimit: PictureLimitOption

    @Flag(name: .shortAndLong, help: "Say more.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func validate() throws {
        if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs \(jobs): allowed are 1 to 1024.") }
        if device != nil && backend == .cpu { throw ValidationError("--device does not go with --backend cpu.") }
        if device == "" { throw ValidationError("--device: say a number of `burns doctor`, or part of a name.") }
    }

    var policy: ProjectExamination.MissingPicturePolicy { onMissing == .hold ? .hold : .fail }

    func renderOptions() throws -> RenderOptions {
        let choice = try BackendChoice(backend, device: device, kernels: try Self.kernels())
        if verbose || (choice.isRemarkable && !quiet) { Console.note(choice.reason) }
        var options = RenderOptions(resampler: choice.resampler, jobs: jobs ?? Machine.coreCount, limits: pictureLimit.limits)
        options.choice = choice
        return options
    }

    /// The best kernels of this machine, lowered by `BURNS_CPU`; that has been done by now, unless what it says is wrong.
    static func kernels() throws -> FrameKernels {
        _ = try Environment.instructionSet()
        return .best
    }
}
