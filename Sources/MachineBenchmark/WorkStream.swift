import Resampling

/// One thread's share of what is measured: item after item, a few of them under way at a time.
///
/// Belongs to one thread at a time.
package protocol WorkStream: AnyObject, Sendable {
    /// Items to begin before the first is finished, at least 1.
    var depth: Int { get }
    func begin() throws
    /// Waits for the item that was begun first; does it, where nothing works in the background.
    func finish() throws
}

/// Frames of a sample, by any backend, in the host's memory.
final class FrameStream: WorkStream, @unchecked Sendable {  // belongs to one thread at a time
    private let queue: any FrameQueue
    private let frames: [[FrameLayer]]
    private var next: Int

    /// - Parameter start: the first frame to make; the others follow in turn.
    init(_ resampler: any Resampler, width: Int, height: Int, frames: [[FrameLayer]], start: Int) throws {
        queue = try resampler.makeQueue(width: width, height: height)
        self.frames = frames
        next = start
    }

    var depth: Int { queue.depth }

    func begin() throws {
        try queue.begin(frames[next % frames.count])
        next += 1
    }

    func finish() throws { _ = try queue.next() }
}
