/// A frame in memory that goes back to its owner with the last reference, so that an encoder can read it in place for as long as
/// it likes.
public final class LentFrame: @unchecked Sendable {  // written by one thread before it is handed on, then only read
    public let planes: FramePlanes
    public let layout: FrameLayout
    /// Where the block of `layout` lies.
    public let memory: UnsafeMutableRawPointer
    private let giveBack: @Sendable () -> Void

    /// - Parameter giveBack: called once, on any thread, when nobody uses the memory any more; what it holds on to stays.
    public init(layout: FrameLayout, memory: UnsafeMutableRawPointer, giveBack: @escaping @Sendable () -> Void) {
        planes = layout.planes(in: memory)
        self.layout = layout
        self.memory = memory
        self.giveBack = giveBack
    }

    deinit { giveBack() }
}
