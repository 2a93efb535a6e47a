import Resampling

/// Frames in the making on the device, a few at a time, given out in the order in which they were begun.
final class VulkanFrameQueue: FrameQueue, @unchecked Sendable {  // belongs to one thread at a time
    private let engine: VulkanEngine
    private let layout: FrameLayout
    private let readbacks: ReadbackPool
    private var freeSlots: [FrameSlot] = []
    /// Slots with a frame under way, the oldest first.
    private var busySlots: [FrameSlot] = []
    /// Frames that were done before anybody asked for them, the oldest first.
    private var finished: [ReadbackPool.Buffer] = []
    /// Frames that there was no memory for when they were begun, the oldest first.
    private var waiting: [[FrameLayer]] = []
    /// Frames that the device works on at a time: fewer where its memory does not reach for more.
    private var slotLimit: Int

    var depth: Int { slotLimit }

    init(_ engine: VulkanEngine, width: Int, height: Int) throws(VulkanError) {
        self.engine = engine
        layout = FrameLayout(width: width, height: height)
        readbacks = ReadbackPool(engine.queues.readback, layout: layout)
        slotLimit = engine.framesInFlight
        // Found out now rather than at the first frame: whether there is room for one, where need be instead of pictures.
        do throws(VulkanError) {
            freeSlots = [try FrameSlot(engine, layout: layout)]
        } catch where error.isOutOfMemory {
            engine.pictures.shrink()
            freeSlots = [try FrameSlot(engine, layout: layout)]
        }
    }

    func begin(_ layers: [FrameLayer]) throws {
        guard waiting.isEmpty else { return waiting.append(layers) }
        do throws(VulkanError) {
            try submitReducing(layers)
        } catch {
            // Its turn comes when the frames before it have been taken and their memory is free again.
            guard error.isOutOfMemory, !(busySlots.isEmpty && finished.isEmpty) else { throw error }
            waiting.append(layers)
        }
    }

    func next() throws -> LentFrame {
        if finished.isEmpty && busySlots.isEmpty && !waiting.isEmpty { try submitReducing(waiting.removeFirst()) }
        if finished.isEmpty { try finishOldest() }
        return try readbacks.lend(finished.removeFirst())
    }

    /// Has the device begin a frame, with fewer in flight where its memory does not reach.
    private func submitReducing(_ layers: [FrameLayer]) throws(VulkanError) {
        do throws(VulkanError) {
            try submit(layers)
        } catch {
            guard error.isOutOfMemory, slotLimit > 1 else { throw error }
            try reduceSlots()
            try submitReducing(layers)
        }
    }

    private func submit(_ layers: [FrameLayer]) throws(VulkanError) {
        let slot = try freeSlot()
        var readback: ReadbackPool.Buffer?
        do throws(VulkanError) {
            var pictures: [DevicePicture] = []
            for layer in layers { pictures.append(try engine.pictures.picture(layer.picture)) }
            let buffer = try readbacks.take()
            readback = buffer
            try slot.begin(layers, pictures, into: buffer)
        } catch {
            freeSlots.append(slot)
            if let readback { readbacks.giveBack(readback) }
            throw error
        }
        busySlots.append(slot)
    }

    private func freeSlot() throws(VulkanError) -> FrameSlot {
        if freeSlots.isEmpty && busySlots.count >= slotLimit { try finishOldest() }
        if let slot = freeSlots.popLast() { return slot }
        return try FrameSlot(engine, layout: layout)
    }

    private func finishOldest() throws(VulkanError) {
        precondition(!busySlots.isEmpty, "no frame was begun")
        let slot = busySlots.removeFirst()
        if let frame = try slot.finish() { finished.append(frame) }
        freeSlots.append(slot)
    }

    /// Halves the frames in flight, once those under way are done and their pictures free.
    private func reduceSlots() throws(VulkanError) {
        while !busySlots.isEmpty { try finishOldest() }
        slotLimit /= 2
        freeSlots.removeFirst(max(0, freeSlots.count - slotLimit))
        engine.pictures.shrink()
    }
}
