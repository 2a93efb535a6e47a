import CVulkan
import Synchronization

/// The way of pictures to the device: host memory in a few sections, filled while the ones before are still being copied.
///
/// Any number of threads; one at a time uploads.
final class StagingRing: @unchecked Sendable {  // sections are used under the lock alone
    /// A run of bytes, and where it goes.
    struct Piece {
        var source: UnsafeRawPointer
        var byteCount: Int
        var offset: Int
    }

    private final class Section {
        let start: Int
        let commands: Commands
        /// When its copy is done.
        var point: DeviceQueue.Point?

        init(_ device: VulkanDevice, family: UInt32, start: Int) throws(VulkanError) {
            self.start = start
            commands = try Commands(device, family: family)
        }
    }

    private static let sectionBytes = 4 << 20
    private static let sectionCount = 4

    private let queue: DeviceQueue
    private let buffer: DeviceBuffer
    private let sections: [Section]
    private let nextSection = Mutex(0)

    init(_ queue: DeviceQueue) throws(VulkanError) {
        let device = queue.device
        self.queue = queue
        buffer = try DeviceBuffer(
            device, byteCount: Self.sectionBytes * Self.sectionCount, flags: [VK_BUFFER_USAGE_TRANSFER_SRC_BIT], for: .upload,
            families: [queue.family])
        var sections: [Section] = []
        for index in 0..<Self.sectionCount {
            sections.append(try Section(device, family: queue.family, start: index * Self.sectionBytes))
        }
        self.sections = sections
    }

    deinit { settle() }

    /// Waits for all copies, before what they read or write is freed.
    func settle() {
        nextSection.withLock { _ in for section in sections { section.point?.settle() } }
    }

    /// Copies pieces into a buffer of the device.
    ///
    /// - Returns: when they are there. The sources are free at once.
    func upload(_ pieces: [Piece], into target: VkBuffer) throws(VulkanError) -> DeviceQueue.Point? {
        try nextSection.withLock { (next) throws(VulkanError) in
            var last: DeviceQueue.Point?
            for piece in pieces {
                for done in stride(from: 0, to: piece.byteCount, by: Self.sectionBytes) {
                    let section = sections[next]
                    next = (next + 1) % Self.sectionCount
                    let part = Piece(
                        source: piece.source + done, byteCount: min(Self.sectionBytes, piece.byteCount - done),
                        offset: piece.offset + done)
                    last = try copy(part, by: section, into: target)
                }
            }
            return last
        }
    }

    private func copy(_ piece: Piece, by section: Section, into target: VkBuffer) throws(VulkanError) -> DeviceQueue.Point {
        try section.point?.wait()
        guard let bytes = buffer.bytes else { throw .call("vkMapMemory", .initializationFailed) }
        (bytes + section.start).copyMemory(from: piece.source, byteCount: piece.byteCount)
        try section.commands.record { (functions, commands) throws(VulkanError) in
            var region = VkBufferCopy(
                srcOffset: VkDeviceSize(section.start), dstOffset: VkDeviceSize(piece.offset),
                size: VkDeviceSize(piece.byteCount))
            functions.vkCmdCopyBuffer(commands, buffer.handle, target, 1, &region)
        }
        let point = try queue.submit(section.commands.buffer)
        section.point = point
        return point
    }
}
