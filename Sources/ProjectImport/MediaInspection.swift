import Glibc
import Media

/// What a file really is, whatever its name and its sender say.
enum MediaInspection {
    /// Reads a picture's structure to its end, without decoding.
    ///
    /// - Parameters:
    ///   - path: is opened, and not shown.
    ///   - claimedType: a media type, for messages.
    static func picture(
        path: String, name: String, claimedType: String? = nil, limits: PictureLimits
    ) throws(MediaFailure) -> PictureHeader {
        do throws(PictureError) {
            return try PictureHeader.verifyComplete(path: path, limits: limits)
        } catch {
            guard let page = pageKind(path) else { throw MediaFailure(name, "\(error)") }
            let claim = claimedType.map { ", although it was sent as \($0.prefix(60))" } ?? ""
            throw MediaFailure(name, "it is \(page) and no picture\(claim)")
        }
    }

    /// Decodes a sound through.
    ///
    /// - Throws: `MediaFailure`, `CancellationError`
    static func sound(path: String, name: String) throws -> SoundFormat {
        do {
            _ = try probeAudio(path: path) { Task.isCancelled }
        } catch let error as FilmError {
            // The path is of no use to anybody where it is that of a file without a name.
            let parts = error.message.split(separator: path, maxSplits: 1, omittingEmptySubsequences: false)
            throw MediaFailure(parts.joined(separator: name))
        }
        return SoundFormat(start(path, count: 64))
    }

    /// What people most often get in place of a picture.
    private static func pageKind(_ path: String) -> String? {
        let text = String(decoding: start(path, count: 1024), as: UTF8.self).lowercased()
        let trimmed = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if ["<!doctype html", "<html", "<head", "<body", "<script"].contains(where: { trimmed.hasPrefix($0) }) {
            return "a web page (HTML)"
        }
        if trimmed.hasPrefix("<svg") || trimmed.hasPrefix("<?xml") && trimmed.contains("<svg") { return "a drawing (SVG)" }
        if trimmed.hasPrefix("<?xml") { return "an XML document" }
        return nil
    }

    private static func start(_ path: String, count: Int) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return beginning(of: descriptor, count: count)
    }
}

extension PictureFormat {
    var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .png: "png"
        case .webp: "webp"
        case .tiff: "tif"
        case .gif: "gif"
        case .bmp: "bmp"
        case .avif: "avif"
        }
    }
}

/// The container of a sound that libav has read, by its first bytes.
struct SoundFormat: Hashable {
    /// Without the dot.
    let fileExtension: String

    init(_ start: [UInt8]) {
        func has(_ text: StaticString, at place: Int = 0) -> Bool {
            text.withUTF8Buffer { start.dropFirst(place).starts(with: $0) }
        }
        let second = start.count > 1 && start[0] == 0xFF ? start[1] : 0
        fileExtension =
            if has("ID3") { "mp3" }
            else if second & 0xF6 == 0xF0 { "aac" }
            else if second & 0xE0 == 0xE0 { "mp3" }
            else if has("RIFF"), has("WAVE", at: 8) { "wav" }
            else if has("fLaC") { "flac" }
            else if has("OggS") { "ogg" }
            else if has("ftyp", at: 4) { "m4a" }
            else if start.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { "mkv" }
            else { "audio" }
    }
}
