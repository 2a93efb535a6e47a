import Glibc

/// One plane of samples that frames are resampled from.
///
/// - Samples: `Int16`, an 8-bit code value times 64, so that filters may overshoot without saturating.
/// - Layout: `height` rows of `strideSamples`; each row starts on a 64-byte boundary. No padding carries meaning: resamplers
///   replicate the edge themselves. `readableMargin` samples past the last row may be read, so that kernels may load whole
///   vectors.
/// - Sharing: written once by whoever made it, then read by any number of threads.
public final class WorkingPlane: @unchecked Sendable {  // immutable after construction; see `init(width:height:fill:)`
    public let width: Int
    public let height: Int
    public let strideSamples: Int
    public var samples: UnsafePointer<Int16> { UnsafePointer(storage) }
    private let storage: UnsafeMutablePointer<Int16>

    /// Samples per 8-bit code value, as a shift.
    public static let fractionBits = 6
    public static let readableMargin = 64
    /// Rows start at multiples of this many samples (64 bytes).
    private static let rowAlignment = 32
    private static let hugePage = 1 << 21

    /// - Parameter fill: writes every sample of the plane, which starts as zeros; `(samples, strideSamples)`.
    public init(
        width: Int, height: Int, fill: (UnsafeMutablePointer<Int16>, Int) throws -> Void
    ) rethrows {
        precondition(width > 0 && height > 0, "a plane has at least one sample")
        self.width = width
        self.height = height
        // An odd number of cache lines, so that the rows that one output sample reads never share all of their cache sets.
        strideSamples = ((width + Self.rowAlignment - 1) / Self.rowAlignment | 1) * Self.rowAlignment
        let count = strideSamples * height + Self.readableMargin
        let raw = UnsafeMutableRawPointer.allocate(byteCount: count * 2, alignment: count * 2 < Self.hugePage ? 64 : Self.hugePage)
        // Many rows are read side by side, each in pages of its own: in large ones addresses are looked up less often.
        if count * 2 >= Self.hugePage { _ = madvise(raw, count * 2 / Self.hugePage * Self.hugePage, MADV_HUGEPAGE) }
        storage = raw.initializeMemory(as: Int16.self, repeating: 0, count: count)
        try fill(storage, strideSamples)
    }

    deinit { storage.deallocate() }

    public var byteCount: Int { strideSamples * height * 2 }

    /// The row `y`, clamped into the plane.
    @inline(__always)
    public func row(clamping y: Int) -> UnsafePointer<Int16> {
        UnsafePointer(storage + min(max(y, 0), height - 1) * strideSamples)
    }

    public subscript(x: Int, y: Int) -> Int16 { storage[y * strideSamples + x] }
}

/// A picture ready to be resampled into frames: Y'CbCr 4:2:0, BT.709, limited range, upright.
///
/// Chroma is sited left (MPEG-2): horizontally on every second luma sample, vertically between two luma rows.
public struct WorkingPicture: Sendable {
    public let luma: WorkingPlane
    public let cb: WorkingPlane
    public let cr: WorkingPlane

    public init(luma: WorkingPlane, cb: WorkingPlane, cr: WorkingPlane) {
        precondition(
            cb.width == (luma.width + 1) / 2 && cb.height == (luma.height + 1) / 2 && cr.width == cb.width
                && cr.height == cb.height, "4:2:0 chroma planes have half the luma plane's size, rounded up")
        self.luma = luma
        self.cb = cb
        self.cr = cr
    }

    public var width: Int { luma.width }
    public var height: Int { luma.height }
    public var byteCount: Int { luma.byteCount + cb.byteCount + cr.byteCount }
}
