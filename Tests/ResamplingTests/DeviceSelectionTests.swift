#if Vulkan
import ResamplingVulkan
import Testing

/// Which device is taken, as a table of machines.
@Suite struct DeviceSelectionTests {
    private static func device(
        _ number: Int, _ name: String, _ kind: DeviceDescription.Kind, gigabytes: Int = 8,
        adjust: (inout DeviceDescription) -> Void = { _ in }
    ) -> DeviceDescription {
        var device = DeviceDescription(
            number: number, name: name, kind: kind, driver: "test", version: (1, 3), memoryBytes: gigabytes << 30,
            limits: DeviceLimits(
                storageBufferRange: 128 << 20, memoryAllocation: 1 << 30, sharedMemory: 16384, workgroupInvocations: 128,
                workgroupCount: 65535, pushConstants: 128, storageBuffers: 4, storageBufferAlignment: 256),
            hasTimelineSemaphores: true, reportsMemoryBudget: false,
            queueFamilies: [QueueFamily(computes: true, draws: true, isCopyEngine: false, queueCount: 1)])
        adjust(&device)
        return device
    }

    private static let software = device(0, "llvmpipe", .software)
    private static let laptop = device(1, "Intel Iris", .integrated, gigabytes: 32)
    private static let small = device(2, "GeForce GTX", .discrete, gigabytes: 4)
    private static let large = device(3, "GeForce RTX", .discrete, gigabytes: 24)
    private static let broken = device(4, "Old Card", .discrete, gigabytes: 99) { $0.version = (1, 1) }

    @Test func theBestIsTaken() throws {
        let machines: [([DeviceDescription], String?)] = [
            ([Self.software, Self.laptop, Self.small, Self.large, Self.broken], "GeForce RTX"),
            ([Self.software, Self.laptop, Self.small], "GeForce GTX"), ([Self.software, Self.laptop], "Intel Iris"),
            ([Self.software], nil), ([Self.broken], nil), ([], nil),
        ]
        for (machine, name) in machines { #expect((try? machine.best())?.name == name) }
        let error = #expect(throws: VulkanError.self) { try [Self.software, Self.broken].best() }
        let shortcoming = "it has Vulkan 1.1, and 1.2 is needed: a newer driver may have it"
        let text = "Vulkan finds no GPU (llvmpipe is a software driver; Old Card cannot be used: \(shortcoming))"
        #expect(error?.description == text)
    }

    @Test(arguments: [
        ("0", "llvmpipe"), ("3", "GeForce RTX"), ("rtx", "GeForce RTX"), ("Iris", "Intel Iris"), ("GeForce", nil),
        ("Radeon", nil), ("4", nil), ("9", nil), ("-1", nil),
    ] as [(String, String?)])
    func theOneAskedForOrNone(asked: String, name: String?) throws {
        let machine = [Self.software, Self.laptop, Self.small, Self.large, Self.broken]
        let selector = try #require(DeviceSelector(parsing: asked))
        #expect((try? machine.chosen(by: selector))?.name == name)
    }

    @Test func shortcomings() {
        let all: [(String, (inout DeviceDescription) -> Void)] = [
            ("it cannot compute: no queue of it takes compute work", { $0.queueFamilies[0].computes = false }),
            ("it cannot compute: no queue of it takes compute work", { $0.queueFamilies = [] }),
            ("its driver has no timeline semaphores", { $0.hasTimelineSemaphores = false }),
            ("its shared memory is 8192, and 16384 is needed", { $0.limits.sharedMemory = 8192 }),
            ("its largest workgroup is 64, and 128 is needed", { $0.limits.workgroupInvocations = 64 }),
            ("its room for push constants is 64, and 116 is needed", { $0.limits.pushConstants = 64 }),
            ("its largest number of workgroups is 4095, and 4096 is needed", { $0.limits.workgroupCount = 4095 }),
            ("its number of storage buffers is 2, and 4 is needed", { $0.limits.storageBuffers = 2 }),
        ]
        for (text, adjust) in all { #expect(Self.device(0, "x", .discrete, adjust: adjust).shortcoming == text) }
        #expect(Self.large.shortcoming == nil)
    }

    /// A family that only computes, and one that only copies, where there are such; three queues, where there are so many.
    @Test func queues() throws {
        func all(_ count: Int) -> QueueFamily { QueueFamily(computes: true, draws: true, isCopyEngine: false, queueCount: count) }
        func compute(_ count: Int) -> QueueFamily { QueueFamily(computes: true, draws: false, isCopyEngine: false, queueCount: count) }
        func copy(_ count: Int) -> QueueFamily { QueueFamily(computes: false, draws: false, isCopyEngine: true, queueCount: count) }
        let video = QueueFamily(computes: false, draws: false, isCopyEngine: false, queueCount: 1)
        let machines: [(families: [QueueFamily], compute: [Int], upload: [Int], readback: [Int])] = [
            ([all(1)], [0, 0], [0, 0], [0, 0]),
            ([all(16), copy(2), compute(8), video], [2, 0], [1, 0], [1, 1]),
            ([all(1), compute(4), copy(1)], [1, 0], [2, 0], [2, 0]),
            ([all(1), video], [0, 0], [0, 0], [0, 0]),
            ([all(1), compute(4), video], [1, 0], [1, 1], [1, 2]),
            ([video, compute(2)], [1, 0], [1, 1], [1, 1]),
        ]
        for machine in machines {
            let places = try #require(QueuePlaces(in: machine.families))
            let got = [places.compute, places.upload, places.readback].map { [$0.family, $0.index] }
            #expect(got == [machine.compute, machine.upload, machine.readback])
            for (family, count) in places.queueCounts { #expect(count <= machine.families[family].queueCount) }
        }
        #expect(QueuePlaces(in: [video, copy(1)]) == nil)
    }
}
#endif
