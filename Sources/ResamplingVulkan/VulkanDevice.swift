import CVulkan
import Synchronization

/// An open device. Everything made of it holds it, so it goes last.
final class VulkanDevice: @unchecked Sendable {  // immutable; queues are used by `DeviceQueue` alone
    let physical: PhysicalDevice
    let handle: VkDevice
    let functions: DeviceFunctions
    let memory: MemoryTypes
    let places: QueuePlaces
    /// Held while work is submitted, to whichever queue: several timelines may share one.
    let submitting = Mutex(())
    private let isSilent = Atomic(false)

    /// Whether it has not answered in time.
    var hangs: Bool { isSilent.load(ordering: .acquiring) }
    var limits: DeviceLimits { physical.description.limits }
    var name: String { physical.description.name }

    init(_ physical: PhysicalDevice) throws(VulkanError) {
        let description = physical.description
        if let shortcoming = description.shortcoming { throw .choice("\(description.name) cannot be used: \(shortcoming)") }
        guard let places = description.queuePlaces else {
            throw .choice("\(description.name) cannot be used: it cannot compute")
        }
        self.physical = physical
        self.places = places
        let instance = physical.instance
        let created = try Self.create(physical, queueCounts: places.queueCounts)
        handle = created
        let find = FunctionLookup(replace: instance.options.replaceFunction) {
            instance.functions.vkGetDeviceProcAddr(created, $0)
        }
        do throws(VulkanError) {
            functions = try DeviceFunctions(find)
        } catch {
            // What was never whole has no end of its own.
            if let vkDestroyDevice: PFN_vkDestroyDevice = try? find("vkDestroyDevice") { vkDestroyDevice(created, nil) }
            throw error
        }
        var properties = VkPhysicalDeviceMemoryProperties2()
        properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2
        instance.functions.vkGetPhysicalDeviceMemoryProperties2(physical.handle, &properties)
        memory = MemoryTypes(properties.memoryProperties)
    }

    deinit { functions.vkDestroyDevice(handle, nil) }

    private static func create(_ physical: PhysicalDevice, queueCounts: [Int: Int]) throws(VulkanError) -> VkDevice {
        var timeline = VkPhysicalDeviceTimelineSemaphoreFeatures()
        timeline.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_TIMELINE_SEMAPHORE_FEATURES
        timeline.timelineSemaphore = VK_TRUE
        let extensions = physical.description.reportsMemoryBudget ? [PhysicalDevice.memoryBudgetExtension] : []
        var device: VkDevice?
        let priorities = [Float](repeating: 1, count: queueCounts.values.max() ?? 0)
        try withUnsafeMutablePointer(to: &timeline) { (timeline) throws(VulkanError) in
            try priorities.withUnsafeBufferPointer { (priorities) throws(VulkanError) in
                let queues = queueCounts.map { family, count in
                    var queue = VkDeviceQueueCreateInfo()
                    queue.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO
                    queue.queueFamilyIndex = UInt32(family)
                    queue.queueCount = UInt32(count)
                    queue.pQueuePriorities = priorities.baseAddress
                    return queue
                }
                try queues.withUnsafeBufferPointer { (queues) throws(VulkanError) in
                    try withNames(extensions) { (extensions, extensionCount) throws(VulkanError) in
                        var info = VkDeviceCreateInfo()
                        info.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO
                        info.pNext = UnsafeRawPointer(timeline)
                        info.queueCreateInfoCount = UInt32(queues.count)
                        info.pQueueCreateInfos = queues.baseAddress
                        info.enabledExtensionCount = extensionCount
                        info.ppEnabledExtensionNames = extensions
                        try physical.instance.call("vkCreateDevice") {
                            physical.instance.functions.vkCreateDevice(physical.handle, &info, nil, &device)
                        }
                    }
                }
            }
        }
        guard let device else { throw .call("vkCreateDevice", .initializationFailed) }
        return device
    }

    /// Takes the device for one that hangs: nothing is asked of it any more, and nothing of it freed, as both might never return.
    func giveUp() {
        guard !isSilent.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // Nor is it closed, nor the instance that it belongs to.
        _ = Unmanaged.passRetained(self)
        HungDevice.seesToTheExit
    }

    /// Frees objects of the device.
    func free(_ body: (DeviceFunctions, VkDevice) -> Void) {
        if !hangs { body(functions, handle) }
    }

    /// Makes a call and throws what it returns, unless that is success.
    func call(_ name: StaticString, allowing allowed: VulkanResult = .success, _ body: () -> VkResult) throws(VulkanError) {
        if hangs { throw .call(name, .timeout) }
        let result = physical.instance.result(of: name, body)
        if result == .timeout { giveUp() }
        if result != .success && result != allowed { throw .call(name, result) }
    }

    /// Makes a call that gives an object.
    func create<T>(_ name: StaticString, _ body: (inout T?) -> VkResult) throws(VulkanError) -> T {
        var object: T?
        try call(name) { body(&object) }
        guard let object else { throw .call(name, .initializationFailed) }
        return object
    }
}
