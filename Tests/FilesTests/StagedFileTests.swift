import Files
import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct StagedFileTests {
    private func names(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func appearsWhenCommitted() throws {
        let folder = try TemporaryFolder()
        let place = folder.path + "/film.mp4"
        try folder.write("old", "film.mp4")
        let file = try StagedFile(for: place)
        #expect(try names(folder).count == 2)
        try Data("new".utf8).write(to: URL(fileURLWithPath: file.temporaryPath))
        #expect(try folder.read("film.mp4") == "old")
        // Written through another file of the same name, as libraries do: `Data` renames its own over it.
        try file.commit()
        #expect(try folder.read("film.mp4") == "new")
        withExtendedLifetime(file) {}
        #expect(try names(folder) == ["film.mp4"])
    }

    @Test func isGoneWhenAbandoned() throws {
        let folder = try TemporaryFolder()
        try folder.write("old", "film.mp4")
        do {
            let file = try StagedFile(for: folder.path + "/film.mp4", reserveBytes: 4096)
            withExtendedLifetime(file) {}
        }
        #expect(try names(folder) == ["film.mp4"])
        #expect(try folder.read("film.mp4") == "old")
    }

    @Test func whatAKilledProcessLeftIsSwept() throws {
        let folder = try TemporaryFolder()
        try folder.write("half", ".film.mp4.123.partial")
        try folder.write("half", ".other.mp4.123.partial")
        try folder.write("mine", "film.partial")
        let used = try StagedFile(for: folder.path + "/film.mp4")
        let second = try StagedFile(for: folder.path + "/film.mp4")
        // The first is in use, another name's is not looked at.
        #expect(try names(folder).count == 4)
        StagedFile.sweep(folder: folder.path) { $0.hasPrefix(".") }
        #expect(try names(folder).count == 3)
        #expect(FileManager.default.fileExists(atPath: used.temporaryPath))
        #expect(FileManager.default.fileExists(atPath: second.temporaryPath))
        withExtendedLifetime((used, second)) {}
    }

    @Test func aPipeDoesNotStopASweep() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder.path + "/.film.mp4.1.partial", 0o600) == 0)
        StagedFile.sweep(folder: folder.path) { $0.hasPrefix(".") }
    }

    @Test(arguments: ["/nonexistent/film.mp4", "/proc/film.mp4", "/dev/null/film.mp4"])
    func refusesAPlaceThatCannotBeWritten(path: String) {
        #expect(throws: FileError.self) { _ = try StagedFile(for: path) }
    }

    @Test func longNamesFit() throws {
        let folder = try TemporaryFolder()
        for name in [String(repeating: "x", count: 255), String(repeating: "😀", count: 63)] {
            let file = try StagedFile(for: folder.path + "/" + name)
            try file.commit()
        }
        #expect(try names(folder).count == 2)
    }

    /// Sweeps beside files that are being made and committed: none is ever lost.
    @Test func sweepsAndWritersSideBySide() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<2 {
                group.addTask {
                    for round in 0..<150 {
                        let file = try StagedFile(for: "\(path)/\(writer)-\(round)")
                        try file.commit()
                    }
                }
            }
            group.addTask { for _ in 0..<600 { StagedFile.sweep(folder: path) { _ in true } } }
            try await group.waitForAll()
        }
        #expect(try names(folder).count == 300)
    }
}
