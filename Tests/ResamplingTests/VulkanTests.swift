#if Vulkan
import Resampling
import ResamplingCPU
import ResamplingVulkan
import Synchronization
import TestSupport
import Testing

/// Functions that take the place of a driver's.
private enum CountedCalls {
    typealias Free = @convention(c) (OpaquePointer?, OpaquePointer?, UnsafeRawPointer?) -> Void
    /// None of its arguments is looked at.
    typealias Barrier = @convention(c) (
        OpaquePointer?, UInt32, UInt32, UInt32, UInt32, UnsafeRawPointer?, UInt32, UnsafeRawPointer?, UInt32, UnsafeRawPointer?
    ) -> Void

    static let count = Atomic(0)
    static let frees: Set = [
        "vkDestroyBuffer", "vkFreeMemory", "vkDestroyCommandPool", "vkDestroyDescriptorPool", "vkDestroyPipelineLayout",
        "vkDestroyDescriptorSetLayout", "vkDestroyShaderModule", "vkDestroyPipelineCache", "vkDestroyPipeline",
    ]
    static var counted: UnsafeRawPointer {
        let free: Free = { _, _, _ in CountedCalls.count.add(1, ordering: .relaxed) }
        return unsafeBitCast(free, to: UnsafeRawPointer.self)
    }
    static var ignored: UnsafeRawPointer {
        let barrier: Barrier = { _, _, _, _, _, _, _, _, _, _ in }
        return unsafeBitCast(barrier, to: UnsafeRawPointer.self)
    }
}

/// What is Vulkan's own: its limits, its memory, its failures. The bytes are the contract's business.
@Suite(.serialized) struct VulkanTests {
    /// The software driver, with options of the test's own and the validation layers listening.
    private func software(
        _ log: ValidationLog, _ adjust: (inout VulkanOptions) -> Void = { _ in }
    ) throws -> VulkanResampler {
        var options = VulkanOptions()
        options.validation = log
        adjust(&options)
        let device = try #require(try VulkanInstance(options: options).devices().first { $0.description.kind == .software })
        return try VulkanResampler(device)
    }

    private let view = SourceRect(left: 3.3, top: 2.1, width: 90, height: 60)

    /// Renders frames one after the other and compares them with the reference.
    private func expectRightFrames(_ resampler: any Resampler, count: Int = 6, size: (Int, Int) = (64, 48)) throws {
        let picture = WorkingPicture.random(150, 110, range: 0...16320, seed: 3)
        let queue = try resampler.makeQueue(width: size.0, height: size.1)
        let layers = (0..<count).map { index in
            var view = view
            view.left += Double(index) * 0.7
            return [FrameLayer(picture: picture, view: view)]
        }
        var begun = 0
        for index in layers.indices {
            while begun < min(index + queue.depth, count) {
                try queue.begin(layers[begun])
                begun += 1
            }
            let got = FrameSamples(try queue.next())
            let want = try render(layers[index], with: ReferenceResampler(), size)
            for plane in 0..<3 { #expect(got.samples(plane) == want.samples(plane), "frame \(index), plane \(plane)") }
        }
    }

    @Test func theSoftwareDriverTakesPart() throws {
        let device = try #require(VulkanBackends.devices.first { $0.description.kind == .software })
        #expect(device.description.name.hasPrefix("llvmpipe"))
        #expect(backends.contains { $0.backend == "vulkan" && $0.device == device.description.name })
        #expect(backends.count { $0.backend == "vulkan" } == VulkanBackends.devices.count)
    }

    @Test(.enabled("this machine has no GPU with Vulkan") { VulkanBackends.hasGPU })
    func aGPUTakesPart() throws {
        #expect(backends.contains { backend in
            VulkanBackends.devices.contains { $0.description.kind != .software && $0.description.name == backend.device }
        })
    }

    // MARK: Limits

    /// Pictures and frames larger than a binding may be are cut into bands of rows.
    @Test(arguments: [(7000, 1), (7000, 64), (8192, 256), (20_000, 16)])
    func smallBindings(range: Int, alignment: Int) throws {
        let log = ValidationLog()
        let resampler = try software(log) { options in
            options.adjustDescription = {
                $0.limits.storageBufferRange = range
                $0.limits.storageBufferAlignment = max($0.limits.storageBufferAlignment, alignment)
            }
        }
        try expectRightFrames(resampler, count: 2, size: (64, 90))
        let picture = WorkingPicture.random(31, 900, range: 0...16320, seed: 5)
        let layers = [
            FrameLayer(picture: picture, view: SourceRect(left: -3, top: -20, width: 40, height: 800), weight: 9000),
            FrameLayer(picture: picture, view: SourceRect(left: 0, top: 700, width: 30, height: 100), weight: 4000),
        ]
        let got = try render(layers, with: resampler, (48, 203))
        let want = try render(layers, with: ReferenceResampler(), (48, 203))
        for plane in 0..<3 { #expect(got.samples(plane) == want.samples(plane)) }
        #expect(log.messages == [])
    }

    @Test func whatCannotBeBoundIsRefused() throws {
        let log = ValidationLog()
        let resampler = try software(log) { $0.adjustDescription = { $0.limits.storageBufferRange = 300 } }
        let error = #expect(throws: VulkanError.self) { try expectRightFrames(resampler) }
        #expect(error?.description == "the GPU binds at most 300 bytes at once, which is too little for pictures this wide")
        #expect(log.messages == [])
    }

    @Test func whatCannotBeAllocatedIsRefused() throws {
        let log = ValidationLog()
        let resampler = try software(log) { $0.adjustDescription = { $0.limits.memoryAllocation = 20 << 20 } }
        let picture = WorkingPicture.make(4000, 3000, luma: { _, _ in 0 }, cb: { _, _ in 0 }, cr: { _, _ in 0 })
        let error = #expect(throws: VulkanError.self) {
            try render([FrameLayer(picture: picture, view: view)], with: resampler, (64, 48))
        }
        #expect(error?.description.contains("gives at most 20 MiB at once, and a buffer of 34 MiB is needed") == true)
        try expectRightFrames(resampler)
        #expect(log.messages == [])
    }

    /// 8K from 8K, against the CPU's best kernels.
    @Test func eightK() throws {
        let size = (7680, 4320)
        let picture = WorkingPicture.make(
            size.0, size.1, luma: { x, y in Int16(truncatingIfNeeded: (x &* 2_654_435_761 ^ y &* 40503) & 0x3FFF) },
            cb: { x, y in Int16((x + y) & 0x3FFF) }, cr: { x, y in Int16((x ^ y) & 0x3FFF) })
        let layers = [FrameLayer(picture: picture, view: SourceRect(left: 1.3, top: 0.7, width: 7000, height: 3937.5))]
        let log = ValidationLog()
        let got = try render(layers, with: software(log), size)
        let want = try render(layers, with: CPUResampler(), size)
        for plane in 0..<3 { #expect(got.samples(plane) == want.samples(plane)) }
        #expect(log.messages == [])
    }

    /// That an empty log means something: commands without an end, which the software driver does not mind, are noticed.
    @Test func theValidationLayersListen() throws {
        let log = ValidationLog()
        let resampler = try software(log) { options in
            options.fault = { $0 == "vkEndCommandBuffer" ? .success : nil }
        }
        try expectRightFrames(resampler, count: 1)
        #expect(log.messages.contains { $0.contains("You must call vkEndCommandBuffer()") }, "\(log.messages)")
    }

    /// That they look at synchronisation too: without its barriers a frame's shader reads tables that are still being copied.
    @Test func theValidationLayersSeeMissingBarriers() throws {
        let log = ValidationLog()
        let resampler = try software(log) { options in
            options.replaceFunction = { $0 == "vkCmdPipelineBarrier" ? CountedCalls.ignored : $1 }
        }
        try expectRightFrames(resampler, count: 1)
        #expect(log.messages.contains { $0.contains("SYNC-HAZARD-READ-AFTER-WRITE") }, "\(log.messages)")
    }

    /// What `burns bench` measures a device by is used as rightly as frames are made.
    @Test func trials() throws {
        let log = ValidationLog()
        let resampler = try software(log) { $0.adjustDescription = { $0.limits.memoryAllocation = 20 << 20 } }
        let picture = WorkingPicture.random(150, 110, range: 0...16320, seed: 3)
        let other = WorkingPicture.random(90, 70, range: 0...16320, seed: 4)
        let frames = [
            [FrameLayer(picture: picture, view: view)],
            [FrameLayer(picture: picture, view: view, weight: 9000), FrameLayer(picture: other, view: view, weight: 7384)],
        ]

        let trial = try FrameTrial(resampler, width: 64, height: 48)
        for _ in 0..<3 {
            for index in 0..<trial.depth { try trial.begin(frames[index % 2]) }
            for _ in 0..<trial.depth { try trial.finish() }
            for _ in 0..<trial.depth { try trial.beginReadback() }
            for _ in 0..<trial.depth { try trial.finish() }
        }
        let stopwatch = try #require(try FrameStopwatch(resampler, width: 64, height: 48))
        for index in 0..<3 { #expect(try stopwatch.time(frames[index % 2]) > 0) }
        let uploads = try UploadTrial(resampler)
        for _ in 0..<3 { for picture in [picture, other] { _ = try uploads.upload(picture) } }
        for way in CopyTrial.Way.allCases {
            for byCopyEngine in [false, true] {
                guard let copies = try CopyTrial(resampler, way, byCopyEngine: byCopyEngine) else { continue }
                for _ in 0..<3 {
                    for _ in 0..<copies.depth { try copies.begin() }
                    for _ in 0..<copies.depth { try copies.finish() }
                }
            }
        }
        #expect(log.messages == [])
    }

    // MARK: Memory

    @Test func picturesAreUploadedOnceAndKeptWhileTheHostHasThem() throws {
        let log = ValidationLog()
        let resampler = try software(log)
        do {
            let pictures = (0..<3).map { WorkingPicture.random(40, 30, range: 0...16320, seed: $0) }
            for _ in 0..<3 {
                for picture in pictures { _ = try render([FrameLayer(picture: picture, view: view)], with: resampler, (32, 24)) }
            }
            #expect(resampler.pictureCounts == (held: 3, uploaded: 3))
        }
        let another = WorkingPicture.random(40, 30, range: 0...16320, seed: 9)
        _ = try render([FrameLayer(picture: another, view: view)], with: resampler, (32, 24))
        #expect(resampler.pictureCounts == (held: 1, uploaded: 4))
        #expect(log.messages == [])
    }

    /// Over the budget the longest unused goes first; what a frame needs is there whatever the budget says.
    @Test func theBudgetBoundsWhatIsKept() throws {
        let log = ValidationLog()
        let pictures = (0..<4).map { WorkingPicture.random(64, 64, range: 0...16320, seed: $0) }
        let resampler = try software(log) { $0.memoryBudgetBytes = 2 * pictures[0].byteCount + 4096 }
        func show(_ index: Int) throws {
            let layers = [FrameLayer(picture: pictures[index], view: view)]
            let got = try render(layers, with: resampler, (32, 24))
            #expect(try got.samples(0) == render(layers, with: ReferenceResampler(), (32, 24)).samples(0))
        }
        for index in [0, 1, 2, 1, 3, 1] { try show(index) }
        #expect(resampler.pictureCounts == (held: 2, uploaded: 4))
        try show(0)
        #expect(resampler.pictureCounts == (held: 2, uploaded: 5))
        let tight = try software(log) { $0.memoryBudgetBytes = 1 }
        try expectRightFrames(tight)
        #expect(log.messages == [])
    }

    /// Two allocations that fail, from each possible one on: fewer frames in flight, and the right ones. The first four are for
    /// staging and for one frame in the making: without them nothing works.
    @Test(arguments: 4...14)
    func memoryThatRunsOut(limit: Int) throws {
        let log = ValidationLog()
        let count = Mutex(0)
        let resampler = try software(log) { options in
            options.fault = { call in
                guard call == "vkAllocateMemory" else { return nil }
                return count.withLock { count in
                    count += 1
                    return limit < count && count <= limit + 2 ? .outOfDeviceMemory : nil
                }
            }
        }
        try expectRightFrames(resampler)
        #expect(log.messages == [])
    }

    /// Pictures that no frame shows give way to a new queue's frames.
    @Test func queuesGoBeforeUnusedPictures() throws {
        let log = ValidationLog()
        let isFull = Mutex(false)
        let resampler = try software(log) { options in
            options.fault = { call in
                guard call == "vkAllocateMemory" else { return nil }
                return isFull.withLock { isFull in
                    defer { isFull = false }
                    return isFull ? .outOfDeviceMemory : nil
                }
            }
        }
        let picture = WorkingPicture.random(40, 30, range: 0...16320, seed: 1)
        _ = try render([FrameLayer(picture: picture, view: view)], with: resampler, (32, 24))
        #expect(resampler.pictureCounts == (held: 1, uploaded: 1))
        isFull.withLock { $0 = true }
        try expectRightFrames(resampler)
        // The second picture alone, which the next frame will find gone.
        #expect(resampler.pictureCounts == (held: 1, uploaded: 2))
        withExtendedLifetime(picture) {}
        #expect(log.messages == [])
    }

    @Test func noMemoryAtAll() throws {
        for limit in 0..<6 {
            let log = ValidationLog()
            let count = Mutex(0)
            let error = #expect(throws: VulkanError.self) {
                try expectRightFrames(
                    software(log) { options in
                        options.fault = { call in
                            guard call == "vkAllocateMemory" else { return nil }
                            return count.withLock { count in
                                count += 1
                                return count > limit ? .outOfDeviceMemory : nil
                            }
                        }
                    })
            }
            #expect(error?.description == "vkAllocateMemory: out of device memory")
            #expect(log.messages == [])
        }
    }

    // MARK: Failure

    /// Every call that can fail, failing at its first and at later times: a clear error, nothing leaked, nothing freed early.
    @Test(arguments: [
        "vkEnumeratePhysicalDevices", "vkCreateDevice", "vkCreateSemaphore", "vkQueueSubmit", "vkWaitSemaphores",
        "vkCreateBuffer", "vkBindBufferMemory", "vkMapMemory", "vkCreateShaderModule", "vkCreateDescriptorSetLayout",
        "vkCreatePipelineLayout", "vkCreatePipelineCache", "vkCreateComputePipelines", "vkCreateDescriptorPool",
        "vkAllocateDescriptorSets", "vkCreateCommandPool", "vkAllocateCommandBuffers", "vkResetCommandPool",
        "vkBeginCommandBuffer", "vkEndCommandBuffer",
    ])
    func everyCallMayFail(call: String) throws {
        for failing in 1...6 {
            let log = ValidationLog()
            let count = Mutex(0)
            do {
                try expectRightFrames(
                    software(log) { options in
                        options.fault = { name in
                            guard name == call else { return nil }
                            return count.withLock { count in
                                count += 1
                                return count == failing ? .deviceLost : nil
                            }
                        }
                    })
                #expect(count.withLock { $0 } < failing, "a failed call must not pass unnoticed")
            } catch let error as VulkanError {
                #expect(error.description == "\(call): the device was lost")
            }
            #expect(log.messages == [])
        }
    }

    /// A device that goes for good, at any moment: the second backend goes on, and nothing shows but the warning.
    @Test(arguments: 0..<12)
    func theFallbackGoesOn(after calls: Int) throws {
        let log = ValidationLog()
        let count = Mutex(0)
        let gpu = try software(log) { options in
            options.fault = { name in
                guard name == "vkQueueSubmit" || name == "vkWaitSemaphores" else { return nil }
                return count.withLock { count in
                    count += 1
                    return count > calls ? .deviceLost : nil
                }
            }
        }
        let resampler = FallbackResampler(gpu, orElse: CPUResampler()) { "went on after: \($0)" }
        try expectRightFrames(resampler, count: 9)
        #expect(resampler.warnings.count == 1)
        #expect(resampler.warnings.first?.hasSuffix(": the device was lost") == true)
        try expectRightFrames(resampler, count: 3)
        #expect(resampler.warnings.count == 1)
        #expect(log.messages == [])
    }

    /// A device that does not answer any more, at any moment: nobody waits for it again, and nothing is freed that it may use.
    @Test(arguments: [0, 1, 2, 5, 8])
    func aDeviceThatHangs(after waits: Int) throws {
        let log = ValidationLog()
        let count = Mutex(0)
        let gpu = try software(log) { options in
            options.fault = { name in
                guard name == "vkWaitSemaphores" else { return nil }
                return count.withLock { count in
                    count += 1
                    return count > waits ? .timeout : nil
                }
            }
        }
        let resampler = FallbackResampler(gpu, orElse: CPUResampler()) { "went on after: \($0)" }
        try expectRightFrames(resampler, count: 9)
        #expect(resampler.warnings == ["went on after: vkWaitSemaphores: no answer in time"])
        // Also to those who ask it for something else.
        #expect(throws: VulkanError.self) { try expectRightFrames(gpu, count: 1) }
        #expect(count.withLock { $0 } == waits + 1)
        #expect(log.messages == [])
    }

    /// A device that stops answering while something is made on it: what was made before is not freed, as that might never
    /// return.
    @Test(arguments: [
        "vkAllocateMemory", "vkBindBufferMemory", "vkMapMemory", "vkAllocateCommandBuffers", "vkAllocateDescriptorSets",
        "vkCreateComputePipelines",
    ])
    func aDeviceThatHangsIsLeftAlone(at call: String) throws {
        let log = ValidationLog()
        let calls = CountedCalls.count.load(ordering: .relaxed)
        let isSilent = Mutex(false)
        let error = #expect(throws: VulkanError.self) {
            try expectRightFrames(
                software(log) { options in
                    options.fault = { name in
                        guard name == call else { return nil }
                        isSilent.withLock { $0 = true }
                        return .timeout
                    }
                    options.replaceFunction = { name, found in
                        CountedCalls.frees.contains(name) ? CountedCalls.counted : found
                    }
                })
        }
        #expect(error?.description == "\(call): no answer in time" && isSilent.withLock { $0 })
        #expect(CountedCalls.count.load(ordering: .relaxed) == calls)
        #expect(log.messages == [])
    }

    /// A driver without a function that all have: what was made until then is unmade.
    @Test(arguments: ["vkCmdDispatch", "vkGetDeviceProcAddr", "vkEnumeratePhysicalDevices"])
    func aDriverThatLacksSomething(function: String) throws {
        let log = ValidationLog()
        let made = Mutex((instances: 0, destroyed: 0))
        let error = #expect(throws: VulkanError.self) {
            try software(log) { options in
                options.fault = { name in
                    if name == "vkCreateInstance" { made.withLock { $0.instances += 1 } }
                    return nil
                }
                options.replaceFunction = { name, found in
                    if name == "vkDestroyInstance" { made.withLock { $0.destroyed += 1 } }
                    return name == function ? nil : found
                }
            }
        }
        #expect(error?.description.hasPrefix("the Vulkan driver lacks \(function), which every driver of Vulkan 1.2 has") == true)
        // The layers complain of a device that outlives its instance; looked up once to be kept, and again to be called at once.
        #expect(log.messages == [])
        #expect(made.withLock { $0.destroyed } == (function == "vkCmdDispatch" ? 1 : 2))
    }

    /// Memory that the host sees through caches of its own: what it clears is written back before the device writes, and what the
    /// device has written is looked at anew for each frame. Each of these calls may fail.
    @Test func memoryThatIsNotCoherent() throws {
        let cached = ["vkFlushMappedMemoryRanges", "vkInvalidateMappedMemoryRanges"]
        let log = ValidationLog()
        let calls = Mutex<[String]>([])
        let resampler = try software(log) { options in
            options.distrustsCoherence = true
            options.fault = { call in
                if call == "vkQueueSubmit" || cached.contains(call) { calls.withLock { $0.append(call) } }
                return nil
            }
        }
        try expectRightFrames(resampler, count: 5)
        let made = calls.withLock { $0 }
        let buffers = made.count { $0 == cached[0] }
        #expect(buffers >= 1)
        #expect(made.count { $0 == cached[1] } == 5)
        // Three planes are uploaded, then the first frame's memory is cleared, and only then anything is written there.
        #expect(made.firstIndex(of: cached[0]) == 3)
        for call in cached {
            let error = #expect(throws: VulkanError.self) {
                try expectRightFrames(
                    software(log) { options in
                        options.distrustsCoherence = true
                        options.fault = { $0 == call ? .outOfHostMemory : nil }
                    })
            }
            #expect(error?.description == "\(call): out of host memory")
        }
        #expect(log.messages == [])
    }

    // MARK: Environment and choice

    @Test func noLoader() {
        var options = VulkanOptions()
        options.libraryNames = ["libvulkan-that-is-not-there.so.1"]
        let error = #expect(throws: VulkanError.self) { try VulkanInstance(options: options) }
        #expect(error?.description.hasPrefix("there is no Vulkan loader (libvulkan-that-is-not-there.so.1)") == true)
    }

    @Test func aLibraryThatIsNoLoader() {
        var options = VulkanOptions()
        options.libraryNames = ["libc.so.6"]
        #expect(throws: VulkanError.self) { try VulkanInstance(options: options) }
    }

    @Test func noDriver() {
        var options = VulkanOptions()
        options.fault = { $0 == "vkCreateInstance" ? .incompatibleDriver : nil }
        let error = #expect(throws: VulkanError.self) { try VulkanInstance(options: options) }
        #expect(error?.description.hasPrefix("there is no Vulkan driver") == true)
    }

    /// Drivers without a device: the loader calls that a failure.
    @Test func noDevice() throws {
        var options = VulkanOptions()
        options.fault = { $0 == "vkEnumeratePhysicalDevices" ? .initializationFailed : nil }
        let instance = try VulkanInstance(options: options)
        #expect(try instance.devices().isEmpty)
        let error = #expect(throws: VulkanError.self) { try instance.device(nil) }
        #expect(error?.description == "Vulkan finds no device")
    }

    /// What an earlier process compiled is taken as it was, and not at all where a bit has turned.
    @Test func compiledShadersAreChecked() throws {
        let device = try #require(VulkanBackends.devices.first)
        let data = try #require(try VulkanResampler(device).pipelineCacheData)
        #expect(device.accepts(pipelineCacheData: data))
        for position in [0, 7, 8, 12, 16, 20, 24, 39, data.count / 2, data.count - 1] where position < data.count {
            var damaged = data
            damaged[position] ^= 0x10
            #expect(!device.accepts(pipelineCacheData: damaged), "bit at \(position)")
        }
        for count in [0, 1, 8, 20, data.count - 1] { #expect(!device.accepts(pipelineCacheData: Array(data.prefix(count)))) }
        try expectRightFrames(try VulkanResampler(device, cachedPipelines: data), count: 1)
        try expectRightFrames(try VulkanResampler(device, cachedPipelines: [UInt8](repeating: 7, count: 100)), count: 1)
        #expect(VulkanBackends.validationMessages == [])
    }
}
#endif
