/// The three 8-bit planes of one frame, as somebody else's memory: an encoder's frame, or a test's buffer.
///
/// - Layout: Y'CbCr 4:2:0; `cb` and `cr` are `(width + 1) / 2` by `(height + 1) / 2` samples, sited left (MPEG-2).
/// - Range: BT.709 limited, 16…235 and 16…240.
/// - Strides are in bytes and may exceed the width; bytes past the width are not touched.
/// - Lifetime: borrowed. The memory's owner outlives the call it is handed to.
public struct FramePlanes {
    public var width: Int
    public var height: Int
    public var y: UnsafeMutablePointer<UInt8>
    public var yStrideBytes: Int
    public var cb: UnsafeMutablePointer<UInt8>
    public var cbStrideBytes: Int
    public var cr: UnsafeMutablePointer<UInt8>
    public var crStrideBytes: Int

    public init(
        width: Int, height: Int,
        y: UnsafeMutablePointer<UInt8>, yStrideBytes: Int,
        cb: UnsafeMutablePointer<UInt8>, cbStrideBytes: Int,
        cr: UnsafeMutablePointer<UInt8>, crStrideBytes: Int
    ) {
        self.width = width
        self.height = height
        self.y = y
        self.yStrideBytes = yStrideBytes
        self.cb = cb
        self.cbStrideBytes = cbStrideBytes
        self.cr = cr
        self.crStrideBytes = crStrideBytes
    }

    public var chromaWidth: Int { (width + 1) / 2 }
    public var chromaHeight: Int { (height + 1) / 2 }

    /// Each row of Y, Cb and Cr, without padding.
    package func forEachRow(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
        for (plane, stride, width, height) in [
            (y, yStrideBytes, width, height), (cb, cbStrideBytes, chromaWidth, chromaHeight),
            (cr, crStrideBytes, chromaWidth, chromaHeight),
        ] {
            for row in 0..<height { try body(UnsafeRawBufferPointer(start: plane + row * stride, count: width)) }
        }
    }
}
