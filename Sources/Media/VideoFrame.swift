import CFFmpeg
import Resampling

/// One frame on its way into the encoder, which reads it where it lies and lets go of it when it is done.
///
/// One owner; may be filled on another thread than the encoder's.
public struct VideoFrame: ~Copyable, @unchecked Sendable {
    // Sendable: the only reference to memory that nothing else writes.
    let pointer: UnsafeMutablePointer<AVFrame>
    private let planes: FramePlanes

    init(_ frame: LentFrame) throws(LibavError) {
        var buffer: UnsafeMutablePointer<AVBufferRef>? = try Self.lend(frame)
        guard let allocated = av_frame_alloc() else {
            av_buffer_unref(&buffer)
            throw LibavError(call: "av_frame_alloc", code: burns_av_enomem)
        }
        allocated.pointee.buf.0 = buffer
        allocated.pointee.data.0 = frame.planes.y
        allocated.pointee.data.1 = frame.planes.cb
        allocated.pointee.data.2 = frame.planes.cr
        allocated.pointee.linesize.0 = Int32(frame.planes.yStrideBytes)
        allocated.pointee.linesize.1 = Int32(frame.planes.cbStrideBytes)
        allocated.pointee.linesize.2 = Int32(frame.planes.crStrideBytes)
        allocated.pointee.width = Int32(frame.planes.width)
        allocated.pointee.height = Int32(frame.planes.height)
        allocated.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        allocated.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
        allocated.pointee.color_primaries = AVCOL_PRI_BT709
        allocated.pointee.color_trc = AVCOL_TRC_BT709
        allocated.pointee.colorspace = AVCOL_SPC_BT709
        allocated.pointee.color_range = AVCOL_RANGE_MPEG
        allocated.pointee.chroma_location = AVCHROMA_LOC_LEFT
        pointer = allocated
        planes = frame.planes
    }

    /// Lends a frame's memory to libav, which counts its own references and drops the last of them on any thread.
    private static func lend(_ frame: LentFrame) throws(LibavError) -> UnsafeMutablePointer<AVBufferRef> {
        let lender = Unmanaged.passRetained(frame)
        let giveBack: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?) -> Void = { lender, _ in
            if let lender { Unmanaged<LentFrame>.fromOpaque(lender).release() }
        }
        let bytes = frame.memory.assumingMemoryBound(to: UInt8.self)
        guard let buffer = av_buffer_create(bytes, frame.layout.byteCount, giveBack, lender.toOpaque(), 0) else {
            lender.release()
            throw LibavError(call: "av_buffer_create", code: burns_av_enomem)
        }
        return buffer
    }

    deinit {
        var freeing: UnsafeMutablePointer<AVFrame>? = pointer
        av_frame_free(&freeing)
    }

    /// The planes, valid inside `body` only.
    public func withPlanes<R>(_ body: (FramePlanes) throws -> R) rethrows -> R { try body(planes) }
}
