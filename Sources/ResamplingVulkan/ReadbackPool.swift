import CVulkan
import Resampling
import Synchronization

/// Host memory that the device writes frames into and that encoders read in place: each buffer comes back when its frame's last
/// reader is done.
final class ReadbackPool: Sendable {
    final class Buffer: Sendable {
        let memory: DeviceBuffer
        init(_ memory: consuming DeviceBuffer) { self.memory = memory }
    }

    private let queue: DeviceQueue
    private let layout: FrameLayout
    private let free = Mutex<[Buffer]>([])

    init(_ queue: DeviceQueue, layout: FrameLayout) {
        self.queue = queue
        self.layout = layout
    }

    /// A buffer for one frame; what lies between and behind the planes' rows is zero or a copy of their edge.
    func take() throws(VulkanError) -> Buffer {
        if let buffer = free.withLock({ $0.popLast() }) { return buffer }
        let memory = try DeviceBuffer(
            queue.device, byteCount: layout.byteCount, flags: [VK_BUFFER_USAGE_TRANSFER_DST_BIT], for: .readback,
            families: [queue.family])
        memory.bytes?.initializeMemory(as: UInt8.self, repeating: 0, count: layout.byteCount)
        try memory.flush()
        return Buffer(memory)
    }

    /// Lends a finished frame.
    func lend(_ buffer: Buffer) throws(VulkanError) -> LentFrame {
        try buffer.memory.refresh()
        guard let bytes = buffer.memory.bytes else { throw .call("vkMapMemory", .initializationFailed) }
        return LentFrame(layout: layout, memory: bytes) { [self] in giveBack(buffer) }
    }

    func giveBack(_ buffer: Buffer) { free.withLock { $0.append(buffer) } }
}
