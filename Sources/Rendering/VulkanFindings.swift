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
            let devices = try instance.devices().map(\.description)
            return [choice(instance)] + devices.map(describe)
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

    private static func describe(_ device: DeviceDescription) -> Finding {
        let limits = device.limits
        var text = "\(device.name): \(device.kind), \(device.driver), Vulkan \(device.version.major).\(device.version.minor), "
            + "\(device.memoryBytes >> 20) MiB of memory, \(limits.memoryAllocation >> 20) MiB at most in one piece and "
            + "\(limits.storageBufferRange >> 20) MiB in one binding"
        if let shortcoming = device.shortcoming {
            text += "; cannot be used: \(shortcoming)"
        } else if device.kind == .software {
            text += "; used only where --device \(device.number) asks for it"
        }
        return Finding(
            topic: "Vulkan device \(device.number)", state: device.shortcoming == nil ? .works : .absent, text: text)
    }
    #else
    static func all() -> [Finding] {
        [Finding(topic: "Vulkan", state: .absent, text: "not in this build; frames are made on the CPU")]
    }
    #endif
}
