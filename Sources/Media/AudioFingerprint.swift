import CFFmpeg

/// Canonical text of everything but the source that an encoded sound depends on, for cache keys.
public var encodedAudioFingerprint: String { "aac-lc libavcodec \(avcodec_version()) libswresample \(swresample_version())" }
