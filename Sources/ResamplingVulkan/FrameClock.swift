import CVulkan

/// Tells how long the shaders of a frame ran, by the device's own clock. One frame at a time.
final class FrameClock: @unchecked Sendable {  // belongs to one thread at a time
    private let device: VulkanDevice
    private let pool: VkQueryPool
    private let nanosecondsPerTick: Double
    /// The bits of a reading that mean something.
    private let mask: UInt64

    /// - Returns: `nil` where the queue's family has no clock.
    init?(_ queue: DeviceQueue) throws(VulkanError) {
        let description = queue.device.physical.description
        let bits = description.queueFamilies[Int(queue.family)].timestampBits
        guard bits > 0, description.limits.timestampNanoseconds > 0 else { return nil }
        device = queue.device
        nanosecondsPerTick = description.limits.timestampNanoseconds
        mask = bits >= 64 ? .max : 1 << UInt64(bits) - 1
        var info = VkQueryPoolCreateInfo()
        info.sType = VK_STRUCTURE_TYPE_QUERY_POOL_CREATE_INFO
        info.queryType = VK_QUERY_TYPE_TIMESTAMP
        info.queryCount = 2
        let device = queue.device
        pool = try device.create("vkCreateQueryPool") { device.functions.vkCreateQueryPool(device.handle, &info, nil, &$0) }
    }

    deinit { device.free { $0.vkDestroyQueryPool($1, pool, nil) } }

    /// When everything recorded before is done.
    func start(_ commands: VkCommandBuffer) {
        device.functions.vkCmdResetQueryPool(commands, pool, 0, 2)
        device.functions.vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, pool, 0)
    }

    /// When the shaders are done.
    func stop(_ commands: VkCommandBuffer) {
        device.functions.vkCmdWriteTimestamp(commands, VK_PIPELINE_STAGE_BOTTOM_OF_PIPE_BIT, pool, 1)
    }

    /// Of the frame that was finished last.
    func seconds() throws(VulkanError) -> Double {
        var ticks: [UInt64] = [0, 0]
        try device.call("vkGetQueryPoolResults") {
            device.functions.vkGetQueryPoolResults(
                device.handle, pool, 0, 2, 16, &ticks, 8, VK_QUERY_RESULT_64_BIT.rawValue | VK_QUERY_RESULT_WAIT_BIT.rawValue)
        }
        return Double((ticks[1] &- ticks[0]) & mask) * nanosecondsPerTick * 1e-9
    }
}
