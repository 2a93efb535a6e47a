/// A heap of a device's memory.
public struct MemoryHeap: Sendable {
    public var byteCount: Int
    /// Whether it is the device's own.
    public var isLocal: Bool
    /// What this process may have of it just now, and what it has; `nil` where the driver does not tell.
    public var budgetBytes: Int?
    public var usedBytes: Int?
}
