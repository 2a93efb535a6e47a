import CVulkan
import Synchronization

/// What buffers take of a device's own memory, and how much more they may take.
final class MemoryBudget: Sendable {
    private let device: VulkanDevice
    private let limitBytes: Int?
    private let usedBytes = Mutex(0)

    /// Without a driver that tells, so much of the heap: other programs and the driver need some.
    private static let share = 0.8

    init(_ device: VulkanDevice, limitBytes: Int?) {
        self.device = device
        self.limitBytes = limitBytes
    }

    func add(_ byteCount: Int) { usedBytes.withLock { $0 += byteCount } }

    /// Bytes that may still be allocated. Other programs may be faster, so an allocation can fail all the same.
    var roomBytes: Int {
        let used = usedBytes.withLock { $0 }
        let own = (limitBytes ?? .max) - used
        guard device.physical.description.reportsMemoryBudget else {
            return min(own, Int(Double(device.physical.description.memoryBytes) * Self.share) - used)
        }
        return min(own, driversRoomBytes)
    }

    /// What the driver says is left of the largest heap of the device's own, other programs' use taken off.
    private var driversRoomBytes: Int {
        var budget = VkPhysicalDeviceMemoryBudgetPropertiesEXT()
        budget.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT
        withUnsafeMutablePointer(to: &budget) { budget in
            var properties = VkPhysicalDeviceMemoryProperties2()
            properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2
            properties.pNext = UnsafeMutableRawPointer(budget)
            device.physical.instance.functions.vkGetPhysicalDeviceMemoryProperties2(device.physical.handle, &properties)
        }
        let heaps = device.memory.heaps
        guard let heap = heaps.indices.filter({ heaps[$0].isLocal }).max(by: { heaps[$0].byteCount < heaps[$1].byteCount }) else {
            return 0
        }
        return withUnsafeBytes(of: &budget.heapBudget) { budgets in
            withUnsafeBytes(of: &budget.heapUsage) { usages in
                let budgets = budgets.bindMemory(to: VkDeviceSize.self)
                let usages = usages.bindMemory(to: VkDeviceSize.self)
                return Int(clamping: budgets[heap]) - Int(clamping: usages[heap])
            }
        }
    }
}
