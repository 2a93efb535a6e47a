import Library

#if Vulkan
import ResamplingVulkan
#endif

/// What `burns doctor` says of the GPUs.
package enum VulkanFindings {
    #if Vulkan
    /// What would be taken, then each device.
    package static func all(_ options: VulkanOptions = VulkanOptions()) -> [Finding] {
        do {
            let instance = try VulkanInstance(options: options)
            let devices = try instance.devices()
            let obstacles = devices.map(obstacle)
            return [choice(instance, obstacles)] + zip(devices, obstacles).map { describe($0, $1) }
        } catch {
            return [Finding(topic: "Vulkan", state: .absent, text: "\(error); frames are made on the CPU")]
        }
    }

    /// Why a device cannot be used; it is opened, because only that tells whether its driver works.
    private static func obstacle(_ physical: PhysicalDevice) -> String? {
        if let shortcoming = physical.description.shortcoming { return shortcoming }
        do {
            _ = try VulkanResampler(physical)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func choice(_ instance: VulkanInstance, _ obstacles: [String?]) -> Finding {
        do {
            let best = try instance.device(nil).description
            if let obstacle = obstacles[best.number] { throw RenderError("\(best.name) cannot be used: \(obstacle)") }
            return Finding(topic: "Vulkan", state: .works, text: "\(best.name) is used unless something else is asked for")
        } catch {
            return Finding(topic: "Vulkan", state: .absent, text: "\(error); frames are made on the CPU")
        }
    }

    private static func describe(_ physical: PhysicalDevice, _ obstacle: String?) -> Finding {
        let device = physical.description
        let limits = device.limits
        // What is wrong comes first: the rest is long.
        var fitness = obstacle.map { "cannot be used: \($0); " } ?? ""
        if fitness.isEmpty && device.kind == .software { fitness = "used only where --device \(device.number) asks for it; " }
        let heaps = physical.heaps.map(describe).joined(separator: ", ")
        let version = "\(device.version.major).\(device.version.minor)"
        let text = "\(device.name): \(fitness)\(device.kind), \(device.driver), Vulkan \(version); memory: \(heaps); "
            + "at most \(limits.memoryAllocation >> 20) MiB in one piece, \(limits.storageBufferRange >> 20) MiB in one binding, "
            + "\(limits.workgroupInvocations) invocations in a workgroup with \(limits.sharedMemory >> 10) KiB in common"
        return Finding(topic: "Vulkan device \(device.number)", state: obstacle == nil ? .works : .absent, text: text)
    }

    /// "24564 MiB of its own (23800 MiB free)".
    private static func describe(_ heap: MemoryHeap) -> String {
        let free = heap.budgetBytes.map { " (\(max(0, $0 - (heap.usedBytes ?? 0)) >> 20) MiB free)" } ?? ""
        return "\(heap.byteCount >> 20) MiB of \(heap.isLocal ? "its own" : "the host's")\(free)"
    }
    #else
    package static func all() -> [Finding] {
        [Finding(topic: "Vulkan", state: .absent, text: "not in this build; frames are made on the CPU")]
    }
    #endif
}
