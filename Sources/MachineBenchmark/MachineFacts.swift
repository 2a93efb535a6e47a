import Glibc
import Rendering
import ResamplingCPU

/// What the figures were taken on.
public struct MachineFacts: Sendable {
    public let processor = Machine.processorName
    public let cores = Machine.coreCount
    /// Cores' worth of time that this process may have: less than `cores` where a control group grants a fraction.
    public let grantedCores = Machine.grantedCores
    public let memoryBytes = Machine.memoryBytes
    public let system = Machine.systemName
    /// "Linux 6.1.0-28-amd64".
    public let kernel: String
    /// Those that this machine can run, worst first.
    public let levels = FrameKernels.available.map(\.name)

    init() {
        var name = utsname()
        guard uname(&name) == 0 else {
            kernel = "Linux"
            return
        }
        let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        kernel = "Linux \(release)"
    }

    /// "2026-11-23T16:40:00Z".
    static func now() -> String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// A GPU, or a driver that stands in for one.
public struct DeviceFacts: Sendable {
    /// As `burns doctor` counts.
    public let number: Int
    public let name: String
    /// "discrete GPU".
    public let kind: String
    /// The driver's name and version.
    public let driver: String
    public let memoryBytes: Int
    /// Computes on the CPU.
    public let isSoftware: Bool
}
