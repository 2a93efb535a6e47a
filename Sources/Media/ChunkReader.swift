import CFFmpeg

/// Times that can be added and subtracted without overflow; a damaged file may hold any number.
let plausibleTimes: ClosedRange<Int64> = -(1 << 60)...(1 << 60)

/// Reads a chunk back, packet by packet in decode order, with presentation times in frames.
final class ChunkReader {
    private let reader: ContainerReader
    private let settings: VideoSettings
    let stream: UnsafeMutablePointer<AVStream>

    init(path: String, settings: VideoSettings, isCancelled: @escaping () -> Bool) throws {
        self.settings = settings
        // Raw times: the chunk's edit list only moves its start to 0.
        reader = try ContainerReader(path: path, formats: "mov", options: [("ignore_editlist", "1")], isCancelled: isCancelled)
        // Packets as they were written: nothing parsed, nothing made up.
        reader.context.pointee.flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN
        guard reader.context.pointee.nb_streams == 1, let first = reader.stream(0), let parameters = first.pointee.codecpar,
            parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO
        else { throw FilmError(.input, "The chunk \(path) does not hold one video stream.") }
        stream = first
        let plan = try EncoderPlan(settings)
        guard parameters.pointee.codec_id == plan.codec.pointee.id else {
            throw FilmError(.input, "The chunk \(path) holds \(String(cString: avcodec_get_name(parameters.pointee.codec_id))), not what \(settings.encoder) makes.")
        }
        // libav leaves the size of MPEG-4 Part 2 to its decoder; there the extradata, equal in all chunks, holds it.
        let isSizeKnown = parameters.pointee.width != 0 || parameters.pointee.codec_id != AV_CODEC_ID_MPEG4
        guard !isSizeKnown || (Int(parameters.pointee.width) == settings.width && Int(parameters.pointee.height) == settings.height) else {
            throw FilmError(.input, "The chunk \(path) is \(parameters.pointee.width)×\(parameters.pointee.height), not \(settings.width)×\(settings.height).")
        }
        guard stream.pointee.time_base.num == 1, stream.pointee.time_base.den == settings.ticks.timescale else {
            throw FilmError(.input, "The chunk \(path) was not made at \(settings.frameRate) frames per second.")
        }
    }

    /// Whether the file is made of whole boxes to its last byte. The demuxer forgives a torn end of the index.
    ///
    /// - Source: ISO/IEC 14496-12, 4.2.
    func holdsWholeBoxes() throws -> Bool {
        let total = reader.file.byteCount
        var offset: Int64 = 0
        while offset < total {
            let size = boxSize(at: offset)
            try reader.checkRead()
            guard let size, size >= 8, size <= total - offset else { return false }
            offset += size
        }
        return true
    }

    private func boxSize(at offset: Int64) -> Int64? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { header in
            guard let base = header.baseAddress, reader.file.read(into: base, count: 16, at: offset) >= 8 else { return nil }
            func bigEndian(_ range: Range<Int>) -> UInt64 { header[range].reduce(0) { $0 << 8 | UInt64($1) } }
            let short = bigEndian(0..<4)
            // 1: the size follows in 64 bits.
            return Int64(exactly: short == 1 ? bigEndian(8..<16) : short)
        }
    }

    var path: String { reader.file.path }
    var byteCount: Int64 { reader.file.byteCount }
    var extradata: [UInt8] {
        guard let parameters = stream.pointee.codecpar, let data = parameters.pointee.extradata else { return [] }
        return Array(UnsafeBufferPointer(start: data, count: Int(parameters.pointee.extradata_size)))
    }

    /// The next packet, and its presentation time in frames (counted from anywhere); nil at the end.
    func read(_ packet: Packet) throws -> Int64? {
        var damage: LibavError?
        guard try reader.read(packet, damaged: { damage = $0 }) else {
            if let damage { throw FilmError(.input, "The chunk \(path) is damaged: \(damage).", underlying: damage) }
            return nil
        }
        let pts = packet.pointer.pointee.pts
        let perFrame = settings.ticks.perFrame
        guard plausibleTimes.contains(pts), pts % perFrame == 0, packet.pointer.pointee.flags & AV_PKT_FLAG_CORRUPT == 0 else {
            throw FilmError(.input, "The chunk \(path) is damaged: a frame is not where the frame rate puts it.")
        }
        return pts / perFrame
    }
}

/// What joining needs to know of a chunk beforehand.
struct ChunkScan {
    var frameCount: Int
    /// The first frame's presentation time in frames, as the file counts.
    var firstTime: Int64
    /// How far decoding must run ahead of presentation, in frames: the largest `n - time` over the packets `n`.
    var reorderDepth: Int
    var extradata: [UInt8]
    var bytes: Int64

    init(path: String, settings: VideoSettings, isCancelled: @escaping () -> Bool) throws {
        let reader = try ChunkReader(path: path, settings: settings, isCancelled: isCancelled)
        guard try reader.holdsWholeBoxes() else { throw FilmError(.input, "The chunk \(path) is damaged: it ends before its time.") }
        let packet = try Packet()
        var times: [Int64] = []
        while let time = try reader.read(packet) {
            if times.isEmpty && packet.pointer.pointee.flags & AV_PKT_FLAG_KEY == 0 {
                throw FilmError(.input, "The chunk \(path) is damaged: it does not begin with a key frame.")
            }
            times.append(time)
        }
        guard let first = times.min() else { throw FilmError(.input, "The chunk \(path) has no frames.") }
        guard times[0] == first else { throw FilmError(.input, "The chunk \(path) is damaged: its first frame is not shown first.") }
        var seen = [Bool](repeating: false, count: times.count)
        var depth = 0
        for (order, time) in times.enumerated() {
            let index = Int(time - first)
            guard index < seen.count, !seen[index] else {
                throw FilmError(.input, "The chunk \(path) is damaged: its frames do not follow each other at a constant rate.")
            }
            seen[index] = true
            depth = max(depth, order - index)
        }
        frameCount = times.count
        firstTime = first
        reorderDepth = depth
        extradata = reader.extradata
        bytes = reader.byteCount
    }
}

/// Reads a chunk through and says what it holds: the right codec and size, a key frame first, every frame once at a constant
/// rate, each packet wholly there. Throws a `FilmError` for anything else. Pictures are not decoded.
///
/// - Cost: reading the file.
public func inspectChunk(
    path: String, settings: VideoSettings, isCancelled: @escaping () -> Bool = { false }
) throws -> ChunkInfo {
    let scan = try ChunkScan(path: path, settings: settings, isCancelled: isCancelled)
    return ChunkInfo(frameCount: scan.frameCount, bytes: scan.bytes)
}
