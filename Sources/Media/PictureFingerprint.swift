import CFFmpeg
import CLCMS2

/// Canonical text of everything but the file that a decoded picture's samples depend on, for cache keys.
public var pictureFingerprint: String { "libavcodec \(avcodec_version()) lcms2 \(cmsGetEncodedCMMversion())" }
