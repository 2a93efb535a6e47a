/// An open device with all that its users share.
final class VulkanEngine: Sendable {
    let queues: DeviceQueues
    let pipeline: FramePipeline
    let pictures: PictureStore
    let framesInFlight: Int

    init(_ physical: PhysicalDevice, cachedPipelines: [UInt8]?) throws(VulkanError) {
        let device = try VulkanDevice(physical)
        let options = physical.instance.options
        queues = try DeviceQueues(device)
        pipeline = try FramePipeline(device, cached: cachedPipelines)
        pictures = try PictureStore(queues, budget: MemoryBudget(device, limitBytes: options.memoryBudgetBytes))
        framesInFlight = max(1, options.framesInFlight)
    }
}
