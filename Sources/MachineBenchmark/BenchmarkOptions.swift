import Media
import Rendering
import Resampling
import ResamplingCPU
import Timeline

/// What is measured, and with what.
public struct BenchmarkOptions: Sendable {
    /// `nil`: a project that is drawn for the purpose.
    public var location: ProjectLocation?
    public var sizes: [PictureSize]
    /// Fewer frames and rounds.
    public var isQuick: Bool
    /// `cpu` measures no GPU, `vulkan` wants one, `auto` takes what is there.
    public var backend: BackendRequest
    /// The one GPU to measure: its number, or part of its name.
    public var device: String?
    /// The best of the CPU's kernels; those below are measured too.
    public var kernels: FrameKernels
    /// Chunks side by side, and threads at most.
    public var jobs: Int
    public var limits: PictureLimits
    public var onMissing: ProjectExamination.MissingPicturePolicy
    /// Of Burns.
    public var version: String
    /// More to compare, for tests.
    package var extraContestants: [Contestant] = []

    public init(
        location: ProjectLocation?, sizes: [PictureSize]? = nil, isQuick: Bool = false, backend: BackendRequest = .auto,
        device: String? = nil, kernels: FrameKernels = .best, jobs: Int = Machine.coreCount,
        limits: PictureLimits = PictureLimits(), onMissing: ProjectExamination.MissingPicturePolicy = .fail, version: String
    ) {
        self.location = location
        self.sizes = sizes ?? (isQuick ? [OutputOptions.defaultSize] : Self.defaultSizes)
        self.isQuick = isQuick
        self.backend = backend
        self.device = device
        self.kernels = kernels
        self.jobs = jobs
        self.limits = limits
        self.onMissing = onMissing
        self.version = version
    }

    /// 1080p, 4K and vertical.
    public static let defaultSizes = [
        OutputOptions.defaultSize, PictureSize(width: 3840, height: 2160), PictureSize(width: 1080, height: 1920),
    ]

    /// How much is measured.
    struct Extent {
        /// Turns of each contestant.
        var rounds: Int
        /// Seconds that all turns of the CPU's contestants take together, and each device's at each of its tasks.
        var processorSeconds: Double
        var deviceSeconds: Double
        /// Of a turn that measures a limit.
        var limitSeconds: Double
        /// Places in the film that frames are taken from, and how many at each.
        var places: Int
        var framesPerPlace: Int
        /// Of one thread's encoding, about.
        var oneThreadSeconds: Double
        /// What rendering and encoding may take together, before another round of both begins.
        var filmSeconds: Double
        /// A software driver's film is cut to about so many seconds, and left out where one chunk takes longer than twice that.
        var softwareFilmSeconds: Double
    }

    var extent: Extent {
        isQuick
            ? Extent(
                rounds: 3, processorSeconds: 3, deviceSeconds: 0.6, limitSeconds: 0.1, places: 2, framesPerPlace: 4,
                oneThreadSeconds: 4, filmSeconds: 3, softwareFilmSeconds: 3)
            : Extent(
                rounds: 5, processorSeconds: 8, deviceSeconds: 2, limitSeconds: 0.2, places: 4, framesPerPlace: 6,
                oneThreadSeconds: 10, filmSeconds: 15, softwareFilmSeconds: 8)
    }
}
