import Foundation
import Glibc
import Testing

@Suite struct OutputTests {
    private let sandbox: Sandbox
    private let project: String

    init() throws {
        sandbox = try Sandbox()
        project = try ProjectFixture.make(in: sandbox) { manifest, folder in
            try Files.copy(ProjectFixture.earthrise + "/audio/narration.mp3", to: folder + "/sound.mp3")
            manifest["audio_file"] = ["path": "sound.mp3"]
        }
    }

    private func everything() throws -> [String: Data] {
        let names = (FileManager.default.enumerator(atPath: project)?.allObjects as? [String]) ?? []
        return try Dictionary(uniqueKeysWithValues: names.filter { !$0.hasSuffix("images") }.map { ($0, try Files.read(project + "/" + $0)) })
    }

    private func expectRefused(_ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = try everything()
        let done = try sandbox.start(
            [Burns.path, "render", project, "--size", "160x90", "--fps", "4", "--preset", "ultrafast"] + arguments).wait()
        #expect(done.status == 1 && done.isOneSentence, "\(arguments): \(done.status) \(done.error)", sourceLocation: sourceLocation)
        #expect(done.cpuSeconds < 2, sourceLocation: sourceLocation)
        #expect(try everything() == before, sourceLocation: sourceLocation)
        #expect(sandbox.leftovers.isEmpty, sourceLocation: sourceLocation)
        // Found before anything was rendered.
        #expect(try Files.list(sandbox.cache).isEmpty, sourceLocation: sourceLocation)
    }

    @Test func placesThatCannotTakeAFilm() throws {
        for place in ["none/film.mp4", ".", "/", "/dev/null", "/proc/film.mp4", String(repeating: "x", count: 256) + ".mp4"] {
            try expectRefused(["-o", place])
        }
        mkfifo(sandbox.output + "/pipe", 0o600)
        try expectRefused(["-o", "pipe"])
    }

    @Test func theProjectsOwnFiles() throws {
        symlink(project + "/images/1.jpg", sandbox.output + "/symbolic.mp4")
        #expect(link(project + "/images/2.jpg", sandbox.output + "/hard.mp4") == 0)
        for place in [project + "/manifest.json", project + "/images/0.jpg", project + "/sound.mp3", "symbolic.mp4", "hard.mp4"] {
            try expectRefused(["-o", place])
            try expectRefused(["-o", "film.mp4", "--report", place])
        }
        symlink(project + "/manifest.json", sandbox.output + "/film.srt")
        try expectRefused(["-o", "film.mp4", "--captions", "sidecar"])
        try expectRefused(["-o", "film.mp4", "--report", "none/report.json"])
    }

    @Test func anUnwritableFolder() throws {
        let folder = sandbox.output + "/locked"
        try Files.makeFolder(folder)
        try Files.write("old", folder + "/film.mp4")
        chmod(folder, 0o555)
        defer { chmod(folder, 0o755) }
        var command = [Burns.path] + Burns.render(project, to: folder + "/film.mp4")
        if geteuid() == 0 {
            // Nothing is unwritable for root.
            for open in [sandbox.root, sandbox.cache, sandbox.temporary] { chmod(open, 0o777) }
            command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"] + command
        }
        let done = try sandbox.start(command).wait()
        #expect(done.status == 1 && done.isOneSentence && done.error.contains("Permission denied"), "\(done.error)")
        #expect(try Files.list(folder) == ["film.mp4"])
        #expect(String(decoding: try Files.read(folder + "/film.mp4"), as: UTF8.self) == "old")
        #expect(sandbox.leftovers.isEmpty)
    }

    /// Files may not grow past some size, as on a full disk but for anyone.
    @Test(arguments: [40, 400, 700])
    func aFileThatMayNotGrow(kibibytes: Int) throws {
        try Files.write("old", sandbox.film)
        let arguments = Burns.render(project, to: sandbox.film).map { "'\($0)'" }.joined(separator: " ")
        let done = try sandbox.start(["/bin/bash", "-c", "ulimit -f \(kibibytes); exec '\(Burns.path)' \(arguments)"]).wait()
        #expect(done.status == 1 && done.isOneSentence && done.error.contains("File too large"), "\(done.status) \(done.error)")
        #expect(try Files.list(sandbox.output) == ["film.mp4"])
        #expect(String(decoding: try Files.read(sandbox.film), as: UTF8.self) == "old")
        #expect(sandbox.leftovers.isEmpty)
        #expect(try sandbox.render(project).status == 0)
    }

    static let canMount: Bool = {
        guard geteuid() == 0, let sandbox = try? Sandbox() else { return false }
        guard (try? sandbox.start(["mount", "-t", "tmpfs", "none", sandbox.output]).wait().status) == 0 else { return false }
        return umount(sandbox.output) == 0
    }()

    @Test(.enabled(if: canMount, "needs root to mount a small disk"), arguments: ["output", "cache"])
    func aFullDisk(what: String) throws {
        let disk = sandbox.root + "/disk"
        try Files.makeFolder(disk)
        // The film takes about 700 kB, the sound 600 of them.
        try #require(try sandbox.start(["mount", "-t", "tmpfs", "-o", "size=500k", "none", disk]).wait().status == 0)
        defer { umount2(disk, Int32(MNT_DETACH)) }
        let film = what == "output" ? disk + "/film.mp4" : sandbox.film
        let done = try sandbox.start(
            [Burns.path] + Burns.render(project, to: film), environment: what == "cache" ? ["BURNS_CACHE": disk] : [:]).wait()
        #expect(done.status == 1 && done.isOneSentence && done.error.contains("No space left on device"), "\(done.error)")
        #expect(!Files.exists(film))
        #expect(try Files.list(disk).allSatisfy { !$0.hasSuffix(".partial") })
        #expect(sandbox.leftovers.isEmpty)
    }
}
