/// What a device says of itself.
public struct DeviceDescription: Sendable {
    /// Better kinds first.
    public enum Kind: Int, Sendable, CustomStringConvertible {
        case discrete, integrated, virtual, other
        /// A driver that computes on the CPU.
        case software

        public var description: String {
            switch self {
            case .discrete: "discrete GPU"
            case .integrated: "integrated GPU"
            case .virtual: "virtual GPU"
            case .other: "device of another kind"
            case .software: "software driver"
            }
        }
    }

    package init(
        number: Int, name: String, kind: Kind, driver: String, version: (major: Int, minor: Int), memoryBytes: Int,
        limits: DeviceLimits, hasTimelineSemaphores: Bool, reportsMemoryBudget: Bool, queueFamilies: [QueueFamily]
    ) {
        self.number = number
        self.name = name
        self.kind = kind
        self.driver = driver
        self.version = version
        self.memoryBytes = memoryBytes
        self.limits = limits
        self.hasTimelineSemaphores = hasTimelineSemaphores
        self.reportsMemoryBudget = reportsMemoryBudget
        self.queueFamilies = queueFamilies
    }

    /// A queue family, by what it can do.
    package struct QueueFamily: Sendable {
        package var computes: Bool
        package var draws: Bool
        package var transfers: Bool
        /// That its clock's readings have; 0: it has no clock.
        package var timestampBits: Int

        package init(computes: Bool, draws: Bool, transfers: Bool, timestampBits: Int = 0) {
            self.computes = computes
            self.draws = draws
            self.transfers = transfers
            self.timestampBits = timestampBits
        }
    }

    /// Its place among this machine's devices, from 0.
    public var number: Int
    public var name: String
    public var kind: Kind
    /// The driver's name and version.
    public var driver: String
    /// Vulkan's version, as `(1, 3)`.
    public var version: (major: Int, minor: Int)
    /// Bytes of the largest heap that is the device's own.
    public var memoryBytes: Int
    public var limits: DeviceLimits
    package var hasTimelineSemaphores: Bool
    package var reportsMemoryBudget: Bool
    package var queueFamilies: [QueueFamily]

    /// Why frames cannot be made on this device; `nil` where they can.
    public var shortcoming: String? {
        if version < (1, 2) {
            return "it has Vulkan \(version.major).\(version.minor), and 1.2 is needed: a newer driver may have it"
        }
        if !hasTimelineSemaphores { return "its driver has no timeline semaphores" }
        if computeFamily == nil { return "it cannot compute: no queue of it takes compute work" }
        return limits.shortcoming
    }

    /// The family that frames are computed on: one that only computes, where there is one, as graphics queues are shared with
    /// the desktop.
    package var computeFamily: Int? {
        queueFamilies.firstIndex { $0.computes && !$0.draws } ?? queueFamilies.firstIndex { $0.computes }
    }

    /// The family that pictures are uploaded on: the copy engine, where there is one.
    package var transferFamily: Int? {
        queueFamilies.firstIndex { $0.transfers && !$0.computes && !$0.draws } ?? computeFamily
    }
}
