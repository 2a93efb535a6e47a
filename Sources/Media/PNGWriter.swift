import CFFmpeg
import Resampling

/// Writes a frame as an 8-bit RGB PNG, for looking at: BT.709 limited to full-range RGB, chroma interpolated from its left siting.
///
/// Written under `path` and flushed to the disk; on an error the unfinished file is the caller's to remove.
///
/// - Cost: some 90 ms in 1080p.
public func writePNG(planes: FramePlanes, to path: String) throws {
    LibavLog.install()
    var freeing: UnsafeMutablePointer<AVFrame>? = av_frame_alloc()
    defer { av_frame_free(&freeing) }
    let picture = try checkAllocated(freeing, "av_frame_alloc")
    picture.pointee.width = Int32(planes.width)
    picture.pointee.height = Int32(planes.height)
    picture.pointee.format = AV_PIX_FMT_RGB24.rawValue
    try check(av_frame_get_buffer(picture, 0), "av_frame_get_buffer")
    try convertToRGB(planes, picture)

    try writeStill(picture, AV_CODEC_ID_PNG, to: path) { encoder in
        // Frames are written to be looked at: time counts more than size.
        encoder.pointee.compression_level = 2
    }
}

private func convertToRGB(_ planes: FramePlanes, _ picture: UnsafeMutablePointer<AVFrame>) throws {
    let scaler = sws_alloc_context()
    defer { sws_freeContext(scaler) }
    guard let context = scaler.map({ UnsafeMutableRawPointer($0) }) else { throw LibavError(call: "sws_alloc_context", code: burns_av_enomem) }
    let flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
    let options: [(String, Int64)] = [
        ("srcw", Int64(planes.width)), ("srch", Int64(planes.height)), ("src_format", Int64(AV_PIX_FMT_YUV420P.rawValue)),
        ("dstw", Int64(planes.width)), ("dsth", Int64(planes.height)), ("dst_format", Int64(AV_PIX_FMT_RGB24.rawValue)),
        ("sws_flags", Int64(flags)),
        // 1/256 of a luma sample: level with the left column, between two rows.
        ("src_h_chr_pos", 0), ("src_v_chr_pos", 128),
    ]
    for (name, value) in options { try check(av_opt_set_int(context, name, value, 0), "av_opt_set_int(\(name))") }
    let coefficients = sws_getCoefficients(SWS_CS_ITU709)
    let unity: Int32 = 1 << 16
    try check(sws_init_context(scaler, nil, nil), "sws_init_context")
    try check(sws_setColorspaceDetails(scaler, coefficients, 0, coefficients, 1, 0, unity, unity), "sws_setColorspaceDetails")

    let sources: [UnsafePointer<UInt8>?] = [UnsafePointer(planes.y), UnsafePointer(planes.cb), UnsafePointer(planes.cr), nil]
    let strides = [Int32(planes.yStrideBytes), Int32(planes.cbStrideBytes), Int32(planes.crStrideBytes), 0]
    let targets: [UnsafeMutablePointer<UInt8>?] = [picture.pointee.data.0, nil, nil, nil]
    let targetStrides = [picture.pointee.linesize.0, 0, 0, 0]
    try check(sws_scale(scaler, sources, strides, 0, Int32(planes.height), targets, targetStrides), "sws_scale")
}
