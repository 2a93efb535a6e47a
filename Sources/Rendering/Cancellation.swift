import Synchronization

/// A flag that stops a long operation. Set from anywhere, also from a signal's handler; polled at least once a frame.
public final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)
    private let parent: Cancellation?

    /// - Parameter parent: cancels this one too.
    public init(parent: Cancellation? = nil) { self.parent = parent }

    public func cancel() { flag.store(true, ordering: .relaxed) }

    public var isCancelled: Bool { flag.load(ordering: .relaxed) || parent?.isCancelled ?? false }

    package func check() throws(RenderError) {
        if isCancelled { throw RenderError.cancelled }
    }
}
