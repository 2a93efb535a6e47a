import Files
import Glibc
import Media

/// Where results go: never over a project's own files, and whole or not at all.
public enum OutputPlace {
    /// Refuses a place that cannot take a file, before any work is done.
    ///
    /// - Parameters:
    ///   - inputs: files of the project, which an output must not replace.
    ///   - allowsDevices: pipes, terminals and the like are written to as they are, not replaced.
    ///   - hasFolder: the folder has to be there.
    public static func check(
        _ path: String, isNot inputs: [String], allowsDevices: Bool = false, hasFolder: Bool = true
    ) throws(RenderError) {
        let place = PathParts(path)
        guard !path.isEmpty, place.name.utf8.count <= 255 else {
            throw RenderError("an output cannot be named \"\(path)\"; a name has 1 to 255 bytes")
        }
        var status = stat()
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR {
                throw RenderError("\(path) is a folder; name a file in it, like \(path.hasSuffix("/") ? path : path + "/")film.mp4")
            }
            guard allowsDevices || status.st_mode & S_IFMT == S_IFREG else {
                throw RenderError("\(path) is a device or a pipe, not a file; a film needs a file that can be written anywhere in it")
            }
            for input in inputs {
                var other = stat()
                if stat(input, &other) == 0, other.st_dev == status.st_dev, other.st_ino == status.st_ino {
                    throw RenderError("\(path) is one of the project's own files and is not overwritten; name another output")
                }
            }
        }
        guard hasFolder else { return }
        guard stat(place.folder, &status) == 0 else {
            throw RenderError("the folder \(place.folder) is not there; make it first, or name another output")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw RenderError("\(place.folder) is not a folder; name another output")
        }
    }

    /// Refuses a place for a small file where nothing can be written, before any work is done.
    public static func checkWritable(_ path: String) throws {
        try check(path, isNot: [], allowsDevices: true)
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        if !isSpecial { withExtendedLifetime(try StagedFile(for: path)) {} }
    }

    /// Refuses names that promise something else than the MP4 that a film is.
    public static func checkIsFilm(_ path: String) throws(RenderError) {
        let name = PathParts(path).name.lowercased()
        guard [".mp4", ".m4v"].contains(where: name.hasSuffix) else {
            throw RenderError("\(path): films are MP4; name one that ends in .mp4")
        }
    }

    /// Refuses outputs of one command that would replace each other.
    public static func checkDistinct(_ paths: [String]) throws(RenderError) {
        var seen: Set<String> = []
        for path in paths {
            let place = PathParts(path)
            let folder = realpath(place.folder, nil).map { resolved in
                defer { free(resolved) }
                return String(cString: resolved)
            }
            guard seen.insert("\(folder ?? place.folder)/\(place.name)").inserted else {
                throw RenderError("\(path) is named for two outputs; give each a name of its own")
            }
        }
    }

    /// Writes a small text under a temporary name, then renames it.
    public static func write(_ text: String, to path: String) throws(FileError) {
        // A device like /dev/stdout has no place beside it to rename from.
        var status = stat()
        let isSpecial = stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
        if isSpecial {
            try writeAll(text, to: path)
        } else {
            let file = try StagedFile(for: path)
            try writeAll(text, to: file.temporaryPath)
            try file.commit()
        }
    }

    /// The names of the subtitle files beside a film.
    public static func subtitlePaths(beside film: String) -> (srt: String, vtt: String) {
        let name = PathParts(film).name
        let ending = name.lastIndex(of: ".").map { name[$0...].utf8.count } ?? 0
        let stem = String(decoding: film.utf8.dropLast(ending), as: UTF8.self)
        return (stem + ".srt", stem + ".vtt")
    }

    /// Writes `.srt` and `.vtt` beside a film.
    public static func writeSubtitles(_ captions: [Caption], beside film: String) throws(FileError) {
        let paths = subtitlePaths(beside: film)
        try write(SubtitleFile.srt(captions), to: paths.srt)
        try write(SubtitleFile.vtt(captions), to: paths.vtt)
    }

    private static func writeAll(_ text: String, to path: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, operation: "write", errno: errno) }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError(path: path, operation: "write", errno: errno) }
            bytes = bytes.dropFirst(count)
        }
    }
}
