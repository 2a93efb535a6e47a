import CFFmpeg
import Glibc

/// A decoded AVFrame with one owner.
final class PictureFrame {
    let frame: UnsafeMutablePointer<AVFrame>

    init(_ frame: UnsafeMutablePointer<AVFrame>) { self.frame = frame }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }
}

/// One packet into a libavcodec picture decoder, one frame out: no container code, which would decode every picture twice.
final class PictureDecoder {
    private let context: UnsafeMutablePointer<AVCodecContext>
    private let format: PictureFormat

    /// - Parameter header: what the file promises; its decoder gets memory for no more, whatever the file holds.
    init(_ header: PictureHeader) throws(PictureError) {
        format = header.format
        guard let codec = PictureDecoder.codec(format) else {
            throw PictureError(.unsupported("a \(format), for which this FFmpeg has no decoder"))
        }
        guard let context = avcodec_alloc_context3(codec) else { throw PictureError(.outOfMemory) }
        self.context = context
        // Decoders round sizes up to whole blocks.
        context.pointee.max_pixels = Int64((header.width + 128) * (header.height + 128))
        context.pointee.thread_count = 1
        context.pointee.flags |= Int32(AV_CODEC_FLAG_BITEXACT)
        context.pointee.idct_algo = FF_IDCT_SIMPLE
        // Half a picture must be an error: libav's default is to show what it has.
        // In TIFF it also means to refuse tags that libav does not know.
        context.pointee.err_recognition = Int32(format == .tiff ? AV_EF_CRCCHECK : AV_EF_CRCCHECK | AV_EF_EXPLODE)
        if PictureUnwritten.marks(format) { context.pointee.get_buffer2 = PictureUnwritten.getBuffer }
        let code = avcodec_open2(context, codec, nil)
        if code < 0 { throw PictureError.decoding(format, code, "avcodec_open2") }
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
    }

    private static func codec(_ format: PictureFormat) -> UnsafePointer<AVCodec>? {
        switch format {
        case .jpeg: avcodec_find_decoder(AV_CODEC_ID_MJPEG)
        case .png: avcodec_find_decoder(AV_CODEC_ID_PNG)
        case .webp: avcodec_find_decoder(AV_CODEC_ID_WEBP)
        case .tiff: avcodec_find_decoder(AV_CODEC_ID_TIFF)
        case .gif: avcodec_find_decoder(AV_CODEC_ID_GIF)
        case .bmp: avcodec_find_decoder(AV_CODEC_ID_BMP)
        // The "av1" decoder that libav prefers needs a GPU.
        case .avif: avcodec_find_decoder_by_name("libdav1d")
        }
    }

    /// Decodes one picture.
    ///
    /// - Parameters:
    ///   - bytes: the file.
    ///   - payload: its parts that make up the packet, behind `preamble`. A payload that is one range is not copied.
    func decode(_ bytes: PictureFileBytes, payload: [Range<Int>], preamble: [UInt8] = []) throws(PictureError) -> PictureFrame {
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet else { throw PictureError(.outOfMemory) }
        let count = payload.reduce(preamble.count) { $0 + $1.count }
        if count > Int(Int32.max) - 64 { throw PictureError(.tooManyBytes(size: count, maximum: Int(Int32.max) - 64)) }
        if preamble.isEmpty, payload.count == 1, payload[0].upperBound == bytes.size {
            // A packet without an owner for its bytes would be copied; these outlive the decoder, so nothing is to be freed.
            let start = bytes.base + payload[0].lowerBound
            guard let buffer = av_buffer_create(start, count + Int(AV_INPUT_BUFFER_PADDING_SIZE), { _, _ in }, nil, 0) else {
                throw PictureError(.outOfMemory)
            }
            packet.pointee.buf = buffer
            packet.pointee.data = start
            packet.pointee.size = Int32(count)
        } else {
            guard av_new_packet(packet, Int32(count)) == 0, var to = packet.pointee.data else { throw PictureError(.outOfMemory) }
            to.update(from: preamble, count: preamble.count)
            to += preamble.count
            for range in payload {
                memcpy(to, bytes.base + range.lowerBound, range.count)
                to += range.count
            }
        }
        packet.pointee.flags |= AV_PKT_FLAG_KEY

        var code = avcodec_send_packet(context, packet)
        if code < 0 { throw PictureError.decoding(format, code, "avcodec_send_packet") }
        // Says that no other packet comes, so that decoders with a delay give what they have.
        code = avcodec_send_packet(context, nil)
        if code < 0 { throw PictureError.decoding(format, code, "avcodec_send_packet") }
        guard let allocated = av_frame_alloc() else { throw PictureError(.outOfMemory) }
        let frame = PictureFrame(allocated)
        code = avcodec_receive_frame(context, frame.frame)
        if code == burns_av_eof || code == burns_av_eagain { throw PictureError(.broken(format, "it holds no whole picture")) }
        if code < 0 { throw PictureError.decoding(format, code, "avcodec_receive_frame") }
        if frame.frame.pointee.decode_error_flags != 0 || frame.frame.pointee.flags & Int32(AV_FRAME_FLAG_CORRUPT) != 0 {
            throw PictureError(.broken(format, "a part of its pixels is damaged"))
        }
        return frame
    }
}

extension PictureError {
    static func decoding(_ format: PictureFormat, _ code: Int32, _ call: String) -> PictureError {
        if code == burns_av_enomem { return PictureError(.outOfMemory) }
        if code == burns_av_patchwelcome { return PictureError(.unsupported("a \(format) of a rare kind")) }
        return PictureError(.libav(format, LibavError(call: call, code: code)))
    }
}
