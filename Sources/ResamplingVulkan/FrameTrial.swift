import Resampling

/// Makes frames as a `VulkanFrameQueue` does, several in flight, but leaves them on the device; or brings them to the host and
/// does nothing else. For measuring.
package final class FrameTrial: @unchecked Sendable {  // belongs to one thread at a time
    private let engine: VulkanEngine
    private let readbacks: ReadbackPool
    private var freeSlots: [FrameSlot] = []
    /// The oldest first.
    private var busySlots: [FrameSlot] = []

    /// - Throws: `VulkanError`, where there is no memory for even one frame.
    package init(_ resampler: VulkanResampler, width: Int, height: Int) throws {
        engine = resampler.engine
        let layout = FrameLayout(width: width, height: height)
        readbacks = ReadbackPool(engine.queues.readback, layout: layout)
        while freeSlots.count < engine.framesInFlight {
            do throws(VulkanError) {
                freeSlots.append(try FrameSlot(engine, layout: layout))
            } catch {
                // As few in flight as the memory reaches for.
                guard error.isOutOfMemory, !freeSlots.isEmpty else { throw error }
                break
            }
        }
    }

    /// Frames that may be begun before one has to be finished.
    package var depth: Int { freeSlots.count + busySlots.count }

    /// Begins a frame that stays on the device. One of the slots must be free.
    package func begin(_ layers: [FrameLayer]) throws {
        let pictures = try layers.map { layer throws(VulkanError) in try engine.pictures.picture(layer.picture) }
        try withFreeSlot { slot throws(VulkanError) in try slot.begin(layers, pictures, into: nil) }
    }

    /// Begins to bring a frame that was made before to the host.
    package func beginReadback() throws {
        let buffer = try readbacks.take()
        try withFreeSlot { slot throws(VulkanError) in try slot.beginReadback(into: buffer) }
    }

    /// Waits for what was begun first.
    package func finish() throws {
        let slot = busySlots.removeFirst()
        let buffer = try slot.finish()
        freeSlots.insert(slot, at: 0)
        if let buffer {
            try buffer.memory.refresh()
            readbacks.giveBack(buffer)
        }
    }

    private func withFreeSlot(_ body: (FrameSlot) throws(VulkanError) -> Void) throws(VulkanError) {
        guard let slot = freeSlots.popLast() else { preconditionFailure("every slot has a frame under way") }
        do throws(VulkanError) {
            try body(slot)
        } catch {
            freeSlots.append(slot)
            throw error
        }
        busySlots.append(slot)
    }
}

/// How long frames take on the device alone, one after the other, by its own clock.
package final class FrameStopwatch {
    private let engine: VulkanEngine
    private let clock: FrameClock
    private let slot: FrameSlot

    /// - Returns: `nil` where the device has no clock.
    package init?(_ resampler: VulkanResampler, width: Int, height: Int) throws {
        engine = resampler.engine
        guard let clock = try FrameClock(engine.queues.compute) else { return nil }
        self.clock = clock
        slot = try FrameSlot(engine, layout: FrameLayout(width: width, height: height), clock: clock)
    }

    /// Makes a frame.
    ///
    /// - Returns: seconds that its shaders ran.
    package func time(_ layers: [FrameLayer]) throws -> Double {
        try slot.begin(layers, layers.map { layer throws(VulkanError) in try engine.pictures.picture(layer.picture) }, into: nil)
        _ = try slot.finish()
        return try clock.seconds()
    }
}
