import Resampling

/// Resamples on a GPU through Vulkan compute.
///
/// Any number of threads may make queues; they share the device and the pictures on it.
public final class VulkanResampler: Resampler {
    let engine: VulkanEngine

    /// - Parameters:
    ///   - device: one that has no shortcoming.
    ///   - cachedPipelines: what `pipelineCacheData` gave an earlier process; anything else does no harm.
    /// - Throws: `VulkanError`.
    public init(_ device: PhysicalDevice, cachedPipelines: [UInt8]? = nil) throws {
        engine = try VulkanEngine(device, cachedPipelines: cachedPipelines)
    }

    public var backend: String { "vulkan" }
    public var kernels: String { "compute" }
    public var device: String? { engine.queues.device.name }

    public func makeQueue(width: Int, height: Int) throws -> any FrameQueue {
        try VulkanFrameQueue(engine, width: width, height: height)
    }

    /// The compiled shaders, for the next process on this device and driver.
    public var pipelineCacheData: [UInt8]? { engine.pipeline.cacheData }

    package var pictureCounts: (held: Int, uploaded: Int) { engine.pictures.counts }
}
