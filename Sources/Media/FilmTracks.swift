import CFFmpeg

/// One track of a film being written: its next packet, and when that is decoded.
protocol FilmTrack: AnyObject {
    /// The next packet, its stream index and times set; nil when there is no more.
    var packet: Packet? { get }
    /// Decode time of the next packet in seconds: what interleaving goes by.
    var seconds: Double { get }
    func advance() throws
}

/// The chunks' packets, in order, with times counted through the whole film.
final class ChunksTrack: FilmTrack {
    private let paths: [String]
    private let scans: [ChunkScan]
    private let settings: VideoSettings
    private let stream: UnsafeMutablePointer<AVStream>
    private let isCancelled: () -> Bool
    private let buffer: Packet
    private let reorderDepth: Int
    private var reader: ChunkReader?
    private var nextChunk = 0
    private var firstFrameOfChunk = 0
    private var readInChunk = 0
    /// Packets handed out: the decode-order index of the next one.
    private(set) var count = 0
    private(set) var packet: Packet?

    init(
        paths: [String], scans: [ChunkScan], settings: VideoSettings, stream: UnsafeMutablePointer<AVStream>,
        isCancelled: @escaping () -> Bool
    ) throws {
        self.paths = paths
        self.scans = scans
        self.settings = settings
        self.stream = stream
        self.isCancelled = isCancelled
        buffer = try Packet()
        reorderDepth = scans.map(\.reorderDepth).max() ?? 0
    }

    var seconds: Double { Double(count - 1 - reorderDepth) / settings.frameRate.value }

    func advance() throws {
        while true {
            if let reader {
                let scan = scans[nextChunk - 1]
                if let time = try reader.read(buffer) {
                    guard readInChunk < scan.frameCount else { throw changed() }
                    let perFrame = settings.ticks.perFrame
                    let shown = Int64(firstFrameOfChunk) + time - scan.firstTime
                    buffer.pointer.pointee.stream_index = stream.pointee.index
                    buffer.pointer.pointee.pts = shown * perFrame
                    buffer.pointer.pointee.dts = Int64(count - reorderDepth) * perFrame
                    buffer.pointer.pointee.duration = perFrame
                    // The muxer chose the unit when it wrote the header.
                    av_packet_rescale_ts(buffer.pointer, AVRational(num: 1, den: settings.ticks.timescale), stream.pointee.time_base)
                    count += 1
                    readInChunk += 1
                    packet = buffer
                    return
                }
                guard readInChunk == scan.frameCount else { throw changed() }
                firstFrameOfChunk += scan.frameCount
                self.reader = nil
            }
            if nextChunk == paths.count {
                packet = nil
                return
            }
            reader = try ChunkReader(path: paths[nextChunk], settings: settings, isCancelled: isCancelled)
            readInChunk = 0
            nextChunk += 1
        }
    }

    private func changed() -> FilmError { FilmError(.input, "The chunk \(paths[nextChunk - 1]) changed while it was read.") }
}

/// The packets of an `.m4a` made by `encodeAudio`, as they are.
final class SoundTrack: FilmTrack {
    private let reader: ContainerReader
    private let source: UnsafeMutablePointer<AVStream>
    private let stream: UnsafeMutablePointer<AVStream>
    private let buffer: Packet
    private(set) var packet: Packet?
    private(set) var seconds: Double = 0

    init(reader: ContainerReader, source: UnsafeMutablePointer<AVStream>, stream: UnsafeMutablePointer<AVStream>) throws {
        self.reader = reader
        self.source = source
        self.stream = stream
        buffer = try Packet()
    }

    func advance() throws {
        var damage: LibavError?
        repeat {
            guard try reader.read(buffer, damaged: { damage = $0 }) else {
                if let damage { throw FilmError(.input, "The sound \(reader.file.path) is damaged: \(damage).", underlying: damage) }
                packet = nil
                return
            }
        } while buffer.pointer.pointee.stream_index != source.pointee.index
        av_packet_rescale_ts(buffer.pointer, source.pointee.time_base, stream.pointee.time_base)
        buffer.pointer.pointee.stream_index = stream.pointee.index
        seconds = Double(buffer.pointer.pointee.dts) * av_q2d(stream.pointee.time_base)
        packet = buffer
    }
}

/// Timed text.
final class CaptionsTrack: FilmTrack {
    private let samples: [TimedTextSample]
    private let stream: UnsafeMutablePointer<AVStream>
    private let buffer: Packet
    private var next = 0
    private(set) var packet: Packet?
    private(set) var seconds: Double = 0

    init(samples: [TimedTextSample], stream: UnsafeMutablePointer<AVStream>) throws {
        self.samples = samples
        self.stream = stream
        buffer = try Packet()
    }

    func advance() throws {
        guard next < samples.count else {
            packet = nil
            return
        }
        let sample = samples[next]
        next += 1
        let bytes = TimedText.payload(sample.text)
        av_packet_unref(buffer.pointer)
        try check(av_new_packet(buffer.pointer, Int32(bytes.count)), "av_new_packet")
        buffer.pointer.pointee.data?.update(from: bytes, count: bytes.count)
        buffer.pointer.pointee.stream_index = stream.pointee.index
        buffer.pointer.pointee.pts = sample.start
        buffer.pointer.pointee.dts = sample.start
        buffer.pointer.pointee.duration = sample.duration
        buffer.pointer.pointee.flags |= AV_PKT_FLAG_KEY
        av_packet_rescale_ts(buffer.pointer, AVRational(num: 1, den: TimedText.timescale), stream.pointee.time_base)
        seconds = Double(sample.start) / Double(TimedText.timescale)
        packet = buffer
    }
}
