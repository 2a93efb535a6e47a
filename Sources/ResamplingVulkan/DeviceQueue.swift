import CVulkan
import Synchronization

/// A queue of the device and its timeline: each submission reaches the next point.
///
/// Any number of threads may submit and wait.
final class DeviceQueue: @unchecked Sendable {  // `queue` and `lastValue` are used under the device's lock for submissions alone
    /// A moment on a queue's timeline: everything submitted up to there is done.
    struct Point: Sendable {
        let queue: DeviceQueue
        let value: UInt64

        /// Waits until it is reached.
        func wait() throws(VulkanError) { try queue.wait(for: value) }

        /// Waits before what the work uses is freed. On a device that is lost there is nothing left to wait for, and what one
        /// that hangs may still use is never freed.
        func settle() { queue.settle(value) }
    }

    let device: VulkanDevice
    let family: UInt32
    private let queue: VkQueue
    private let timeline: VkSemaphore
    private var lastValue: UInt64 = 0

    /// A device that has not answered for so long hangs. Drivers themselves give up after seconds, and call it lost.
    private static let patienceNanoseconds: UInt64 = 120_000_000_000

    init(_ device: VulkanDevice, _ place: QueuePlaces.Place) throws(VulkanError) {
        var queue: VkQueue?
        device.functions.vkGetDeviceQueue(device.handle, UInt32(place.family), UInt32(place.index), &queue)
        guard let queue else { throw .call("vkGetDeviceQueue", .initializationFailed) }
        self.device = device
        family = UInt32(place.family)
        self.queue = queue
        var type = VkSemaphoreTypeCreateInfo()
        type.sType = VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO
        type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE
        timeline = try withUnsafePointer(to: type) { (type) throws(VulkanError) in
            var info = VkSemaphoreCreateInfo()
            info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO
            info.pNext = UnsafeRawPointer(type)
            return try device.create("vkCreateSemaphore") {
                device.functions.vkCreateSemaphore(device.handle, &info, nil, &$0)
            }
        }
    }

    deinit {
        // Work can be done, and who waited for it gone on, before the driver is done with the timelines that the work itself had
        // waited for, on whichever queue: Mesa's threads give their points back afterwards. Also for what was under way when the
        // device was lost. It comes back: all that was submitted has been waited for, with patience, by those who settled.
        device.free { functions, handle in
            device.submitting.withLock { _ in _ = functions.vkDeviceWaitIdle(handle) }
            functions.vkDestroySemaphore(handle, timeline, nil)
        }
    }

    /// Submits commands; their work of the kind `stage` begins when `point` is reached, and sees what was written until then.
    func submit(
        _ commands: VkCommandBuffer, after point: Point? = nil, stage: VkPipelineStageFlagBits = VK_PIPELINE_STAGE_TRANSFER_BIT
    ) throws(VulkanError) -> Point {
        try device.submitting.withLock { (_) throws(VulkanError) in
            var submission = Submission(
                commands: commands, timeline: timeline, value: lastValue + 1, after: point, stage: stage)
            try withUnsafeMutablePointer(to: &submission) { (submission) throws(VulkanError) in
                let info = Submission.link(submission, waits: point != nil)
                try device.call("vkQueueSubmit") { device.functions.vkQueueSubmit(queue, 1, info, nil) }
            }
            lastValue += 1
            return Point(queue: self, value: lastValue)
        }
    }

    /// What `vkQueueSubmit` takes, in one piece, because its parts point at each other.
    private struct Submission {
        var info = VkSubmitInfo()
        var timelines = VkTimelineSemaphoreSubmitInfo()
        var commands: VkCommandBuffer?
        var signal: VkSemaphore?
        var signalValue: UInt64
        var wait: VkSemaphore?
        var waitValue: UInt64
        var waitStage: VkPipelineStageFlags

        init(
            commands: VkCommandBuffer, timeline: VkSemaphore, value: UInt64, after point: Point?, stage: VkPipelineStageFlagBits
        ) {
            self.commands = commands
            signal = timeline
            signalValue = value
            wait = point?.queue.timeline
            waitValue = point?.value ?? 0
            waitStage = stage.rawValue
        }

        static func link(_ parts: UnsafeMutablePointer<Submission>, waits: Bool) -> UnsafePointer<VkSubmitInfo>? {
            let waitCount: UInt32 = waits ? 1 : 0
            parts.pointee.timelines.sType = VK_STRUCTURE_TYPE_TIMELINE_SEMAPHORE_SUBMIT_INFO
            parts.pointee.timelines.waitSemaphoreValueCount = waitCount
            parts.pointee.timelines.pWaitSemaphoreValues = UnsafePointer(parts.pointer(to: \.waitValue))
            parts.pointee.timelines.signalSemaphoreValueCount = 1
            parts.pointee.timelines.pSignalSemaphoreValues = UnsafePointer(parts.pointer(to: \.signalValue))
            parts.pointee.info.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO
            parts.pointee.info.pNext = UnsafeRawPointer(parts.pointer(to: \.timelines))
            parts.pointee.info.waitSemaphoreCount = waitCount
            parts.pointee.info.pWaitSemaphores = UnsafePointer(parts.pointer(to: \.wait))
            parts.pointee.info.pWaitDstStageMask = UnsafePointer(parts.pointer(to: \.waitStage))
            parts.pointee.info.commandBufferCount = 1
            parts.pointee.info.pCommandBuffers = UnsafePointer(parts.pointer(to: \.commands))
            parts.pointee.info.signalSemaphoreCount = 1
            parts.pointee.info.pSignalSemaphores = UnsafePointer(parts.pointer(to: \.signal))
            return UnsafePointer(parts.pointer(to: \.info))
        }
    }

    private func wait(for value: UInt64) throws(VulkanError) {
        try device.call("vkWaitSemaphores") { rawWait(for: value) }
    }

    private func settle(_ value: UInt64) {
        if device.hangs { return }
        if rawWait(for: value) == VK_TIMEOUT { device.giveUp() }
    }

    private func rawWait(for value: UInt64) -> VkResult {
        withUnsafePointer(to: VkSemaphore?(timeline)) { semaphore in
            withUnsafePointer(to: value) { value in
                var info = VkSemaphoreWaitInfo()
                info.sType = VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO
                info.semaphoreCount = 1
                info.pSemaphores = semaphore
                info.pValues = value
                return device.functions.vkWaitSemaphores(device.handle, &info, Self.patienceNanoseconds)
            }
        }
    }
}
