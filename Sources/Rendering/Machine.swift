import Glibc

/// What this process may use of the machine.
public enum Machine {
    private static let group = ControlGroup()

    /// Cores that this process may run on at a time: its affinity, and the CPU time that its control groups grant, rounded up.
    public static let coreCount = max(1, Int(grantedCores.rounded(.up)))

    /// Cores' worth of time that this process may have, such as 1.5.
    package static let grantedCores: Double = {
        // "Cpus_allowed: ffff,0000000f": a bit for each core.
        let mask = firstLine(of: "/proc/self/status", startingWith: "Cpus_allowed:")
        let allowed = Double(mask?.compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount } ?? 1)
        return min(allowed, group.cores ?? allowed)
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

    /// Of memory, in bytes: the machine's, or what control groups leave of it.
    public static let memoryBytes: Int = {
        let all = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        return min(all, group.memoryBytes ?? all)
    }()

    /// The most memory that this program ever held, in bytes; 0 where the system does not tell.
    ///
    /// - Source: `VmHWM` of proc_pid_status(5), in KiB. What getrusage(2) tells goes on from the process that started this one.
    static func peakResidentBytes() -> Int {
        let words = firstLine(of: "/proc/self/status", startingWith: "VmHWM:")?.split(whereSeparator: \.isWhitespace)
        return (words?.first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// What follows `start` on the first line that starts so, in a small file of the kernel's.
    private static func firstLine(of path: String, startingWith start: String) -> Substring? {
        kernelLines(of: path).first { $0.hasPrefix(start) }?.dropFirst(start.count)
    }
}
