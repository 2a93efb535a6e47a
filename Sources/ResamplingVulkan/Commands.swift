import CVulkan

/// One command buffer, recorded again and again.
struct Commands: ~Copyable {
    let buffer: VkCommandBuffer
    private let device: VulkanDevice
    private let pool: VkCommandPool

    init(_ device: VulkanDevice, family: UInt32) throws(VulkanError) {
        var info = VkCommandPoolCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO
        info.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT.rawValue
        info.queueFamilyIndex = family
        let pool: VkCommandPool = try device.create("vkCreateCommandPool") {
            device.functions.vkCreateCommandPool(device.handle, &info, nil, &$0)
        }
        do throws(VulkanError) {
            var info = VkCommandBufferAllocateInfo()
            info.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO
            info.commandPool = pool
            info.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY
            info.commandBufferCount = 1
            buffer = try device.create("vkAllocateCommandBuffers") {
                device.functions.vkAllocateCommandBuffers(device.handle, &info, &$0)
            }
        } catch {
            device.free { $0.vkDestroyCommandPool($1, pool, nil) }
            throw error
        }
        self.device = device
        self.pool = pool
    }

    deinit { device.free { $0.vkDestroyCommandPool($1, pool, nil) } }

    /// Records anew; the commands recorded before must be done.
    func record(_ body: (DeviceFunctions, VkCommandBuffer) throws(VulkanError) -> Void) throws(VulkanError) {
        try device.call("vkResetCommandPool") { device.functions.vkResetCommandPool(device.handle, pool, 0) }
        var info = VkCommandBufferBeginInfo()
        info.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO
        info.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT.rawValue
        try device.call("vkBeginCommandBuffer") { device.functions.vkBeginCommandBuffer(buffer, &info) }
        try body(device.functions, buffer)
        try device.call("vkEndCommandBuffer") { device.functions.vkEndCommandBuffer(buffer) }
    }
}
