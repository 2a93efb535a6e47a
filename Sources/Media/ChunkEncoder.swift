import CFFmpeg
import Resampling

/// What a chunk file holds.
public struct ChunkInfo: Hashable, Sendable {
    public let frameCount: Int
    public let bytes: Int64
}

/// Encodes consecutive frames into a chunk: an MP4 with one video stream that starts with an IDR and refers to nothing outside.
///
/// The same frames give the same bytes every time and on every thread. The file is written under the name given; without
/// `finish` it is left unfinished and is the caller's to remove.
///
/// Thread rule: one thread at a time.
public final class ChunkEncoder {
    private let settings: VideoSettings
    private let encoder: VideoEncoder
    private let writer: ContainerWriter
    private let stream: UnsafeMutablePointer<AVStream>
    private let pool: FramePool
    private let packet: Packet
    private var sentFrames = 0
    private var writtenPackets = 0

    public init(settings: VideoSettings, path: String) throws {
        let plan = try EncoderPlan(settings)
        self.settings = settings
        encoder = try plan.open()
        pool = FramePool(width: settings.width, height: settings.height)
        packet = try Packet()
        writer = try ContainerWriter(path: path, isCancelled: { false })
        let timescale = settings.ticks.timescale
        stream = try writer.addStream(timescale: timescale)
        try check(avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context), "avcodec_parameters_from_context")
        setVideoTags(stream, settings)
        try writer.writeHeader(options: [("video_track_timescale", "\(timescale)"), ("movie_timescale", "\(timescale)")])
    }

    /// A frame to fill, from the encoder's pool.
    public func makeFrame() throws -> VideoFrame { try VideoFrame(pool.frame()) }

    /// Encodes the next frame where it lies.
    public func encode(_ frame: LentFrame) throws { try encode(try VideoFrame(frame)) }

    /// Encodes the next frame.
    public func encode(_ frame: consuming VideoFrame) throws {
        _ = LibavLog.takeLastError()
        frame.pointer.pointee.pts = Int64(sentFrames)
        try encoder.send(frame.pointer)
        sentFrames += 1
        try writeReadyPackets()
    }

    /// Drains the encoder, writes the index, flushes the file to the disk and closes it.
    public func finish() throws -> ChunkInfo {
        if sentFrames == 0 { throw FilmError(.encoding, "The chunk \(writer.file.path) has no frames.") }
        try encoder.send(nil)
        try writeReadyPackets()
        if writtenPackets != sentFrames {
            throw FilmError(.encoding, "The encoder \(settings.encoder) made \(writtenPackets) packets of \(sentFrames) frames; Burns needs one for each.")
        }
        let path = writer.file.path
        try writer.finish()
        return ChunkInfo(frameCount: sentFrames, bytes: try OpenFile(reading: path, isCancelled: { false }).byteCount)
    }

    /// How far decode times run ahead of presentation times in the chunk, in frames. Decode times are counted here because not every
    /// encoder's can be had: SVT-AV1 leaves those of its last packets to chance. Joining finds the least that works for the film.
    private var reorderDepth: Int64 {
        guard let descriptor = avcodec_descriptor_get(encoder.context.pointee.codec_id), descriptor.pointee.props & AV_CODEC_PROP_REORDER != 0
        else { return 0 }
        // libx265 announces nothing; two layers of B-frames need 2, deeper pyramids of other encoders a little more.
        return max(4, Int64(encoder.context.pointee.has_b_frames))
    }

    private func writeReadyPackets() throws {
        while try encoder.receive(packet) {
            if writtenPackets == 0 && packet.pointer.pointee.flags & AV_PKT_FLAG_KEY == 0 {
                throw FilmError(.encoding, "The encoder \(settings.encoder) did not begin with a key frame.")
            }
            let perFrame = settings.ticks.perFrame
            let shown = packet.pointer.pointee.pts
            guard (0..<Int64(sentFrames)).contains(shown), Int64(writtenPackets) - reorderDepth <= shown else {
                throw FilmError(.encoding, "The encoder \(settings.encoder) put its frames into an order that Burns cannot follow.")
            }
            packet.pointer.pointee.stream_index = 0
            packet.pointer.pointee.pts = shown * perFrame
            packet.pointer.pointee.dts = (Int64(writtenPackets) - reorderDepth) * perFrame
            packet.pointer.pointee.duration = perFrame
            try writer.write(packet)
            writtenPackets += 1
        }
    }
}

/// What the container says about every chunk's and every film's video.
func setVideoTags(_ stream: UnsafeMutablePointer<AVStream>, _ settings: VideoSettings) {
    let rate = AVRational(num: settings.frameRate.numerator, den: settings.frameRate.denominator)
    stream.pointee.avg_frame_rate = rate
    stream.pointee.r_frame_rate = rate
    stream.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
    guard let parameters = stream.pointee.codecpar else { return }
    parameters.pointee.codec_type = AVMEDIA_TYPE_VIDEO
    parameters.pointee.width = Int32(settings.width)
    parameters.pointee.height = Int32(settings.height)
    parameters.pointee.format = AV_PIX_FMT_YUV420P.rawValue
    parameters.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
    parameters.pointee.color_primaries = AVCOL_PRI_BT709
    parameters.pointee.color_trc = AVCOL_TRC_BT709
    parameters.pointee.color_space = AVCOL_SPC_BT709
    parameters.pointee.color_range = AVCOL_RANGE_MPEG
    parameters.pointee.chroma_location = AVCHROMA_LOC_LEFT
    // 'hvc1': parameter sets in the sample description only, as Apple's players insist.
    parameters.pointee.codec_tag = parameters.pointee.codec_id == AV_CODEC_ID_HEVC ? fourCC("hvc1") : 0
}

func fourCC(_ text: StaticString) -> UInt32 {
    text.withUTF8Buffer { bytes in bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) } }
}
