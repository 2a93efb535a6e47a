import Resampling
#if Vulkan
import ResamplingVulkan
#endif

/// The Vulkan devices of this machine that can be used, with the validation layers listening. Tests install a software driver, so
/// that there always is one; a GPU joins by being there.
enum VulkanBackends {
    #if Vulkan
    static let log = ValidationLog()

    static let devices: [PhysicalDevice] = {
        do {
            var options = VulkanOptions()
            options.validation = log
            return try VulkanInstance(options: options).devices().filter { $0.description.shortcoming == nil }
        } catch {
            print("no Vulkan backend: \(error)")
            return []
        }
    }()

    static let resamplers: [any Resampler] = devices.compactMap { device in
        do {
            return try VulkanResampler(device)
        } catch {
            print("no Vulkan backend on \(device.description.name): \(error)")
            return nil
        }
    }

    static var hasGPU: Bool { devices.contains { $0.description.kind != .software } }

    static var validationMessages: [String] { log.messages }
    #else
    static let resamplers: [any Resampler] = []
    static let validationMessages: [String] = []
    #endif
}
