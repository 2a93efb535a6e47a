import Synchronization

/// What buffers take of a device's own memory, and how much more they may take.
final class MemoryBudget: Sendable {
    private let device: VulkanDevice
    private let limitBytes: Int?
    private let usedBytes = Mutex(0)

    /// Without a driver that tells, so much of the heap: other programs and the driver need some.
    private static let share = 0.8

    init(_ device: VulkanDevice, limitBytes: Int?) {
        self.device = device
        self.limitBytes = limitBytes
    }

    func add(_ byteCount: Int) { usedBytes.withLock { $0 += byteCount } }

    /// Bytes that may still be allocated. Other programs may be faster, so an allocation can fail all the same.
    var roomBytes: Int {
        let used = usedBytes.withLock { $0 }
        let own = (limitBytes ?? .max) - used
        guard device.physical.description.reportsMemoryBudget else {
            return min(own, Int(Double(device.physical.description.memoryBytes) * Self.share) - used)
        }
        return min(own, driversRoomBytes)
    }

    /// What the driver says is left of the largest heap of the device's own, other programs' use taken off.
    private var driversRoomBytes: Int {
        guard let heap = device.physical.heaps.filter(\.isLocal).max(by: { $0.byteCount < $1.byteCount }),
            let budget = heap.budgetBytes, let used = heap.usedBytes
        else { return 0 }
        return budget - used
    }
}
