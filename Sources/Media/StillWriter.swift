import CFFmpeg

/// Encodes one picture in this thread and writes it as a file under `path`, flushed to the disk; on an error the unfinished file is
/// the caller's to remove.
///
/// - Parameter configure: sets what the encoder is opened with, besides the picture's size and format.
func writeStill(
    _ picture: UnsafeMutablePointer<AVFrame>, _ id: AVCodecID, to path: String,
    _ configure: (UnsafeMutablePointer<AVCodecContext>) -> Void
) throws {
    guard let codec = avcodec_find_encoder(id) else {
        throw FilmError(.output, "\(path) cannot be written: this FFmpeg has no encoder for \(String(cString: avcodec_get_name(id))).")
    }
    var context: UnsafeMutablePointer<AVCodecContext>? = avcodec_alloc_context3(codec)
    defer { avcodec_free_context(&context) }
    let encoder = try checkAllocated(context, "avcodec_alloc_context3")
    encoder.pointee.width = picture.pointee.width
    encoder.pointee.height = picture.pointee.height
    encoder.pointee.pix_fmt = AVPixelFormat(rawValue: picture.pointee.format)
    encoder.pointee.time_base = AVRational(num: 1, den: 1)
    encoder.pointee.thread_count = 1
    encoder.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
    configure(encoder)
    try check(avcodec_open2(encoder, codec, nil), "avcodec_open2")
    try check(avcodec_send_frame(encoder, picture), "avcodec_send_frame")
    let packet = try Packet()
    try check(avcodec_receive_packet(encoder, packet.pointer), "avcodec_receive_packet")

    let file = try OpenFile(writing: path, isCancelled: { false })
    guard let data = packet.pointer.pointee.data, file.write(data, count: Int(packet.pointer.pointee.size), at: 0) >= 0 else {
        throw FilmError(.output, "\(path) cannot be written: \(systemText(file.errorNumber)).")
    }
    try file.flushAndClose()
}
