import Glibc
import Resampling

/// Writes frames as YUV4MPEG2 to a file descriptor: what other tools read through a pipe.
///
/// 4:2:0 with chroma sited left (`C420mpeg2`), limited range, square pixels. The descriptor stays the caller's.
///
/// - Source: yuv4mpeg(5).
/// - Thread rule: one thread at a time.
public final class Y4MWriter {
    private let descriptor: Int32
    private let width: Int
    private let height: Int
    private var buffer: [UInt8]

    /// Writes the header.
    public init(fileDescriptor: Int32, width: Int, height: Int, frameRate: Rational) throws {
        descriptor = fileDescriptor
        self.width = width
        self.height = height
        buffer = []
        let header = "YUV4MPEG2 W\(width) H\(height) F\(frameRate.numerator):\(frameRate.denominator) Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED\n"
        try writeAll(Array(header.utf8))
    }

    /// Writes one frame. A reader that has gone away is an error (EPIPE), provided that the caller ignores SIGPIPE.
    public func write(_ planes: FramePlanes) throws {
        if planes.width != width || planes.height != height {
            throw FilmError(.output, "A frame of \(planes.width)×\(planes.height) cannot go into a Y4M stream of \(width)×\(height).")
        }
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: "FRAME\n".utf8)
        func append(_ base: UnsafeMutablePointer<UInt8>, _ stride: Int, _ width: Int, _ height: Int) {
            for row in 0..<height { buffer.append(contentsOf: UnsafeBufferPointer(start: base + row * stride, count: width)) }
        }
        append(planes.y, planes.yStrideBytes, planes.width, planes.height)
        append(planes.cb, planes.cbStrideBytes, planes.chromaWidth, planes.chromaHeight)
        append(planes.cr, planes.crStrideBytes, planes.chromaWidth, planes.chromaHeight)
        try writeAll(buffer)
    }

    private func writeAll(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { raw in
            var done = 0
            while done < raw.count, let base = raw.baseAddress {
                let put = Glibc.write(descriptor, base + done, raw.count - done)
                if put < 0 {
                    if errno == EINTR { continue }
                    throw FilmError(.output, "The Y4M stream cannot be written: \(systemText(errno)).")
                }
                done += put
            }
        }
    }
}
