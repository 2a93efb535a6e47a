/// Where things are in a store.
public enum StoreLayout {
    public static let projects = "projects/"
    public static let films = "videos/"
    /// Rendered chunks that machines share, by project.
    public static let segments = "segments/"

    public static func folder(ofProject id: String) -> String { "\(projects)\(id)/" }
    public static func manifest(ofProject id: String) -> String { "\(projects)\(id)/manifest.json" }
    /// What a key is below its project's folder: "images/a.jpg" of "projects/ID/images/a.jpg"; `nil` for others.
    public static func path(of key: String, inProject id: String) -> String? {
        let folder = folder(ofProject: id)
        return key.utf8.starts(with: folder.utf8) ? String(key.utf8.dropFirst(folder.utf8.count)) : nil
    }

    /// Whether an object is where a project's pictures and sounds are.
    static func isMedia(_ key: String, ofProject id: String) -> Bool {
        ["images/", "audio/"].contains { key.utf8.starts(with: (folder(ofProject: id) + $0).utf8) }
    }

    public static func film(ofProject id: String) -> String { "\(films)\(id)\(filmEnding)" }
    static func subtitles(ofFilm key: String) -> [String] { [".srt", ".vtt"].map { key.dropLast(".mp4".count) + $0 } }

    public static func segments(ofProject id: String) -> String { "\(segments)\(id)/" }

    /// What follows a chunk's key in that of its claim.
    package static let claimEnding = ".claim"
    package static func isClaim(_ key: String) -> Bool { key.utf8.suffix(claimEnding.utf8.count).elementsEqual(claimEnding.utf8) }

    /// The project that an object belongs to: "ID" of "projects/ID/images/a.jpg".
    static func project(of key: String, below folder: String) -> String? {
        guard let rest = key.utf8.starts(with: folder.utf8) ? key.utf8.dropFirst(folder.utf8.count) : nil,
            let slash = rest.firstIndex(of: UInt8(ascii: "/")), let id = String(rest[..<slash]), isProjectID(id)
        else { return nil }
        return id
    }

    /// The project whose film an object is; `nil` for anything else below `videos/`.
    static func project(ofFilm key: String) -> String? {
        guard key.utf8.starts(with: films.utf8), key.utf8.suffix(filmEnding.utf8.count).elementsEqual(filmEnding.utf8),
            let id = String(key.utf8.dropFirst(films.utf8.count).dropLast(filmEnding.utf8.count)), isProjectID(id)
        else { return nil }
        return id
    }

    /// Whether a text can be a project's id: one part of a key.
    public static func isProjectID(_ text: some StringProtocol) -> Bool {
        1...200 ~= text.utf8.count && text != "." && text != ".." && !text.utf8.contains(UInt8(ascii: "/"))
            && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    }

    /// Behind what was given.
    package static let notAnID = "cannot be the id of a project: allowed are 1 to 200 bytes without slashes and control characters"

    private static let filmEnding = "_final_video.mp4"
}
