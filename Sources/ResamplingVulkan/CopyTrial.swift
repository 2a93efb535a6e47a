import CVulkan
import Resampling

/// Copies large blocks between the kinds of memory that pictures and frames lie in, two copies under way at a time, and does
/// nothing else. What it reaches is the device's limit.
package final class CopyTrial: @unchecked Sendable {  // belongs to one thread at a time
    package enum Way: CaseIterable, Sendable { case hostToDevice, deviceToHost, withinDevice }

    /// In one direction.
    package let bytesPerCopy: Int
    private let queue: DeviceQueue
    private let source: DeviceBuffer
    private let target: DeviceBuffer
    private let slots: [CommandSlot]
    private var begun = 0
    private var finished = 0

    private final class CommandSlot {
        let commands: Commands
        var point: DeviceQueue.Point?
        init(_ queue: DeviceQueue) throws(VulkanError) { commands = try Commands(queue.device, family: queue.family) }
    }

    private static let largestBytes = 64 << 20
    /// Of the device's memory, for the four blocks.
    private static let memoryShare = 16

    /// - Parameters:
    ///   - byCopyEngine: on the queue that pictures or frames are copied on, instead of the one that makes frames.
    /// - Returns: `nil` where both are the same queue and the copy engine is asked for.
    package init?(_ resampler: VulkanResampler, _ way: Way, byCopyEngine: Bool) throws {
        let queues = resampler.engine.queues
        if byCopyEngine && queues.readback.family == queues.compute.family { return nil }
        let engine = way == .deviceToHost ? queues.readback : queues.upload
        let queue = byCopyEngine ? engine : queues.compute
        let device = queue.device
        let most = min(device.limits.memoryAllocation / 2, device.physical.description.memoryBytes / Self.memoryShare)
        let byteCount = max(1 << 16, min(Self.largestBytes, most) & ~0xFFFF)
        func buffer(_ flag: VkBufferUsageFlagBits, _ use: MemoryUse) throws(VulkanError) -> DeviceBuffer {
            try DeviceBuffer(device, byteCount: 2 * byteCount, flags: [flag], for: use, families: [queue.family])
        }
        self.queue = queue
        bytesPerCopy = byteCount
        source = try buffer(VK_BUFFER_USAGE_TRANSFER_SRC_BIT, way == .hostToDevice ? .upload : .device)
        target = try buffer(VK_BUFFER_USAGE_TRANSFER_DST_BIT, way == .deviceToHost ? .readback : .device)
        // Pages that nobody has touched cost their first user time, and may be one and the same page until then.
        for case let bytes? in [source.bytes, target.bytes] {
            bytes.initializeMemory(as: UInt8.self, repeating: 1, count: 2 * byteCount)
        }
        slots = try [CommandSlot(queue), CommandSlot(queue)]
    }

    deinit { for slot in slots { slot.point?.settle() } }

    /// Copies that may be begun before one has to be finished.
    package var depth: Int { slots.count }

    /// Begins a copy, each in a half of its own.
    package func begin() throws {
        precondition(begun - finished < depth, "every half has a copy under way")
        let half = begun % depth
        try slots[half].commands.record { (functions, commands) throws(VulkanError) in
            let offset = VkDeviceSize(half * bytesPerCopy)
            var region = VkBufferCopy(srcOffset: offset, dstOffset: offset, size: VkDeviceSize(bytesPerCopy))
            functions.vkCmdCopyBuffer(commands, source.handle, target.handle, 1, &region)
        }
        slots[half].point = try queue.submit(slots[half].commands.buffer)
        begun += 1
    }

    /// Waits for the copy that was begun first.
    package func finish() throws {
        try slots[finished % depth].point?.wait()
        finished += 1
    }
}

/// Brings pictures to the device as a film does.
package final class UploadTrial {
    private let engine: VulkanEngine
    private let staging: StagingRing
    private let budget: MemoryBudget

    package init(_ resampler: VulkanResampler) throws {
        engine = resampler.engine
        staging = try StagingRing(engine.queues.upload)
        budget = MemoryBudget(engine.queues.device, limitBytes: nil)
    }

    /// Makes a copy of a picture on the device and waits until it is there.
    ///
    /// - Returns: the copy, which goes with its last reference.
    package func upload(_ picture: WorkingPicture) throws -> AnyObject {
        let copy = try DevicePicture(picture, by: staging, on: engine.queues, within: budget)
        try copy.ready?.wait()
        return copy
    }
}
