import CFFmpeg

/// What a sound file holds.
public struct AudioInfo: Hashable, Sendable {
    /// From counted samples, the encoder's delay and padding taken off.
    public let durationSeconds: Double
    /// Samples of one channel in that duration, at `sampleRate`.
    public let sampleCount: Int64
    /// libav's name: "mp3", "aac", "pcm_s16le"…
    public let codecName: String
    public let sampleRate: Int
    public let channels: Int
    /// AAC-LC in mono or stereo at 44.1 or 48 kHz without holes: goes into a film as it is.
    public let isAACLC: Bool
    /// Packets that could not be decoded and are silence: worth a warning where it is not 0.
    public let damagedPackets: Int
}

/// Reads a sound file through and says what it holds; the best audio stream of a video file; a cover picture is no matter.
///
/// A sound that ends early or is damaged in places is read as far as it goes (`damagedPackets` counts).
///
/// - Throws: `FilmError` where there is no sound; `CancellationError`.
/// - Cost: decodes everything, about a second for an hour of mp3.
public func probeAudio(path: String, isCancelled: @escaping () -> Bool = { false }) throws -> AudioInfo {
    let input = try AudioInput(path: path, isCancelled: isCancelled)
    var timeline = AudioTimeline(input)
    _ = timeline.begin(delaySeconds: input.delayAfterVideoSeconds)
    try input.decode { _ = timeline.place($0) }
    return try AudioInfo(input, timeline)
}

extension AudioInfo {
    init(_ input: AudioInput, _ timeline: AudioTimeline) throws {
        // Random bytes hold something like a frame here and there.
        guard input.decodedFrames > 0, input.damagedPackets <= input.decodedFrames else {
            throw FilmError(.input, "\(input.path) holds no sound that can be decoded (\(input.decodedFrames) frames good, \(input.damagedPackets) damaged).")
        }
        let decoder = input.decoder.pointee
        sampleRate = timeline.sampleRate
        sampleCount = timeline.position
        durationSeconds = Double(timeline.position) / Double(timeline.sampleRate)
        codecName = String(cString: avcodec_get_name(decoder.codec_id))
        channels = input.channels
        damagedPackets = input.damagedPackets
        // The decoder corrects the profile when it meets the extensions of HE-AAC.
        isAACLC = decoder.codec_id == AV_CODEC_ID_AAC && decoder.profile == FF_PROFILE_AAC_LOW && (1...2).contains(input.channels)
            && (sampleRate == 44_100 || sampleRate == 48_000) && decoder.sample_rate == Int32(sampleRate)
            && input.damagedPackets == 0 && timeline.silentSamples == 0 && input.delayAfterVideoSeconds == 0
    }
}
