import Rendering
import TestSupport
import Testing

/// What a container or a service may use, in folders laid out as the kernel lays them out.
@Suite struct ControlGroupTests {
    private func group(_ memberships: String, _ files: [String: String]) throws -> ControlGroup {
        let folder = try TemporaryFolder()
        try folder.write(memberships, "memberships")
        for (name, text) in files { try folder.write(text + "\n", "groups/" + name) }
        return ControlGroup(root: folder.path + "/groups", memberships: folder.path + "/memberships")
    }

    @Test func versionTwo() throws {
        let group = try group(
            "0::/system.slice/burns.service\n",
            [
                "system.slice/cpu.max": "400000 100000", "system.slice/memory.max": "8000000000",
                "system.slice/burns.service/cpu.max": "150000 100000", "system.slice/burns.service/memory.max": "max",
            ])
        #expect(group.cores == 1.5 && group.memoryBytes == 8_000_000_000)
    }

    /// Its own group is what a container sees as the root, whatever its path is called outside.
    @Test func container() throws {
        let group = try group("0::/docker/4711\n", ["cpu.max": "50000 100000", "memory.max": "536870912"])
        #expect(group.cores == 0.5 && group.memoryBytes == 512 << 20)
    }

    @Test func versionOne() throws {
        let group = try group(
            "9:name=systemd:/\n4:memory:/a/b\n2:cpu,cpuacct:/a\n0::/\n",
            [
                "memory/memory.limit_in_bytes": "9223372036854771712", "memory/a/memory.limit_in_bytes": "2147483648",
                "memory/a/b/memory.limit_in_bytes": "4294967296", "cpu/a/cpu.cfs_quota_us": "250000",
                "cpu/a/cpu.cfs_period_us": "100000", "cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000",
            ])
        #expect(group.cores == 2.5 && group.memoryBytes == 2 << 30)
    }

    @Test(arguments: [
        "", "nonsense\n", "0::/\n", "0::/../..\n1:cpu\n", "4:memory:/\n2:cpu:/\n",
    ])
    func noLimit(memberships: String) throws {
        let group = try group(
            memberships,
            [
                "cpu.max": "max 100000", "memory.max": "max", "cpu/cpu.cfs_quota_us": "-1",
                "cpu/cpu.cfs_period_us": "100000",
            ])
        #expect(group.cores == nil && group.memoryBytes == nil)
    }

    @Test func thisMachine() {
        #expect(Machine.grantedCores > 0 && Machine.coreCount >= 1 && Double(Machine.coreCount) >= Machine.grantedCores)
        #expect(Machine.memoryBytes > 64 << 20)
    }
}
