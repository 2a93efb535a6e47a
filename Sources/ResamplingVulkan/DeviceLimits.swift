/// The limits of a device that matter here. Sizes in bytes.
public struct DeviceLimits: Sendable {
    public var storageBufferRange: Int
    public var memoryAllocation: Int
    public var sharedMemory: Int
    public var workgroupInvocations: Int
    public var workgroupCount: Int
    public var pushConstants: Int
    public var storageBuffers: Int
    public var storageBufferAlignment: Int
    /// From one tick of its clock to the next; 0: it has none.
    public var timestampNanoseconds: Double

    package init(
        storageBufferRange: Int, memoryAllocation: Int, sharedMemory: Int, workgroupInvocations: Int, workgroupCount: Int,
        pushConstants: Int, storageBuffers: Int, storageBufferAlignment: Int, timestampNanoseconds: Double = 0
    ) {
        self.storageBufferRange = storageBufferRange
        self.memoryAllocation = memoryAllocation
        self.sharedMemory = sharedMemory
        self.workgroupInvocations = workgroupInvocations
        self.workgroupCount = workgroupCount
        self.pushConstants = pushConstants
        self.storageBuffers = storageBuffers
        self.storageBufferAlignment = storageBufferAlignment
        self.timestampNanoseconds = timestampNanoseconds
    }

    /// What is too small; `nil` where nothing is. Vulkan promises this much of every device, drivers do not always keep to it.
    var shortcoming: String? {
        func atLeast(_ value: Int, _ needed: Int, _ what: String) -> String? {
            value < needed ? "\(what) is \(value), and \(needed) is needed" : nil
        }
        return atLeast(sharedMemory, FramePipeline.sharedBytes, "its shared memory")
            ?? atLeast(workgroupInvocations, FramePipeline.invocations, "its largest workgroup")
            ?? atLeast(pushConstants, PlaneConstants.byteCount, "its room for push constants")
            ?? atLeast(storageBuffers, FramePipeline.bindings, "its number of storage buffers")
            ?? atLeast(workgroupCount, 16384 / 4, "its largest number of workgroups")
    }
}
