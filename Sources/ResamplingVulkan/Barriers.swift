import CVulkan

/// One side of a memory barrier.
struct BarrierSide {
    var stage: VkPipelineStageFlagBits
    var access: VkAccessFlagBits

    static let copyWrite = BarrierSide(stage: VK_PIPELINE_STAGE_TRANSFER_BIT, access: VK_ACCESS_TRANSFER_WRITE_BIT)
    static let shaderRead = BarrierSide(stage: VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, access: VK_ACCESS_SHADER_READ_BIT)
    static let hostRead = BarrierSide(stage: VK_PIPELINE_STAGE_HOST_BIT, access: VK_ACCESS_HOST_READ_BIT)
}

extension DeviceFunctions {
    /// What `before` did is done and seen before `after` begins.
    func barrier(_ commands: VkCommandBuffer, _ before: BarrierSide, _ after: BarrierSide) {
        var barrier = VkMemoryBarrier()
        barrier.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER
        barrier.srcAccessMask = before.access.rawValue
        barrier.dstAccessMask = after.access.rawValue
        vkCmdPipelineBarrier(commands, before.stage.rawValue, after.stage.rawValue, 0, 1, &barrier, 0, nil, 0, nil)
    }
}
