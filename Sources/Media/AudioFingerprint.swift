import CFFmpeg

/// Canonical text of everything but the source that an encoded sound depends on, for cache keys: the encoder's settings, the
/// release of FFmpeg and the versions of its libraries.
public var encodedAudioFingerprint: String {
    let options = AACOutput.options.map { "\($0)=\($1)" }.joined(separator: " ")
    let versions = [
        ("libavcodec", avcodec_version()), ("libavformat", avformat_version()), ("libswresample", swresample_version()),
    ].map { "\($0.0)=\(versionText($0.1))" }.joined(separator: " ")
    return "aac-lc bit_rate=\(AACOutput.bitRate) \(options) ffmpeg=\(String(cString: av_version_info())) \(versions)"
}
