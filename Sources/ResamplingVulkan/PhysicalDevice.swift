import CVulkan

/// One of the machine's devices, not yet opened.
public struct PhysicalDevice: @unchecked Sendable {  // a physical device's handle may be used on any thread
    public let description: DeviceDescription
    let handle: VkPhysicalDevice
    /// Holds the instance that the handle belongs to.
    let instance: VulkanInstance

    static let memoryBudgetExtension: StaticString = "VK_EXT_memory_budget"

    init(_ handle: VkPhysicalDevice, number: Int, of instance: VulkanInstance) {
        self.handle = handle
        self.instance = instance
        var properties = VkPhysicalDeviceProperties()
        instance.functions.vkGetPhysicalDeviceProperties(handle, &properties)
        let version = properties.apiVersion
        let isModern = version >= burns_vk_api_version_1_2
        let (driver, maximumAllocation) = isModern ? Self.driver(handle, instance) : ("unknown driver", 1 << 30)
        let limits = properties.limits
        let workgroups = limits.maxComputeWorkGroupCount
        let deviceLimits = DeviceLimits(
            storageBufferRange: Int(limits.maxStorageBufferRange), memoryAllocation: maximumAllocation,
            sharedMemory: Int(limits.maxComputeSharedMemorySize),
            workgroupInvocations: Int(limits.maxComputeWorkGroupInvocations),
            workgroupCount: Int(min(workgroups.0, workgroups.1)), pushConstants: Int(limits.maxPushConstantsSize),
            storageBuffers: Int(limits.maxPerStageDescriptorStorageBuffers),
            storageBufferAlignment: Int(limits.minStorageBufferOffsetAlignment),
            timestampNanoseconds: Double(limits.timestampPeriod))
        var description = DeviceDescription(
            number: number, name: withUnsafeBytes(of: &properties.deviceName, Self.text), kind: Self.kind(properties.deviceType),
            driver: driver, version: (Int(burns_vk_version_major(version)), Int(burns_vk_version_minor(version))),
            memoryBytes: Self.memory(handle, instance).heaps.filter(\.isLocal).map(\.byteCount).max() ?? 0, limits: deviceLimits,
            hasTimelineSemaphores: isModern && Self.hasTimelineSemaphores(handle, instance),
            reportsMemoryBudget: Self.extensions(handle, instance).contains("\(Self.memoryBudgetExtension)"),
            queueFamilies: Self.queueFamilies(handle, instance))
        instance.options.adjustDescription?(&description)
        self.description = description
    }

    /// What there is of memory, and what of it this process may have.
    public var heaps: [MemoryHeap] {
        let heaps = Self.memory(handle, instance).heaps.map { MemoryHeap(byteCount: $0.byteCount, isLocal: $0.isLocal) }
        guard description.reportsMemoryBudget else { return heaps }
        var budget = VkPhysicalDeviceMemoryBudgetPropertiesEXT()
        budget.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT
        withUnsafeMutablePointer(to: &budget) { budget in
            var properties = VkPhysicalDeviceMemoryProperties2()
            properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2
            properties.pNext = UnsafeMutableRawPointer(budget)
            instance.functions.vkGetPhysicalDeviceMemoryProperties2(handle, &properties)
        }
        return withUnsafeBytes(of: &budget.heapBudget) { budgets in
            withUnsafeBytes(of: &budget.heapUsage) { usages in
                let budgets = budgets.bindMemory(to: VkDeviceSize.self)
                let usages = usages.bindMemory(to: VkDeviceSize.self)
                return heaps.enumerated().map { index, heap in
                    MemoryHeap(
                        byteCount: heap.byteCount, isLocal: heap.isLocal, budgetBytes: Int(clamping: budgets[index]),
                        usedBytes: Int(clamping: usages[index]))
                }
            }
        }
    }

    /// Of the device and its driver: compiled shaders of one are of no use to another.
    public var pipelineCacheID: String {
        var properties = VkPhysicalDeviceProperties()
        instance.functions.vkGetPhysicalDeviceProperties(handle, &properties)
        return withUnsafeBytes(of: &properties.pipelineCacheUUID) { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// Whether an earlier process's compiled shaders are whole and of this device and driver.
    package func accepts(pipelineCacheData data: [UInt8]) -> Bool { PipelineCacheData.opened(data, for: self) != nil }

    private static func kind(_ type: VkPhysicalDeviceType) -> DeviceDescription.Kind {
        switch type {
        case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: .discrete
        case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: .integrated
        case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: .virtual
        case VK_PHYSICAL_DEVICE_TYPE_CPU: .software
        default: .other
        }
    }

    /// A C string in an array of fixed length.
    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func driver(_ device: VkPhysicalDevice, _ instance: VulkanInstance) -> (String, maximumAllocation: Int) {
        var driver = VkPhysicalDeviceDriverProperties()
        driver.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES
        var maintenance = VkPhysicalDeviceMaintenance3Properties()
        maintenance.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES
        withUnsafeMutablePointer(to: &driver) { driver in
            withUnsafeMutablePointer(to: &maintenance) { maintenance in
                maintenance.pointee.pNext = UnsafeMutableRawPointer(driver)
                var properties = VkPhysicalDeviceProperties2()
                properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2
                properties.pNext = UnsafeMutableRawPointer(maintenance)
                instance.functions.vkGetPhysicalDeviceProperties2(device, &properties)
            }
        }
        let name = withUnsafeBytes(of: &driver.driverName, text)
        let info = withUnsafeBytes(of: &driver.driverInfo, text)
        return (info.isEmpty ? name : "\(name) \(info)", Int(clamping: maintenance.maxMemoryAllocationSize))
    }

    private static func hasTimelineSemaphores(_ device: VkPhysicalDevice, _ instance: VulkanInstance) -> Bool {
        var timeline = VkPhysicalDeviceTimelineSemaphoreFeatures()
        timeline.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_TIMELINE_SEMAPHORE_FEATURES
        withUnsafeMutablePointer(to: &timeline) { timeline in
            var features = VkPhysicalDeviceFeatures2()
            features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2
            features.pNext = UnsafeMutableRawPointer(timeline)
            instance.functions.vkGetPhysicalDeviceFeatures2(device, &features)
        }
        return timeline.timelineSemaphore != 0
    }

    /// What there is of memory.
    private static func memory(_ device: VkPhysicalDevice, _ instance: VulkanInstance) -> MemoryTypes {
        var properties = VkPhysicalDeviceMemoryProperties2()
        properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2
        instance.functions.vkGetPhysicalDeviceMemoryProperties2(device, &properties)
        return MemoryTypes(properties.memoryProperties)
    }

    private static func queueFamilies(
        _ device: VkPhysicalDevice, _ instance: VulkanInstance
    ) -> [QueueFamily] {
        var count: UInt32 = 0
        instance.functions.vkGetPhysicalDeviceQueueFamilyProperties(device, &count, nil)
        var families = [VkQueueFamilyProperties](repeating: VkQueueFamilyProperties(), count: Int(count))
        instance.functions.vkGetPhysicalDeviceQueueFamilyProperties(device, &count, &families)
        return families.prefix(Int(count)).map { family in
            func has(_ bit: VkQueueFlagBits) -> Bool { family.queueCount > 0 && family.queueFlags & bit.rawValue != 0 }
            let copying = VK_QUEUE_TRANSFER_BIT.rawValue | VK_QUEUE_SPARSE_BINDING_BIT.rawValue | VK_QUEUE_PROTECTED_BIT.rawValue
            return QueueFamily(
                computes: has(VK_QUEUE_COMPUTE_BIT), draws: has(VK_QUEUE_GRAPHICS_BIT),
                isCopyEngine: has(VK_QUEUE_TRANSFER_BIT) && family.queueFlags & ~copying == 0,
                queueCount: Int(family.queueCount), timestampBits: Int(family.timestampValidBits))
        }
    }

    private static func extensions(_ device: VkPhysicalDevice, _ instance: VulkanInstance) -> Set<String> {
        var count: UInt32 = 0
        _ = instance.functions.vkEnumerateDeviceExtensionProperties(device, nil, &count, nil)
        var extensions = [VkExtensionProperties](repeating: VkExtensionProperties(), count: Int(count))
        // What cannot be listed is not used.
        _ = instance.functions.vkEnumerateDeviceExtensionProperties(device, nil, &count, &extensions)
        return Set(extensions.prefix(Int(count)).map { one in withUnsafeBytes(of: one.extensionName, text) })
    }
}
