import CFFmpeg

/// Makes the sound of a film out of any sound file: an `.m4a` of AAC-LC that starts exactly at 0.
///
/// AAC-LC in mono or stereo at 44.1 or 48 kHz is copied, packet by packet. Everything else is decoded and encoded once, at
/// 192 kb/s: 44.1 and 48 kHz stay, other rates become 48 kHz;
/// more than two channels are mixed down to stereo; holes become silence. The encoder's delay is taken off by the edit list and
/// the length is that of the source to the sample.
///
/// Deterministic. Written under `to`, flushed to the disk; on any error the unfinished file is the caller's to remove.
///
/// - Returns: what was written.
/// - Throws: `FilmError` where the source holds no sound or the output cannot be written; `CancellationError`.
/// - Cost: decoding, and encoding at some hundred times real time.
public func encodeAudio(
    from source: String, to path: String, isCancelled: @escaping () -> Bool = { false }
) throws -> AudioInfo {
    do {
        return try copyOrEncode(source, path, isCancelled)
    } catch let error as LibavError {
        throw FilmError(.input, "\(source) cannot be made into a film's sound: \(error).", underlying: error)
    }
}

private func copyOrEncode(_ source: String, _ path: String, _ isCancelled: @escaping () -> Bool) throws -> AudioInfo {
    if try mayBeCopied(source, isCancelled) {
        let info = try probeAudio(path: source, isCancelled: isCancelled)
        if info.isAACLC { return try copyAudio(from: source, info, to: path, isCancelled) }
    }
    let input = try AudioInput(path: source, isCancelled: isCancelled)
    let sampleRate = input.sampleRate == 44_100 || input.sampleRate == 48_000 ? input.sampleRate : 48_000
    let output = try AACOutput(path: path, sampleRate: sampleRate, channels: min(2, input.channels), isCancelled: isCancelled)
    let converter = try AudioConverter(sampleRate: sampleRate, channels: min(2, input.channels))
    var timeline = AudioTimeline(input)
    try output.appendSilence(rescaled(timeline.begin(delaySeconds: input.delayAfterVideoSeconds), input.sampleRate, sampleRate))
    try input.decode { frame in
        let silence = timeline.place(frame)
        if silence > 0 {
            try converter.drain(into: output)
            try output.appendSilence(rescaled(silence, timeline.sampleRate, sampleRate))
        }
        try converter.convert(frame, into: output)
        if isCancelled() { throw CancellationError() }
    }
    try converter.drain(into: output)
    let info = try AudioInfo(input, timeline)
    // The resampler's own rounding, a sample or two.
    let samples = rescaled(timeline.position, timeline.sampleRate, sampleRate)
    try output.finish(atLength: samples)
    return AudioInfo(
        durationSeconds: Double(samples) / Double(sampleRate), sampleCount: samples, codecName: "aac", sampleRate: sampleRate,
        channels: min(2, info.channels), isAACLC: true, damagedPackets: info.damagedPackets)
}

private func rescaled(_ samples: Int64, _ from: Int, _ to: Int) -> Int64 { av_rescale(samples, Int64(to), Int64(from)) }

/// Without reading the sound through: whether a closer look is worth it.
private func mayBeCopied(_ source: String, _ isCancelled: @escaping () -> Bool) throws -> Bool {
    let input = try AudioInput(path: source, isCancelled: isCancelled)
    return input.decoder.pointee.codec_id == AV_CODEC_ID_AAC
}
