import CVulkan

/// The functions of a device, straight from its driver.
struct DeviceFunctions: @unchecked Sendable {  // pointers to code
    let vkDestroyDevice: PFN_vkDestroyDevice
    let vkDeviceWaitIdle: PFN_vkDeviceWaitIdle
    let vkGetDeviceQueue: PFN_vkGetDeviceQueue
    let vkQueueSubmit: PFN_vkQueueSubmit
    let vkCreateSemaphore: PFN_vkCreateSemaphore
    let vkDestroySemaphore: PFN_vkDestroySemaphore
    let vkWaitSemaphores: PFN_vkWaitSemaphores
    let vkCreateBuffer: PFN_vkCreateBuffer
    let vkDestroyBuffer: PFN_vkDestroyBuffer
    let vkGetBufferMemoryRequirements: PFN_vkGetBufferMemoryRequirements
    let vkAllocateMemory: PFN_vkAllocateMemory
    let vkFreeMemory: PFN_vkFreeMemory
    let vkBindBufferMemory: PFN_vkBindBufferMemory
    let vkMapMemory: PFN_vkMapMemory
    let vkFlushMappedMemoryRanges: PFN_vkFlushMappedMemoryRanges
    let vkInvalidateMappedMemoryRanges: PFN_vkInvalidateMappedMemoryRanges
    let vkCreateShaderModule: PFN_vkCreateShaderModule
    let vkDestroyShaderModule: PFN_vkDestroyShaderModule
    let vkCreateDescriptorSetLayout: PFN_vkCreateDescriptorSetLayout
    let vkDestroyDescriptorSetLayout: PFN_vkDestroyDescriptorSetLayout
    let vkCreatePipelineLayout: PFN_vkCreatePipelineLayout
    let vkDestroyPipelineLayout: PFN_vkDestroyPipelineLayout
    let vkCreatePipelineCache: PFN_vkCreatePipelineCache
    let vkDestroyPipelineCache: PFN_vkDestroyPipelineCache
    let vkGetPipelineCacheData: PFN_vkGetPipelineCacheData
    let vkCreateComputePipelines: PFN_vkCreateComputePipelines
    let vkDestroyPipeline: PFN_vkDestroyPipeline
    let vkCreateDescriptorPool: PFN_vkCreateDescriptorPool
    let vkDestroyDescriptorPool: PFN_vkDestroyDescriptorPool
    let vkAllocateDescriptorSets: PFN_vkAllocateDescriptorSets
    let vkUpdateDescriptorSets: PFN_vkUpdateDescriptorSets
    let vkCreateCommandPool: PFN_vkCreateCommandPool
    let vkDestroyCommandPool: PFN_vkDestroyCommandPool
    let vkResetCommandPool: PFN_vkResetCommandPool
    let vkAllocateCommandBuffers: PFN_vkAllocateCommandBuffers
    let vkBeginCommandBuffer: PFN_vkBeginCommandBuffer
    let vkEndCommandBuffer: PFN_vkEndCommandBuffer
    let vkCmdCopyBuffer: PFN_vkCmdCopyBuffer
    let vkCmdPipelineBarrier: PFN_vkCmdPipelineBarrier
    let vkCmdBindPipeline: PFN_vkCmdBindPipeline
    let vkCmdBindDescriptorSets: PFN_vkCmdBindDescriptorSets
    let vkCmdPushConstants: PFN_vkCmdPushConstants
    let vkCmdDispatch: PFN_vkCmdDispatch
    let vkCreateQueryPool: PFN_vkCreateQueryPool
    let vkDestroyQueryPool: PFN_vkDestroyQueryPool
    let vkGetQueryPoolResults: PFN_vkGetQueryPoolResults
    let vkCmdResetQueryPool: PFN_vkCmdResetQueryPool
    let vkCmdWriteTimestamp: PFN_vkCmdWriteTimestamp

    init(_ find: FunctionLookup) throws(VulkanError) {
        vkDestroyDevice = try find("vkDestroyDevice")
        vkDeviceWaitIdle = try find("vkDeviceWaitIdle")
        vkGetDeviceQueue = try find("vkGetDeviceQueue")
        vkQueueSubmit = try find("vkQueueSubmit")
        vkCreateSemaphore = try find("vkCreateSemaphore")
        vkDestroySemaphore = try find("vkDestroySemaphore")
        vkWaitSemaphores = try find("vkWaitSemaphores")
        vkCreateBuffer = try find("vkCreateBuffer")
        vkDestroyBuffer = try find("vkDestroyBuffer")
        vkGetBufferMemoryRequirements = try find("vkGetBufferMemoryRequirements")
        vkAllocateMemory = try find("vkAllocateMemory")
        vkFreeMemory = try find("vkFreeMemory")
        vkBindBufferMemory = try find("vkBindBufferMemory")
        vkMapMemory = try find("vkMapMemory")
        vkFlushMappedMemoryRanges = try find("vkFlushMappedMemoryRanges")
        vkInvalidateMappedMemoryRanges = try find("vkInvalidateMappedMemoryRanges")
        vkCreateShaderModule = try find("vkCreateShaderModule")
        vkDestroyShaderModule = try find("vkDestroyShaderModule")
        vkCreateDescriptorSetLayout = try find("vkCreateDescriptorSetLayout")
        vkDestroyDescriptorSetLayout = try find("vkDestroyDescriptorSetLayout")
        vkCreatePipelineLayout = try find("vkCreatePipelineLayout")
        vkDestroyPipelineLayout = try find("vkDestroyPipelineLayout")
        vkCreatePipelineCache = try find("vkCreatePipelineCache")
        vkDestroyPipelineCache = try find("vkDestroyPipelineCache")
        vkGetPipelineCacheData = try find("vkGetPipelineCacheData")
        vkCreateComputePipelines = try find("vkCreateComputePipelines")
        vkDestroyPipeline = try find("vkDestroyPipeline")
        vkCreateDescriptorPool = try find("vkCreateDescriptorPool")
        vkDestroyDescriptorPool = try find("vkDestroyDescriptorPool")
        vkAllocateDescriptorSets = try find("vkAllocateDescriptorSets")
        vkUpdateDescriptorSets = try find("vkUpdateDescriptorSets")
        vkCreateCommandPool = try find("vkCreateCommandPool")
        vkDestroyCommandPool = try find("vkDestroyCommandPool")
        vkResetCommandPool = try find("vkResetCommandPool")
        vkAllocateCommandBuffers = try find("vkAllocateCommandBuffers")
        vkBeginCommandBuffer = try find("vkBeginCommandBuffer")
        vkEndCommandBuffer = try find("vkEndCommandBuffer")
        vkCmdCopyBuffer = try find("vkCmdCopyBuffer")
        vkCmdPipelineBarrier = try find("vkCmdPipelineBarrier")
        vkCmdBindPipeline = try find("vkCmdBindPipeline")
        vkCmdBindDescriptorSets = try find("vkCmdBindDescriptorSets")
        vkCmdPushConstants = try find("vkCmdPushConstants")
        vkCmdDispatch = try find("vkCmdDispatch")
        vkCreateQueryPool = try find("vkCreateQueryPool")
        vkDestroyQueryPool = try find("vkDestroyQueryPool")
        vkGetQueryPoolResults = try find("vkGetQueryPoolResults")
        vkCmdResetQueryPool = try find("vkCmdResetQueryPool")
        vkCmdWriteTimestamp = try find("vkCmdWriteTimestamp")
    }
}
