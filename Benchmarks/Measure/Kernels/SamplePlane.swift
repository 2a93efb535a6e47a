/// One plane of samples; rows start at multiples of 64 bytes, as zimg asks.
///
/// Written once by whoever made it, then read.
final class SamplePlane<Sample: FixedWidthInteger & UnsignedInteger> {
    let width: Int
    let height: Int
    let strideSamples: Int
    let samples: UnsafeMutablePointer<Sample>

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        let alignment = 64 / MemoryLayout<Sample>.size
        strideSamples = (width + alignment - 1) / alignment * alignment
        let count = strideSamples * height
        samples = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Sample>.size, alignment: 64)
            .initializeMemory(as: Sample.self, repeating: 0, count: count)
    }

    deinit { samples.deallocate() }

    var strideBytes: Int { strideSamples * MemoryLayout<Sample>.size }

    func row(_ y: Int) -> UnsafeMutablePointer<Sample> { samples + y * strideSamples }
}

/// Y'CbCr 4:2:0, chroma sited left; the sample type says the depth.
struct PlanarPicture<Sample: FixedWidthInteger & UnsignedInteger> {
    /// Y, Cb, Cr.
    let planes: [SamplePlane<Sample>]

    var width: Int { planes[0].width }
    var height: Int { planes[0].height }
}
