import Synchronization

/// A frame's memory. Written by one thread, then read by another, with a join between.
package final class FrameBuffer: @unchecked Sendable {
    package let planes: FramePlanes
    fileprivate let storage: UnsafeMutableRawPointer

    package convenience init(width: Int, height: Int) { self.init(FrameLayout(width: width, height: height)) }

    fileprivate init(_ layout: FrameLayout) {
        storage = .allocate(byteCount: layout.byteCount, alignment: FrameLayout.alignmentBytes)
        storage.initializeMemory(as: UInt8.self, repeating: 0, count: layout.byteCount)
        planes = layout.planes(in: storage)
    }

    deinit { storage.deallocate() }
}

/// Memory for frames of one size, used again and again.
public final class FramePool: Sendable {
    private let layout: FrameLayout
    private let free = Mutex<[FrameBuffer]>([])

    public init(width: Int, height: Int) { layout = FrameLayout(width: width, height: height) }

    /// A frame to write; what is in it is what another frame left.
    public func frame() -> LentFrame {
        let buffer = free.withLock { $0.popLast() } ?? FrameBuffer(layout)
        return LentFrame(layout: layout, memory: buffer.storage) { [self] in free.withLock { $0.append(buffer) } }
    }
}
