import CFFmpeg
import Resampling

/// One frame on its way into the encoder: memory from a pool, rows aligned to 64 bytes, contents undefined until written.
///
/// One owner; may be filled on another thread than the encoder's.
public struct VideoFrame: ~Copyable, @unchecked Sendable {
    // Sendable: the only reference to memory that nothing else writes.
    let pointer: UnsafeMutablePointer<AVFrame>

    init(_ pointer: UnsafeMutablePointer<AVFrame>) { self.pointer = pointer }

    deinit {
        var freeing: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&freeing)
    }

    /// The planes, valid inside `body` only.
    public func withPlanes<R>(_ body: (FramePlanes) throws -> R) rethrows -> R {
        let frame = pointer.pointee
        // VideoFramePool sets all three; a frame without them cannot be made.
        guard let y = frame.data.0, let cb = frame.data.1, let cr = frame.data.2 else { preconditionFailure("frame without planes") }
        return try body(
            FramePlanes(
                width: Int(frame.width), height: Int(frame.height), y: y, yStrideBytes: Int(frame.linesize.0),
                cb: cb, cbStrideBytes: Int(frame.linesize.1), cr: cr, crStrideBytes: Int(frame.linesize.2)))
    }
}

/// Frames' memory, used again and again: the encoder gives a buffer back when it is done with it.
final class VideoFramePool {
    private let pool: OpaquePointer
    private let width: Int
    private let height: Int
    private let lumaStrideBytes: Int
    private let chromaStrideBytes: Int
    private let lumaBytes: Int
    private let chromaBytes: Int
    static let alignmentBytes = 64

    init(width: Int, height: Int) throws(LibavError) {
        func aligned(_ count: Int) -> Int { (count + Self.alignmentBytes - 1) / Self.alignmentBytes * Self.alignmentBytes }
        self.width = width
        self.height = height
        lumaStrideBytes = aligned(width)
        chromaStrideBytes = aligned((width + 1) / 2)
        // Whole macroblocks: some encoders read rows beyond the picture.
        let rows = (height + 31) / 32 * 32
        lumaBytes = lumaStrideBytes * rows
        chromaBytes = chromaStrideBytes * (rows / 2)
        // Room to move the first row to an aligned address, and for encoders' reads past the end.
        pool = try checkAllocated(av_buffer_pool_init(lumaBytes + 2 * chromaBytes + 2 * Self.alignmentBytes, nil), "av_buffer_pool_init")
    }

    deinit {
        var freeing: OpaquePointer? = pool
        av_buffer_pool_uninit(&freeing)
    }

    func makeFrame() throws(LibavError) -> VideoFrame {
        let frame = VideoFrame(try checkAllocated(av_frame_alloc(), "av_frame_alloc"))
        let buffer = try checkAllocated(av_buffer_pool_get(pool), "av_buffer_pool_get")
        frame.pointer.pointee.buf.0 = buffer
        guard let data = buffer.pointee.data else { throw LibavError(call: "av_buffer_pool_get", code: burns_av_enomem) }
        let skip = -Int(bitPattern: data) & (Self.alignmentBytes - 1)
        frame.pointer.pointee.data.0 = data + skip
        frame.pointer.pointee.data.1 = data + skip + lumaBytes
        frame.pointer.pointee.data.2 = data + skip + lumaBytes + chromaBytes
        frame.pointer.pointee.linesize.0 = Int32(lumaStrideBytes)
        frame.pointer.pointee.linesize.1 = Int32(chromaStrideBytes)
        frame.pointer.pointee.linesize.2 = Int32(chromaStrideBytes)
        frame.pointer.pointee.width = Int32(width)
        frame.pointer.pointee.height = Int32(height)
        frame.pointer.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        frame.pointer.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
        frame.pointer.pointee.color_primaries = AVCOL_PRI_BT709
        frame.pointer.pointee.color_trc = AVCOL_TRC_BT709
        frame.pointer.pointee.colorspace = AVCOL_SPC_BT709
        frame.pointer.pointee.color_range = AVCOL_RANGE_MPEG
        frame.pointer.pointee.chroma_location = AVCHROMA_LOC_LEFT
        return frame
    }
}
