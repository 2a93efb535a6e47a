import Rendering
import Resampling
#if Vulkan
import ResamplingVulkan
#endif

/// A GPU that is measured.
struct DeviceUnderTest {
    let facts: DeviceFacts
    let contestant: Contestant
    #if Vulkan
    let resampler: VulkanResampler

    private init(_ device: PhysicalDevice) throws {
        let description = device.description
        resampler = try VulkanResampler(device)
        let isSoftware = description.kind == .software
        facts = DeviceFacts(
            number: description.number, name: description.name, kind: description.kind.description, driver: description.driver,
            memoryBytes: description.memoryBytes, isSoftware: isSoftware)
        contestant = Contestant(
            name: description.name, resampler: resampler, deviceNumber: description.number, isSoftware: isSoftware)
    }
    #endif

    /// The device that was asked for, or all that can be used: software drivers only where there is nothing else.
    ///
    /// - Parameter note: is told what is left out, and why.
    /// - Throws: where a device, or Vulkan at all, was asked for and there is none.
    static func all(_ request: BackendRequest, named name: String?, note: (String) -> Void) throws -> [DeviceUnderTest] {
        if request == .cpu { return [] }
        #if Vulkan
        do {
            let instance = try VulkanInstance()
            if let name { return [try DeviceUnderTest(instance.device(DeviceSelector(parsing: name)))] }
            let devices = try instance.devices()
            var usable: [DeviceUnderTest] = []
            let gpus = devices.filter { $0.description.kind != .software }
            for device in gpus {
                do {
                    if let shortcoming = device.description.shortcoming { throw RenderError(shortcoming) }
                    usable.append(try DeviceUnderTest(device))
                } catch {
                    note("\(device.description.name) is left out: \(error)")
                }
            }
            if request == .vulkan && usable.isEmpty { return [try DeviceUnderTest(instance.device(nil))] }
            let software = devices.first { $0.description.shortcoming == nil && $0.description.kind == .software }
            if usable.isEmpty, let software { usable = [try DeviceUnderTest(software)] }
            if usable.isEmpty { note("no GPU is measured: Vulkan finds none that can be used") }
            return usable
        } catch {
            guard request == .auto && name == nil else {
                throw RenderError("\(error); --backend cpu measures the CPU alone", underlying: error)
            }
            note("no GPU is measured: \(error)")
            return []
        }
        #else
        guard request == .auto && name == nil else {
            throw RenderError("this build of burns has no Vulkan backend; --backend cpu measures the CPU alone")
        }
        note("no GPU is measured: this build of burns has no Vulkan backend")
        return []
        #endif
    }
}
