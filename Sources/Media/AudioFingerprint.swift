import CFFmpeg

/// Canonical text of everything but the source that an encoded sound depends on, for cache keys.
public var encodedAudioFingerprint: String {
    let options = AACOutput.options.map { "\($0)=\($1)" }.joined(separator: " ")
    return "aac-lc \(options) libavcodec \(avcodec_version()) libswresample \(swresample_version())"
}
