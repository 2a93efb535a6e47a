import Library

#if Vulkan
import ResamplingVulkan
#endif

/// What `burns doctor` says of the GPUs.
enum VulkanFindings {
    #if Vulkan
    /// What would be taken, then each device.
    static func all() -> [Finding] {
        do {
            let instance = try VulkanInstance()
            return [choice(instance)] + (try instance.devices().map(describe))
        } catch {
            return [Finding(topic: "Vulkan", state: .absent, text: "\(error); frames are made on the CPU")]
        }
    }

    private static func choice(_ instance: VulkanInstance) -> Finding {
        do {
            let best = try instance.device(nil)
            // Opened, because only that tells whether its driver works.
            _ = try VulkanResampler(best)
            let text = "\(best.description.name) is used unless something else is asked for"
            return Finding(topic: "Vulkan", state: .works, text: text)
        } catch {
            return Finding(topic: "Vulkan", state: .absent, text: "\(error); frames are made on the CPU")
        }
    }

    private static func describe(_ physical: PhysicalDevice) -> Finding {
        let device = physical.description
        let limits = device.limits
        // What is wrong comes first: the rest is long.
        var fitness = device.shortcoming.map { "cannot be used: \($0); " } ?? ""
        if fitness.isEmpty && device.kind == .software { fitness = "used only where --device \(device.number) asks for it; " }
        let heaps = physical.heaps.map(describe).joined(separator: ", ")
        let version = "\(device.version.major).\(device.version.minor)"
        let text = "\(device.name): \(fitness)\(device.kind), \(device.driver), Vulkan \(version); memory: \(heaps); "
            + "at most \(limits.memoryAllocation >> 20) MiB in one piece, \(limits.storageBufferRange >> 20) MiB in one binding, "
            + "\(limits.workgroupInvocations) invocations in a workgroup with \(limits.sharedMemory >> 10) KiB in common"
        return Finding(
            topic: "Vulkan device \(device.number)", state: device.shortcoming == nil ? .works : .absent, text: text)
    }

    /// "24564 MiB of its own (23800 MiB free)".
    private static func describe(_ heap: MemoryHeap) -> String {
        let free = heap.budgetBytes.map { " (\(max(0, $0 - (heap.usedBytes ?? 0)) >> 20) MiB free)" } ?? ""
        return "\(heap.byteCount >> 20) MiB of \(heap.isLocal ? "its own" : "the host's")\(free)"
    }
    #else
    static func all() -> [Finding] {
        [Finding(topic: "Vulkan", state: .absent, text: "not in this build; frames are made on the CPU")]
    }
    #endif
}
