/// Frames of one size in the making: begun in order, given out in the same order.
///
/// Belongs to one thread at a time.
public protocol FrameQueue: AnyObject, Sendable {
    /// How many frames to begin before the first of them is asked for, so that nobody waits for the other. At least 1.
    var depth: Int { get }

    /// Begins a frame.
    ///
    /// - Parameter layers: one or two; their weights are 0…16384 and sum to at most 16384, the rest is black.
    /// - Throws: what the backend runs into; the frame was not begun.
    func begin(_ layers: [FrameLayer]) throws

    /// Waits for the frame that was begun first, of those not given out yet.
    func next() throws -> LentFrame
}

/// Frames made by a renderer in the host's memory, each when it is asked for.
final class HostFrameQueue: FrameQueue, @unchecked Sendable {  // belongs to one thread at a time
    private let renderer: any FrameRenderer
    private let pool: FramePool
    private var begun: [[FrameLayer]] = []

    let depth = 1

    init(_ renderer: any FrameRenderer, width: Int, height: Int) {
        self.renderer = renderer
        pool = FramePool(width: width, height: height)
    }

    func begin(_ layers: [FrameLayer]) { begun.append(layers) }

    func next() -> LentFrame {
        let frame = pool.frame()
        renderer.render(begun.removeFirst(), into: frame.planes)
        return frame
    }
}
