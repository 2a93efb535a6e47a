import Synchronization

/// A value for each of several places, set from any thread.
final class Slots<Value: Sendable>: Sendable {
    private let storage: Mutex<[Value?]>

    init(count: Int) { storage = Mutex([Value?](repeating: nil, count: count)) }

    func set(_ index: Int, _ value: Value) { storage.withLock { $0[index] = value } }

    /// Those that are set, in order.
    var values: [Value] { storage.withLock { $0.compactMap { $0 } } }
}
