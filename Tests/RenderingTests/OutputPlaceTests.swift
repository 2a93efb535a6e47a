import Files
import Foundation
import Glibc
import Rendering
import TestSupport
import Testing

@Suite struct OutputPlaceTests {
    @Test func takesANewAndAnOldFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("old", "old.mp4")
        try OutputPlace.check(folder.path + "/new.mp4", isNot: [])
        try OutputPlace.check(folder.path + "/old.mp4", isNot: [folder.path + "/other"])
    }

    @Test(arguments: ["", "sub", "sub/", "none/film.mp4", "none/", "input", "symbolic", "hard", "sub/../input", String(repeating: "x", count: 256)])
    func refuses(name: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("x", "input")
        try folder.write("x", "sub/file")
        #expect(symlink("input", folder.path + "/symbolic") == 0)
        #expect(link(folder.path + "/input", folder.path + "/hard") == 0)
        #expect(throws: RenderError.self) {
            try OutputPlace.check(name.isEmpty ? "" : folder.path + "/" + name, isNot: [folder.path + "/input"])
        }
    }

    @Test func devicesAreNotReplaced() throws {
        #expect(throws: RenderError.self) { try OutputPlace.check("/dev/null", isNot: []) }
        try OutputPlace.check("/dev/null", isNot: [], allowsDevices: true)
        try OutputPlace.write("text", to: "/dev/null")
        var status = stat()
        #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test(arguments: [
        ("a/film.mp4", "a/film"), ("film", "film"), ("a.b/film", "a.b/film"), ("a/b.c.mp4", "a/b.c"), ("/film.mp4", "/film"),
    ])
    func subtitlesAreBesideTheFilm(film: String, stem: String) {
        let paths = OutputPlace.subtitlePaths(beside: film)
        #expect(paths.srt == stem + ".srt" && paths.vtt == stem + ".vtt")
    }
}

@Suite struct ChunkCacheTests {
    private func entry(_ digit: Character, _ suffix: String = "mp4") -> String { String(repeating: digit, count: 64) + "." + suffix }

    @Test func whatWasNotUsedForLongestGoesFirst() throws {
        let folder = try TemporaryFolder()
        let cache = try ChunkCache(folder: folder.path, limitBytes: 2500)
        for (age, digit) in "abcd".enumerated() {
            try folder.write(Data(count: 1000), entry(digit))
            var times = [timespec(tv_sec: 1000 + age, tv_nsec: 0), timespec(tv_sec: 1000 + age, tv_nsec: 0)]
            #expect(utimensat(AT_FDCWD, folder.path + "/" + entry(digit), &times, 0) == 0)
        }
        // Not the cache's: whoever named the wrong folder keeps his files.
        try folder.write(Data(count: 9000), "holiday.mp4")
        cache.trim()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [entry("c"), entry("d"), "holiday.mp4"])
    }

    @Test(arguments: ["/proc/cache", "/dev/null", "/dev/null/cache"])
    func refusesAFolderThatCannotBe(path: String) {
        #expect(throws: FileError.self) { _ = try ChunkCache(folder: path) }
    }
}
