import CFFmpeg

/// Joins chunks into a film, without encoding anything again, with the sound, chapters and captions.
///
/// Packets are copied in order; their times are counted anew through the whole film: decode time = index - D, where D is the
/// least delay that keeps every frame decoded before it is shown. The index comes before the media (faststart). Written under
/// `path`, flushed to the disk; on any error the unfinished file is the caller's to remove.
///
/// - chunks: in order, with the frames that each must have.
/// - audio: an `.m4a` from `encodeAudio`; nil: a film without sound.
/// - progress: 0…1, now and then.
/// - Throws: `FilmError` naming the file; `CancellationError`.
/// - Cost: reads every chunk twice, writes the film once and moves it once.
public func assembleFilm(
    chunks: [(path: String, frameCount: Int)], settings: VideoSettings, audio: String?, description: FilmDescription,
    to path: String, progress: (Double) -> Void = { _ in }, isCancelled: @escaping () -> Bool = { false }
) throws {
    let scans = try scanChunks(chunks, settings: settings, isCancelled: isCancelled)
    let frameCount = scans.reduce(0) { $0 + $1.frameCount }

    let writer = try ContainerWriter(path: path, isCancelled: isCancelled)
    let first = try ChunkReader(path: chunks[0].path, settings: settings, isCancelled: isCancelled)
    let timescale = settings.ticks.timescale
    let video = try writer.addStream(first.stream.pointee.codecpar, timescale: timescale)
    setVideoTags(video, settings)

    var soundParts: (ContainerReader, UnsafeMutablePointer<AVStream>, UnsafeMutablePointer<AVStream>)?
    if let audio {
        let reader = try ContainerReader(path: audio, formats: "mov", isCancelled: isCancelled)
        let index = av_find_best_stream(reader.context, AVMEDIA_TYPE_AUDIO, -1, -1, nil, 0)
        guard index >= 0, let source = reader.stream(Int(index)), let parameters = source.pointee.codecpar else {
            throw FilmError(.input, "\(audio) has no sound in it.")
        }
        let stream = try writer.addStream(parameters, timescale: parameters.pointee.sample_rate)
        stream.pointee.codecpar.pointee.codec_tag = 0
        av_dict_set(&stream.pointee.metadata, "language", description.language, 0)
        soundParts = (reader, source, stream)
    }

    var captionParts: ([TimedTextSample], UnsafeMutablePointer<AVStream>)?
    if let captions = description.captions {
        let samples = TimedText.samples(captions)
        if !samples.isEmpty { captionParts = (samples, try addCaptionsStream(writer, language: description.language)) }
    }
    if !description.title.isEmpty { av_dict_set(&writer.context.pointee.metadata, "title", description.title, 0) }
    try addChapters(description.chapters, to: writer)

    try writer.writeHeader(options: [
        ("movflags", "+faststart"), ("video_track_timescale", "\(timescale)"),
        // The edit lists' unit: milliseconds, the default, would move the sound's start and end.
        ("movie_timescale", "\(timescale)"),
    ])

    let frames = try ChunksTrack(
        paths: chunks.map(\.path), scans: scans, settings: settings, stream: video, isCancelled: isCancelled)
    var tracks: [any FilmTrack] = [frames]
    if let (reader, source, stream) = soundParts { tracks.append(try SoundTrack(reader: reader, source: source, stream: stream)) }
    if let (samples, stream) = captionParts { tracks.append(try CaptionsTrack(samples: samples, stream: stream)) }
    for track in tracks { try track.advance() }
    while true {
        var next: (any FilmTrack, Packet)?
        for track in tracks {
            guard let packet = track.packet else { continue }
            if let chosen = next?.0, chosen.seconds <= track.seconds { continue }
            next = (track, packet)
        }
        guard let (track, packet) = next else { break }
        try writer.write(packet)
        try track.advance()
        if track === frames && frames.count % 64 == 0 {
            if isCancelled() { throw CancellationError() }
            progress(Double(frames.count) / Double(frameCount + 1))
        }
    }
    try writer.finish()
    progress(1)
}

private func scanChunks(
    _ chunks: [(path: String, frameCount: Int)], settings: VideoSettings, isCancelled: @escaping () -> Bool
) throws -> [ChunkScan] {
    if chunks.isEmpty { throw FilmError(.input, "A film without chunks cannot be made.") }
    var scans: [ChunkScan] = []
    for chunk in chunks {
        let scan = try ChunkScan(path: chunk.path, settings: settings, isCancelled: isCancelled)
        guard scan.frameCount == chunk.frameCount else {
            throw FilmError(.input, "The chunk \(chunk.path) has \(scan.frameCount) frames instead of \(chunk.frameCount).")
        }
        if let first = scans.first, first.extradata != scan.extradata {
            throw FilmError(.input, "The chunk \(chunk.path) was encoded differently from \(chunks[0].path); they cannot be joined.")
        }
        scans.append(scan)
    }
    return scans
}

private func addCaptionsStream(_ writer: ContainerWriter, language: String) throws -> UnsafeMutablePointer<AVStream> {
    let stream = try writer.addStream(timescale: TimedText.timescale)
    guard let parameters = stream.pointee.codecpar else { throw LibavError(call: "avformat_new_stream", code: burns_av_enomem) }
    parameters.pointee.codec_type = AVMEDIA_TYPE_SUBTITLE
    parameters.pointee.codec_id = AV_CODEC_ID_MOV_TEXT
    let bytes = TimedText.sampleDescription
    let extradata = try checkAllocated(av_mallocz(bytes.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)), "av_mallocz")
    extradata.copyMemory(from: bytes, byteCount: bytes.count)
    parameters.pointee.extradata = extradata.assumingMemoryBound(to: UInt8.self)
    parameters.pointee.extradata_size = Int32(bytes.count)
    av_dict_set(&stream.pointee.metadata, "language", language, 0)
    return stream
}

/// libavformat's own way to add a chapter is private; what it does is this.
private func addChapters(_ chapters: [Chapter], to writer: ContainerWriter) throws {
    let kept = chapters.filter { $0.endSeconds > $0.startSeconds }
    if kept.isEmpty { return }
    let array = try checkAllocated(av_calloc(kept.count, MemoryLayout<UnsafeMutablePointer<AVChapter>?>.stride), "av_calloc")
        .assumingMemoryBound(to: UnsafeMutablePointer<AVChapter>?.self)
    writer.context.pointee.chapters = array
    for (index, chapter) in kept.enumerated() {
        let memory = try checkAllocated(av_mallocz(MemoryLayout<AVChapter>.size), "av_mallocz").assumingMemoryBound(to: AVChapter.self)
        memory.pointee.id = Int64(index)
        memory.pointee.time_base = AVRational(num: 1, den: 1_000_000)
        memory.pointee.start = Int64((max(0, min(chapter.startSeconds, 1e9)) * 1e6).rounded())
        memory.pointee.end = Int64((max(0, min(chapter.endSeconds, 1e9)) * 1e6).rounded())
        av_dict_set(&memory.pointee.metadata, "title", chapter.title, 0)
        array[index] = memory
        // Counted one by one: the context frees what is counted, whatever fails later.
        writer.context.pointee.nb_chapters = UInt32(index + 1)
    }
}
