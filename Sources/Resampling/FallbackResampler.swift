import Synchronization

/// A backend with another to go on with: when the first one fails, the frames that it owes and all that follow come from the
/// second. Frames do not depend on who makes them, so nothing shows.
public final class FallbackResampler: Resampler {
    private let first: any Resampler
    private let second: any Resampler
    private let onFailure: @Sendable (any Error) -> String
    /// The first failure, as it is reported.
    private let failure = Mutex<String?>(nil)
    private let substituted = Atomic(0)

    /// - Parameter onFailure: says in a sentence what happens now; called once.
    public init(
        _ first: any Resampler, orElse second: any Resampler, onFailure: @escaping @Sendable (any Error) -> String
    ) {
        self.first = first
        self.second = second
        self.onFailure = onFailure
    }

    /// Of what was to make the frames; `substitute` is what does so after a failure.
    public var backend: String { first.backend }
    public var kernels: String { first.kernels }
    public var device: String? { first.device }
    public var warnings: [String] { first.warnings + (failure.withLock { $0.map { [$0] } } ?? []) + second.warnings }
    public var substitute: (resampler: any Resampler, frames: Int)? {
        failure.withLock { $0 == nil } ? nil : (second, substituted.load(ordering: .relaxed))
    }

    public func makeQueue(width: Int, height: Int) throws -> any FrameQueue {
        if failure.withLock({ $0 == nil }) {
            do {
                return FallbackQueue(try first.makeQueue(width: width, height: height)) { [self] error in
                    record(error)
                    return try makeSecond(width, height)
                }
            } catch {
                record(error)
            }
        }
        return try makeSecond(width, height)
    }

    private func makeSecond(_ width: Int, _ height: Int) throws -> any FrameQueue {
        CountingQueue(try second.makeQueue(width: width, height: height)) { [self] in
            substituted.add(1, ordering: .relaxed)
        }
    }

    private func record(_ error: any Error) {
        failure.withLock { if $0 == nil { $0 = onFailure(error) } }
    }
}

private final class FallbackQueue: FrameQueue, @unchecked Sendable {  // belongs to one thread at a time
    private var queue: any FrameQueue
    /// Makes the second queue; `nil` once that was done.
    private var makeSecond: (@Sendable (any Error) throws -> any FrameQueue)?
    /// Frames begun and not given out, in order.
    private var owed: [[FrameLayer]] = []

    init(_ first: any FrameQueue, makeSecond: @escaping @Sendable (any Error) throws -> any FrameQueue) {
        queue = first
        self.makeSecond = makeSecond
    }

    var depth: Int { queue.depth }

    func begin(_ layers: [FrameLayer]) throws {
        do {
            try queue.begin(layers)
        } catch {
            try goOn(after: error)
            try queue.begin(layers)
        }
        owed.append(layers)
    }

    func next() throws -> LentFrame {
        var frame: LentFrame
        do {
            frame = try queue.next()
        } catch {
            try goOn(after: error)
            frame = try queue.next()
        }
        owed.removeFirst()
        return frame
    }

    private func goOn(after error: any Error) throws {
        guard let makeSecond else { throw error }
        self.makeSecond = nil
        queue = try makeSecond(error)
        for layers in owed { try queue.begin(layers) }
    }
}

/// Tells of each frame that it gives out.
private final class CountingQueue: FrameQueue, @unchecked Sendable {  // belongs to one thread at a time
    private let queue: any FrameQueue
    private let onFrame: @Sendable () -> Void

    init(_ queue: any FrameQueue, onFrame: @escaping @Sendable () -> Void) {
        self.queue = queue
        self.onFrame = onFrame
    }

    var depth: Int { queue.depth }
    func begin(_ layers: [FrameLayer]) throws { try queue.begin(layers) }

    func next() throws -> LentFrame {
        let frame = try queue.next()
        onFrame()
        return frame
    }
}
