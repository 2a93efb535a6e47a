import ArgumentParser
import Glibc
import Media
import Rendering
import Resampling
import ResamplingCPU
import Timeline

/// Which project, in which store.
struct ProjectOptions: ParsableArguments {
    @Argument(help: "A project folder, a manifest file, or an id in the store.", completion: .file())
    var project: String

    @OptionGroup var store: StoreOptions

    func location() throws -> ProjectLocation { try ProjectLocation(project, store: store.location()) }
}

/// What the film is to be; the project says where these are not given.
struct OutputFlags: ParsableArguments {
    @Option(help: "1920x1080, 720p, 1080p, 1440p, 4k, vertical or square.")
    var size: String?

    @Option(help: "Frames per second: 24, 30, 30000/1001 …")
    var fps: String?

    func options() throws -> OutputOptions {
        var options = OutputOptions()
        if let size {
            guard let parsed = OutputOptions.parseSize(size) else {
                let names = OutputOptions.namedSizes.map(\.key).joined(separator: ", ")
                throw ValidationError("--size \(size): allowed are WIDTHxHEIGHT, both even, 16 to 16384, and \(names).")
            }
            options.size = parsed
        }
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

/// How the work is done; none of it changes a frame.
struct EngineFlags: ParsableArguments {
    enum Backend: String, ExpressibleByArgument, CaseIterable { case auto, cpu, vulkan }
    enum OnMissing: String, ExpressibleByArgument, CaseIterable { case fail, hold }

    @Option(help: "What resamples: auto, cpu or vulkan.")
    var backend: Backend = .auto

    @Option(help: "The Vulkan device to use, by its number in `burns doctor`.")
    var device: Int?

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
        if device != nil && backend != .vulkan { throw ValidationError("--device goes with --backend vulkan.") }
    }

    var policy: ProjectExamination.MissingPicturePolicy { onMissing == .hold ? .hold : .fail }

    func renderOptions() throws -> RenderOptions {
        if backend == .vulkan {
            throw Failure("this build of burns has no Vulkan backend; use --backend cpu, which gives the same frames")
        }
        return RenderOptions(
            resampler: CPUResampler(kernels: try Self.kernels()), jobs: jobs ?? Machine.coreCount,
            limits: pictureLimit.limits)
    }

    /// The best kernels of this machine, lowered by `BURNS_CPU`.
    static func kernels() throws -> FrameKernels {
        guard let limit = Environment.value("BURNS_CPU") else { return .best }
        guard let kernels = FrameKernels.atMost(limit) else {
            throw Failure("BURNS_CPU=\(limit): allowed are \(FrameKernels.names.joined(separator: ", "))")
        }
        return kernels
    }
}
