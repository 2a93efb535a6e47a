/// The media type that an object's name says, for objects that are written without one.
enum ContentType {
    static func ofKey(_ key: String) -> String {
        let name = key.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
        guard let dot = name.lastIndex(of: ".") else { return unknown }
        return known[name[name.index(after: dot)...].lowercased()] ?? unknown
    }

    static let unknown = "application/octet-stream"

    private static let known = [
        "json": "application/json", "txt": "text/plain; charset=utf-8", "srt": "application/x-subrip", "vtt": "text/vtt",
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif",
        "tif": "image/tiff", "tiff": "image/tiff", "bmp": "image/bmp", "avif": "image/avif",
        "mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg",
        "opus": "audio/ogg", "mp4": "video/mp4", "mkv": "video/x-matroska", "mov": "video/quicktime",
    ]
}
