/// Where the planes of a frame lie in one block of memory, as encoders want them.
///
/// - Rows start at multiples of 64 bytes from the block's start, which is aligned so itself.
/// - Planes have whole macroblocks: some encoders read rows beyond the picture, and a little past the end.
public struct FrameLayout: Hashable, Sendable {
    public struct Plane: Hashable, Sendable {
        /// Bytes from the block's start.
        public let offset: Int
        public let width: Int
        public let height: Int
        public let strideBytes: Int
        /// Of its rows, without those beyond the picture.
        public var byteCount: Int { strideBytes * height }
    }

    public let y: Plane
    public let cb: Plane
    public let cr: Plane
    public let byteCount: Int

    public var width: Int { y.width }
    public var height: Int { y.height }

    public static let alignmentBytes = 64

    public init(width: Int, height: Int) {
        func aligned(_ count: Int, to multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }
        let rows = aligned(height, to: 32)
        let chroma = (width: (width + 1) / 2, height: (height + 1) / 2)
        let chromaStride = aligned(chroma.width, to: Self.alignmentBytes)
        y = Plane(offset: 0, width: width, height: height, strideBytes: aligned(width, to: Self.alignmentBytes))
        cb = Plane(offset: y.strideBytes * rows, width: chroma.width, height: chroma.height, strideBytes: chromaStride)
        cr = Plane(
            offset: cb.offset + chromaStride * rows / 2, width: chroma.width, height: chroma.height, strideBytes: chromaStride)
        byteCount = cr.offset + chromaStride * rows / 2 + Self.alignmentBytes
    }

    /// The planes in a block of `byteCount` bytes.
    public func planes(in memory: UnsafeMutableRawPointer) -> FramePlanes {
        let bytes = memory.assumingMemoryBound(to: UInt8.self)
        return FramePlanes(
            width: width, height: height, y: bytes + y.offset, yStrideBytes: y.strideBytes, cb: bytes + cb.offset,
            cbStrideBytes: cb.strideBytes, cr: bytes + cr.offset, crStrideBytes: cr.strideBytes)
    }
}
