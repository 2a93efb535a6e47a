import CFFmpeg
import Resampling

/// Writes planes as a JPEG of high quality, as cameras do: 4:2:0, full range. For pictures that are drawn and not photographed.
///
/// Written under `path` and flushed to the disk; on an error the unfinished file is the caller's to remove.
///
/// - Cost: some 15 ns a pixel.
package func writeJPEG(planes: FramePlanes, to path: String) throws {
    LibavLog.install()
    var freeing: UnsafeMutablePointer<AVFrame>? = av_frame_alloc()
    defer { av_frame_free(&freeing) }
    // The planes' memory is only read, and before this returns.
    let picture = try checkAllocated(freeing, "av_frame_alloc")
    picture.pointee.width = Int32(planes.width)
    picture.pointee.height = Int32(planes.height)
    picture.pointee.format = AV_PIX_FMT_YUVJ420P.rawValue
    picture.pointee.color_range = AVCOL_RANGE_JPEG
    picture.pointee.data.0 = planes.y
    picture.pointee.data.1 = planes.cb
    picture.pointee.data.2 = planes.cr
    picture.pointee.linesize.0 = Int32(planes.yStrideBytes)
    picture.pointee.linesize.1 = Int32(planes.cbStrideBytes)
    picture.pointee.linesize.2 = Int32(planes.crStrideBytes)
    let quality = jpegQuantiser * FF_QP2LAMBDA
    picture.pointee.quality = quality
    try writeStill(picture, AV_CODEC_ID_MJPEG, to: path) { encoder in
        encoder.pointee.color_range = AVCOL_RANGE_JPEG
        encoder.pointee.flags |= AV_CODEC_FLAG_QSCALE
        encoder.pointee.global_quality = quality
    }
}

/// libav's scale for JPEG: 2 is the best.
private let jpegQuantiser: Int32 = 3
