import CVulkan

/// A buffer and the memory it lies in.
///
/// One owner, which sees to it that the device is done with it before it goes.
struct DeviceBuffer: ~Copyable, @unchecked Sendable {  // only its owner uses the mapped bytes
    let handle: VkBuffer
    let byteCount: Int
    /// Where the host sees it, for as long as it lives: `nil` for the device's own memory.
    let bytes: UnsafeMutableRawPointer?
    private let device: VulkanDevice
    private let memory: VkDeviceMemory
    private let isCoherent: Bool

    /// - Parameters:
    ///   - flags: `VkBufferUsageFlagBits`.
    ///   - families: queue families that use it, each once.
    init(
        _ device: VulkanDevice, byteCount: Int, flags: [VkBufferUsageFlagBits], for use: MemoryUse, families: [UInt32]
    ) throws(VulkanError) {
        guard byteCount <= device.limits.memoryAllocation else {
            let most = device.limits.memoryAllocation >> 20
            throw .limit("\(device.name) gives at most \(most) MiB at once, and a buffer of \(byteCount >> 20) MiB is needed")
        }
        let functions = device.functions
        let buffer = try Self.create(device, byteCount, flags, families)
        var memory: VkDeviceMemory?
        do throws(VulkanError) {
            var requirements = VkMemoryRequirements()
            functions.vkGetBufferMemoryRequirements(device.handle, buffer, &requirements)
            guard let index = device.memory.index(for: use, allowed: requirements.memoryTypeBits) else {
                throw .environment("\(device.name) has no memory that fits a buffer's use; its driver may be broken")
            }
            var info = VkMemoryAllocateInfo()
            info.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO
            info.allocationSize = requirements.size
            info.memoryTypeIndex = UInt32(index)
            let allocated = try device.create("vkAllocateMemory") { functions.vkAllocateMemory(device.handle, &info, nil, &$0) }
            memory = allocated
            try device.call("vkBindBufferMemory") { functions.vkBindBufferMemory(device.handle, buffer, allocated, 0) }
            var bytes: UnsafeMutableRawPointer?
            if use != .device {
                try device.call("vkMapMemory") {
                    functions.vkMapMemory(device.handle, allocated, 0, VkDeviceSize.max, 0, &bytes)
                }
            }
            self.handle = buffer
            self.byteCount = byteCount
            self.bytes = bytes
            self.device = device
            self.memory = allocated
            isCoherent = device.memory.kinds[index].isCoherent && !device.physical.instance.options.distrustsCoherence
        } catch {
            device.free { functions, device in
                functions.vkDestroyBuffer(device, buffer, nil)
                if let memory { functions.vkFreeMemory(device, memory, nil) }
            }
            throw error
        }
    }

    deinit {
        device.free { functions, device in
            functions.vkDestroyBuffer(device, handle, nil)
            functions.vkFreeMemory(device, memory, nil)
        }
    }

    private static func create(
        _ device: VulkanDevice, _ byteCount: Int, _ flags: [VkBufferUsageFlagBits], _ families: [UInt32]
    ) throws(VulkanError) -> VkBuffer {
        try families.withUnsafeBufferPointer { (families) throws(VulkanError) in
            var info = VkBufferCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO
            info.size = VkDeviceSize(byteCount)
            info.usage = flags.reduce(0) { $0 | $1.rawValue }
            info.sharingMode = families.count > 1 ? VK_SHARING_MODE_CONCURRENT : VK_SHARING_MODE_EXCLUSIVE
            info.queueFamilyIndexCount = UInt32(families.count)
            info.pQueueFamilyIndices = families.baseAddress
            return try device.create("vkCreateBuffer") { device.functions.vkCreateBuffer(device.handle, &info, nil, &$0) }
        }
    }

    /// Makes what the host wrote visible to the device, and keeps the host's caches from writing it later, over what the device
    /// has written.
    func flush() throws(VulkanError) {
        if isCoherent { return }
        var range = wholeRange
        try device.call("vkFlushMappedMemoryRanges") { device.functions.vkFlushMappedMemoryRanges(device.handle, 1, &range) }
    }

    /// Makes what the device wrote visible to the host.
    func refresh() throws(VulkanError) {
        if isCoherent { return }
        var range = wholeRange
        try device.call("vkInvalidateMappedMemoryRanges") {
            device.functions.vkInvalidateMappedMemoryRanges(device.handle, 1, &range)
        }
    }

    private var wholeRange: VkMappedMemoryRange {
        var range = VkMappedMemoryRange()
        range.sType = VK_STRUCTURE_TYPE_MAPPED_MEMORY_RANGE
        range.memory = memory
        range.size = VkDeviceSize.max
        return range
    }
}
