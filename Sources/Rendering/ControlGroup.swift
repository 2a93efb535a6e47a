/// What control groups grant this process: its own group and those that it is in, of version 2 or 1.
///
/// - Source: cgroups(7); the kernel's documentation, cgroup-v2 and cgroup-v1/memory.
package struct ControlGroup: Sendable {
    /// Cores' worth of time, such as 1.5; `nil`: as much as there is.
    package let cores: Double?
    /// `nil`: as much as there is.
    package let memoryBytes: Int?

    /// - Parameters:
    ///   - root: where control groups are mounted.
    ///   - memberships: the file that says which of them this process is in.
    package init(root: String = "/sys/fs/cgroup", memberships: String = "/proc/self/cgroup") {
        var cores: [Double] = []
        var memory: [Int] = []
        for line in kernelLines(of: memberships) {
            // "0::/a/b" of version 2, "4:cpu,cpuacct:/a/b" of version 1.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[1].isEmpty {
                for folder in Self.folders(root, parts[2]) {
                    cores += Self.cores(kernelLines(of: folder + "/cpu.max").first)
                    memory += Self.bytes(kernelLines(of: folder + "/memory.max").first)
                }
                continue
            }
            for controller in parts[1].split(separator: ",") {
                for folder in Self.folders("\(root)/\(controller)", parts[2]) {
                    if controller == "memory" { memory += Self.bytes(kernelLines(of: folder + "/memory.limit_in_bytes").first) }
                    guard controller == "cpu", let quota = kernelLines(of: folder + "/cpu.cfs_quota_us").first,
                        let period = kernelLines(of: folder + "/cpu.cfs_period_us").first
                    else { continue }
                    cores += Self.cores("\(quota) \(period)")
                }
            }
        }
        self.cores = cores.min()
        memoryBytes = memory.min()
    }

    /// A group's folder and those around it. In a container what is mounted can be the group itself, and its path of elsewhere.
    private static func folders(_ root: String, _ path: Substring) -> [String] {
        var folder = root
        return [root] + path.split(separator: "/").map { name in
            folder += "/" + name
            return folder
        }
    }

    /// "150000 100000": microseconds of so many; "max" or less than nothing for as many as there are.
    private static func cores(_ text: Substring?) -> [Double] {
        let numbers = text?.split(separator: " ").map { Double($0) } ?? []
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], quota > 0, period > 0 else { return [] }
        return [quota / period]
    }

    /// "max", or what version 1 has for it: more than any machine.
    private static func bytes(_ text: Substring?) -> [Int] {
        guard let text, let bytes = Int(text), bytes > 0 else { return [] }
        return [bytes]
    }
}
