import Glibc

/// What this process may use of the machine.
public enum Machine {
    /// Cores that this process may run on: its affinity, and the CPU time that its control group grants (cgroup v2).
    public static let coreCount: Int = {
        // "Cpus_allowed: ffff,0000000f": a bit for each core.
        let mask = firstLine(of: "/proc/self/status", startingWith: "Cpus_allowed:")
        let allowed = mask?.compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount } ?? 1
        // "max 100000", or the microseconds granted of so many.
        let numbers = (firstLine(of: "/sys/fs/cgroup/cpu.max", startingWith: "") ?? "").split(separator: " ").map { Double($0) }
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0 else { return max(1, allowed) }
        return max(1, min(allowed, Int((quota / period).rounded(.up))))
    }()

    /// What the processor calls itself; "unknown" where the system does not tell.
    public static var processorName: String {
        let rest = firstLine(of: "/proc/cpuinfo", startingWith: "model name")?.drop { " \t:".contains($0) }
        return rest.map(String.init) ?? "unknown"
    }

    /// "Debian GNU/Linux 12 (bookworm)"; "Linux" where it does not say.
    public static var systemName: String {
        let rest = firstLine(of: "/etc/os-release", startingWith: "PRETTY_NAME=")?.filter { $0 != "\"" }
        return rest.map { String($0) } ?? "Linux"
    }

    /// Of memory, in bytes.
    public static var memoryBytes: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

    /// The most memory that this program ever held, in bytes; 0 where the system does not tell.
    ///
    /// - Source: `VmHWM` of proc_pid_status(5), in KiB. What getrusage(2) tells goes on from the process that started this one.
    static func peakResidentBytes() -> Int {
        let words = firstLine(of: "/proc/self/status", startingWith: "VmHWM:")?.split(whereSeparator: \.isWhitespace)
        return (words?.first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// What follows `start` on the first line that starts so, in a small file of the kernel's.
    private static func firstLine(of path: String, startingWith start: String) -> Substring? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix(start) }?.dropFirst(start.count)
    }
}
