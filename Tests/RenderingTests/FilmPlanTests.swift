import Foundation
import Media
import Rendering
import TestSupport
import Testing
import Timeline

/// A chunk's key changes with everything that its frames or bytes depend on, and with nothing else.
@Suite struct FilmPlanTests {
    private func bitmap(width: Int = 64, height: Int = 48, grey: UInt8) -> Data {
        Data(TestSupport.bitmap(width: width, height: height) { _, _ in (grey, grey, grey) })
    }

    private typealias Manifest = [String: Any]

    private func manifest(segments: Int = 3) -> Manifest {
        [
            "project_id": "p", "style": ["transition": ["kind": "cut"]],
            "segments": (0..<segments).map { index -> Manifest in
                [
                    "id": index, "start_time": 3 * index, "end_time": 3 * index + 3, "text": "text",
                    "generated_images": [["path": "\(index).bmp", "motion": "zoom-in"]],
                ]
            },
        ]
    }

    private func keys(
        _ manifest: Manifest, in folder: TemporaryFolder, options: OutputOptions = OutputOptions(size: PictureSize(width: 64, height: 36))
    ) throws -> [String] {
        for index in 0..<4 where !FileManager.default.fileExists(atPath: "\(folder.path)/p/\(index).bmp") {
            try folder.write(bitmap(grey: UInt8(40 * index)), "p/\(index).bmp")
        }
        try folder.write(try JSONSerialization.data(withJSONObject: manifest), "p/manifest.json")
        let examination = try ProjectExamination(
            ProjectLocation(folder.path + "/p", store: nil), options: options, cancellation: Cancellation())
        let film = try #require(examination.film, "\(examination.errors)")
        return try FilmPlan(film, cancellation: Cancellation()).chunks.map(\.key)
    }

    /// Enough samples for the closest view, at most an eighth of an octave more, and never more than the picture has.
    @Test(arguments: [(16, 12), (64, 48), (640, 480), (2000, 100), (100, 2000)], [1.0, 1.5, 4])
    func workingSize(size: (width: Int, height: Int), zoom: Double) throws {
        let folder = try TemporaryFolder()
        try folder.write(bitmap(width: size.width, height: size.height, grey: 9), "p/0.bmp")
        let still = ["x": 0.5, "y": 0.5, "zoom": zoom]
        let manifest: Manifest = [
            "project_id": "p",
            "segments": [["start_time": 0, "end_time": 2, "generated_images": [["path": "0.bmp", "motion": ["from": still, "to": still]]]]],
        ]
        try folder.write(try JSONSerialization.data(withJSONObject: manifest), "p/manifest.json")
        let output = PictureSize(width: 64, height: 36)
        let examination = try ProjectExamination(
            ProjectLocation(folder.path + "/p", store: nil), options: OutputOptions(size: output), cancellation: Cancellation())
        let shot = try #require(examination.film?.timeline.shots.first, "\(examination.errors)")
        let working = WorkingSize.of(shot, picture: PictureSize(width: size.width, height: size.height), output: output)
        #expect(working.width <= size.width && working.height <= size.height)
        let samples = Double(working.width) * shot.closestView.width
        let isWhole = working.width == size.width && working.height == size.height
        #expect(isWhole || samples >= 63.9 && samples < 72, "\(working), \(samples) samples for 64")
    }

    private func setting(_ manifest: Manifest, _ index: Int, _ key: String, _ value: Any) -> Manifest {
        var manifest = manifest
        var segments = manifest["segments"] as? [Manifest] ?? []
        segments[index][key] = value
        manifest["segments"] = segments
        return manifest
    }

    private func with(_ manifest: Manifest, _ key: String, _ value: Any) -> Manifest { manifest.merging([key: value]) { $1 } }

    @Test func keysAreHashesAndEqualTheSecondTime() throws {
        let keys = try [keys(manifest(), in: TemporaryFolder()), keys(manifest(), in: TemporaryFolder())]
        #expect(keys[0] == keys[1])
        #expect(keys[0].count == 3)
        #expect(Set(keys[0]).count == 3)
        #expect(keys[0].allSatisfy { $0.count == 64 && $0.allSatisfy(\.isHexDigit) })
    }

    @Test func whatDoesNotMatterIsNotInIt() throws {
        let folder = try TemporaryFolder()
        let base = try keys(manifest(), in: folder)
        #expect(try keys(with(manifest(), "project_id", "another"), in: folder) == base)
        #expect(try keys(with(manifest(), "title", "A title"), in: folder) == base)
        #expect(try keys(with(manifest(), "created_at", "now"), in: folder) == base)
        #expect(try keys(setting(manifest(), 1, "text", "other words"), in: folder) == base)
        #expect(try keys(setting(manifest(), 1, "id", "other"), in: folder) == base)
        // The same picture under another name.
        try folder.write(bitmap(grey: 40), "p/renamed.bmp")
        #expect(try keys(setting(manifest(), 1, "generated_images", [["path": "renamed.bmp", "motion": "zoom-in"]]), in: folder) == base)
    }

    @Test func placeInTheFilmIsNotInIt() throws {
        let folder = try TemporaryFolder()
        let base = try keys(manifest(), in: folder)
        var longer = manifest(segments: 4)
        var segments = longer["segments"] as? [Manifest] ?? []
        segments[0]["generated_images"] = [["path": "3.bmp", "motion": "pan-left"]]
        for index in 1..<4 { segments[index]["generated_images"] = [["path": "\(index - 1).bmp", "motion": "zoom-in"]] }
        longer["segments"] = segments
        #expect(try Array(keys(longer, in: folder).suffix(3)) == base)
    }

    @Test func oneSegmentChangesItsOwnAlone() throws {
        let folder = try TemporaryFolder()
        let base = try keys(manifest(), in: folder)
        let changed = [
            setting(manifest(), 1, "generated_images", [["path": "1.bmp", "motion": "zoom-out"]]),
            setting(manifest(), 1, "generated_images", [["path": "1.bmp", "motion": "zoom-in", "fit": "contain"]]),
            setting(manifest(), 1, "generated_images", [["path": "3.bmp", "motion": "zoom-in"]]),
        ]
        for (row, manifest) in changed.enumerated() {
            let now = try keys(manifest, in: folder)
            try #require(now.count == base.count)
            #expect(now[0] == base[0] && now[1] != base[1] && now[2] == base[2], "row \(row)")
        }
        try folder.write(bitmap(grey: 41), "p/1.bmp")
        let now = try keys(manifest(), in: folder)
        #expect(now[0] == base[0] && now[1] != base[1] && now[2] == base[2])
    }

    @Test func settingsChangeAll() throws {
        let folder = try TemporaryFolder()
        let size = PictureSize(width: 64, height: 36)
        var seen = Set(try keys(manifest(), in: folder))
        let rows = [
            OutputOptions(size: PictureSize(width: 96, height: 54)), OutputOptions(size: size, frameRate: FrameRate(parsing: "25")),
            OutputOptions(size: size, encoder: "libx265"), OutputOptions(size: size, preset: "fast"), OutputOptions(size: size, crf: 30),
        ]
        for (row, options) in rows.enumerated() {
            let now = try keys(manifest(), in: folder, options: options)
            #expect(now.count == 3 && seen.isDisjoint(with: now), "row \(row)")
            seen.formUnion(now)
        }
        for (row, style) in [
            ["transition": ["kind": "cut"], "zoom": 1.4], ["transition": ["kind": "cut"], "easing": "linear"],
            ["transition": ["kind": "fade-black", "seconds": 1.0]],
        ].enumerated() {
            let now = try keys(with(manifest(), "style", style), in: folder)
            #expect(seen.isDisjoint(with: now), "style \(row)")
            seen.formUnion(now)
        }
    }
}
