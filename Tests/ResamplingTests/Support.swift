import Resampling
import ResamplingCPU
import TestSupport

/// A frame's memory with strides wider than the planes and a guard value everywhere that a backend must not touch.
final class GuardedFrame: FrameReading {
    static let guardByte: UInt8 = 0xA5
    let width: Int
    let height: Int
    private let strides: (luma: Int, chroma: Int)
    private let storage: [UnsafeMutablePointer<UInt8>]
    private let counts: [Int]
    private let margin = 96

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        let chroma = (width: (width + 1) / 2, height: (height + 1) / 2)
        strides = (width + 7, chroma.width + 5)
        counts = [
            strides.luma * height + 2 * margin, strides.chroma * chroma.height + 2 * margin,
            strides.chroma * chroma.height + 2 * margin,
        ]
        storage = counts.map { count in
            let pointer = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
            pointer.initialize(repeating: Self.guardByte, count: count)
            return pointer
        }
    }

    deinit { storage.forEach { $0.deallocate() } }

    var planes: FramePlanes {
        FramePlanes(
            width: width, height: height, y: storage[0] + margin, yStrideBytes: strides.luma, cb: storage[1] + margin,
            cbStrideBytes: strides.chroma, cr: storage[2] + margin, crStrideBytes: strides.chroma)
    }

    /// Plane `index` without its padding.
    func samples(_ index: Int) -> [UInt8] {
        let (w, h, stride) = geometry(index)
        return (0..<h).flatMap { row in (0..<w).map { storage[index][margin + row * stride + $0] } }
    }

    /// Bytes outside of the planes that are no longer what they were.
    var damagedGuards: Int {
        (0..<3).reduce(0) { damaged, index in
            let (w, h, stride) = geometry(index)
            let inside = { (offset: Int) in
                let place = offset - self.margin
                return place >= 0 && place < h * stride && place % stride < w
            }
            return damaged + (0..<counts[index]).count { !inside($0) && storage[index][$0] != Self.guardByte }
        }
    }

    private func geometry(_ index: Int) -> (Int, Int, Int) {
        index == 0 ? (width, height, strides.luma) : ((width + 1) / 2, (height + 1) / 2, strides.chroma)
    }
}

/// A lent frame's samples. The rows that an encoder may read beyond the planes must be as they were made: zeros.
final class FrameSamples: FrameReading {
    private let frame: LentFrame
    private var planes: [FrameLayout.Plane] { [frame.layout.y, frame.layout.cb, frame.layout.cr] }

    init(_ frame: LentFrame) { self.frame = frame }

    func samples(_ index: Int) -> [UInt8] {
        let plane = planes[index]
        return (0..<plane.height).flatMap { row in
            let start = plane.offset + row * plane.strideBytes
            return UnsafeRawBufferPointer(start: frame.memory + start, count: plane.width)
        }
    }

    var damagedGuards: Int {
        let ends = [frame.layout.cb.offset, frame.layout.cr.offset, frame.layout.byteCount]
        return zip(planes, ends).reduce(0) { damaged, part in
            let behind = part.0.offset + part.0.byteCount
            return damaged + UnsafeRawBufferPointer(start: frame.memory + behind, count: part.1 - behind).count { $0 != 0 }
        }
    }
}

extension WorkingPicture {
    /// A picture from functions of the sample's place, in working samples.
    static func make(
        _ width: Int, _ height: Int, luma: (Int, Int) -> Int16, cb: (Int, Int) -> Int16, cr: (Int, Int) -> Int16
    ) -> WorkingPicture {
        func plane(_ w: Int, _ h: Int, _ value: (Int, Int) -> Int16) -> WorkingPlane {
            WorkingPlane(width: w, height: h) { samples, stride in
                for y in 0..<h { for x in 0..<w { samples[y * stride + x] = value(x, y) } }
            }
        }
        let (cw, ch) = ((width + 1) / 2, (height + 1) / 2)
        return WorkingPicture(luma: plane(width, height, luma), cb: plane(cw, ch, cb), cr: plane(cw, ch, cr))
    }

    static func random(_ width: Int, _ height: Int, range: ClosedRange<Int16>, seed: UInt64) -> WorkingPicture {
        var generator = SeededGenerator(seed: seed)
        let value = { (_: Int, _: Int) in Int16.random(in: range, using: &generator) }
        return withoutActuallyEscaping(value) { make(width, height, luma: $0, cb: $0, cr: $0) }
    }
}
