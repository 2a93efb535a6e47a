import Rendering
import Timeline

/// Everything that was measured.
public struct BenchmarkReport: Sendable {
    public internal(set) var version: String
    /// UTC, ISO 8601.
    public internal(set) var startedAt: String
    /// What it took.
    public internal(set) var seconds = 0.0
    public internal(set) var isQuick: Bool
    public internal(set) var jobs: Int
    /// The best of the CPU's that may be used.
    public internal(set) var kernels: String
    public internal(set) var machine = MachineFacts()
    public internal(set) var project = ProjectFacts()
    public internal(set) var devices: [DeviceFacts] = []
    public internal(set) var limits: [MachineLimit] = []
    public internal(set) var sizes: [SizeReport] = []
    /// GPUs that could not go on, and are left out from there.
    public internal(set) var failures: [DeviceFailure] = []
    /// What was left out, and why.
    public internal(set) var notes: [String] = []
}

/// A GPU that could not go on.
public struct DeviceFailure: Sendable {
    public let device: Int
    public let name: String
    /// "copies", "frames at 1920x1080".
    public let task: String
    public let reason: String

    /// In a sentence without its end.
    public var sentence: String { "\(name) failed at \(task): \(reason)" }
}

/// What was rendered.
public struct ProjectFacts: Sendable {
    public internal(set) var id = ""
    public internal(set) var isBuiltIn = false
    public internal(set) var pictures = 0
    public internal(set) var frames = 0
    public internal(set) var framesPerSecond = ""
    /// "libx264 ken-burns crf 20" as far as it was said.
    public internal(set) var encoder = ""
    /// That are at work side by side.
    public internal(set) var encoders = 1
}

/// How fast bytes move here when nothing else is done with them.
public struct MachineLimit: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Bytes read and bytes written, both counted.
        case memoryCopy = "memory_copy"
        /// In one direction.
        case hostToDevice = "host_to_device"
        case deviceToHost = "device_to_host"
        /// Bytes read and bytes written, both counted.
        case withinDevice = "within_device"
    }

    public let kind: Kind
    /// `nil`: the host's memory.
    public let device: Int?
    public let threads: Int
    /// Whether the device's copy engine reached it; otherwise the queue that makes frames.
    public let byCopyEngine: Bool
    public let bytesPerSecond: Rate
}

/// One output size.
public struct SizeReport: Sendable {
    public let size: PictureSize
    /// Frames that everybody makes, and how many of them show two pictures.
    public let sampleFrames: Int
    public let blendedFrames: Int
    public let verification: FrameVerification
    public internal(set) var rows: [StageRow] = []
    public internal(set) var films: [FilmRun] = []
    /// Of the films, that more than one contestant has made, all the same.
    public internal(set) var comparedFilmFrames = 0
    public internal(set) var notes: [String] = []

    /// The rows of a stage, in the order in which they were measured.
    public func rows(_ stage: Stage) -> [StageRow] { rows.filter { $0.stage == stage } }

    /// What the CPU reaches at best, with as many threads as there are jobs.
    public var processor: StageRow? { rows(.resample).filter { $0.device == nil }.max { $0.rate.median < $1.rate.median } }
}

/// What is done to make a film.
public enum Stage: String, Sendable, CaseIterable {
    case decode, prepare, upload, resample
    case readBack = "read_back"
    case resampleAndReadBack = "resample_and_read_back"
    case encode, whole
}

/// Somebody's speed at one stage, beside what this machine could do at best.
public struct StageRow: Sendable {
    public enum Item: String, Sendable { case frame, picture }

    public let stage: Stage
    /// "avx2", "llvmpipe (LLVM 15)", "libx264".
    public let contestant: String
    /// `nil`: the CPU.
    public let device: Int?
    public let isSoftware: Bool
    public let threads: Int
    public let item: Item
    public let rate: Rate
    /// That an item moves at the least; `nil` where that is not what counts.
    public let bytesPerItem: Double?
    public let limit: StageLimit?
    /// On the device alone, by its own clock, where it has one.
    public var deviceSecondsPerItem: Double?

    /// Of the limit.
    public var ratio: Double? { limit.map { rate.median / $0.itemsPerSecond } }
}

/// What bounds a stage.
public struct StageLimit: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case memoryCopy = "memory_copy"
        case hostToDevice = "host_to_device"
        case deviceToHost = "device_to_host"
        case withinDevice = "within_device"
        /// One thread's speed times the threads.
        case perfectScaling = "perfect_scaling"
        /// Encoding frames that lie in memory.
        case encodeAlone = "encode_alone"
    }

    public let kind: Kind
    public let itemsPerSecond: Double
}

extension FilmRun {
    var secondsPerFrame: Double { wallSeconds / Double(frames) }
}

/// A film, or the first part of one, by the normal pipeline: the fastest round of them.
public struct FilmRun: Sendable {
    public let contestant: String
    public let device: Int?
    public let isSoftware: Bool
    public let jobs: Int
    public let frames: Int
    /// Joined into a file, or else chunks of it alone.
    public let isWhole: Bool
    public let wallSeconds: Double
    public let cpuSeconds: Double
    /// Seconds of all threads in each stage.
    public let times: StageTimes
}
