import Foundation
import TestSupport
import Testing

@Suite struct CacheTests {
    @Test func renderingAgainIsACopy() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox)
        #expect(try sandbox.render(project, "--jobs", "1").status == 0)
        let first = try Files.read(sandbox.film)
        let again = try sandbox.render(project, "--jobs", "4", "--json").report()
        #expect(again.chunks.cached == again.chunks.total)
        #expect(again.pictures.decoded == 0)
        #expect(try Files.read(sandbox.film) == first)
        let without = try sandbox.render(project, "--jobs", "4", "--no-cache", "--json").report()
        #expect(without.chunks.cached == 0)
        #expect(try Files.read(sandbox.film) == first)
        #expect(sandbox.leftovers.isEmpty)
    }

    @Test func oneChangedPictureRendersOnlyWhatItTouches() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 6)
        let before = try sandbox.render(project, "--json").report()
        #expect(before.pictures.decoded == 6)
        try ProjectFixture.replace("0.jpg", in: project, with: "5.jpg")
        let after = try sandbox.render(project, "--json").report()
        #expect(after.chunks.total == before.chunks.total)
        // Its own chunk and that of the crossfade into its neighbour.
        let rendered = after.chunks.total - after.chunks.cached
        #expect((1...2).contains(rendered), "\(rendered) of \(after.chunks.total)")
        let fresh = try Sandbox()
        #expect(try fresh.render(project).status == 0)
        #expect(try Files.read(fresh.film) == Files.read(sandbox.film))
    }

    @Test func aSegmentInFrontLeavesTheOthers() throws {
        let sandbox = try Sandbox()
        let motion = { (index: Int) in index % 2 == 0 ? "zoom-in" : "pan-left" }
        let project = try ProjectFixture.make(in: sandbox, count: 5) { manifest, _ in
            manifest["segments"] = (0..<5).map { index -> [String: Any] in
                var segment = ProjectFixture.segment(index, picture: "\(index).jpg")
                segment["generated_images"] = [["s3_key": "projects/p/images/\(index).jpg", "motion": motion(index)]]
                return segment
            }
        }
        let before = try sandbox.render(project, "--json").report()
        try Files.copy(ProjectFixture.picture("5.jpg"), to: project + "/images/front.jpg")
        try ProjectFixture.edit(project) { manifest in
            var segments = manifest["segments"] as? [[String: Any]] ?? []
            for index in segments.indices {
                segments[index]["start_time"] = 3 + 2 * index
                segments[index]["end_time"] = 5 + 2 * index
            }
            segments.insert(
                ["id": "front", "start_time": 0, "end_time": 3, "generated_images": [["path": "images/front.jpg"]]], at: 0)
            manifest["segments"] = segments
        }
        let after = try sandbox.render(project, "--json").report()
        #expect(after.frames == before.frames + 12)
        let rendered = after.chunks.total - after.chunks.cached
        // The new segment, and the crossfade into what was the first.
        #expect((1...4).contains(rendered) && after.chunks.cached >= before.chunks.total - 2, "\(rendered) of \(after.chunks.total)")
    }

    @Test(arguments: ["truncated", "empty", "garbage", "head alone", "another's"])
    func brokenEntriesAreRenderedAgain(damage: String) throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox) { manifest, folder in
            try Files.copy(ProjectFixture.earthrise + "/audio/narration.mp3", to: folder + "/sound.mp3")
            manifest["audio_file"] = ["path": "sound.mp3"]
        }
        #expect(try sandbox.render(project).status == 0)
        let film = try Files.read(sandbox.film)
        let entries = try Files.list(sandbox.cache)
        #expect(entries.contains { $0.hasSuffix(".m4a") })
        let chunks = entries.filter { $0.hasSuffix(".mp4") }
        for entry in entries {
            let path = sandbox.cache + "/" + entry
            let data = try Files.read(path)
            switch damage {
            case "truncated": try Files.write(data.prefix(data.count * 2 / 3), path)
            case "empty": try Files.write(Data(), path)
            case "garbage": try Files.write(Data((0..<data.count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }), path)
            case "head alone": try Files.write(data.prefix(40), path)
            default:
                guard entry != chunks[0], entry.hasSuffix(".mp4") else { continue }
                try Files.write(try Files.read(sandbox.cache + "/" + chunks[0]).dropLast(1), path)
            }
        }
        let again = try sandbox.render(project, "--json")
        #expect(again.status == 0, "\(again.error)")
        let report = try again.report()
        #expect(report.chunks.cached <= (damage == "another's" ? 1 : 0))
        #expect(try Files.read(sandbox.film) == film)
    }

    /// Whatever single bytes of the entries rot: a film comes out, or one sentence; never a crash, and never for good.
    @Test func randomDamageIsSurvived() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 2)
        #expect(try sandbox.render(project).status == 0)
        let whole = try Dictionary(uniqueKeysWithValues: Files.list(sandbox.cache).map { ($0, try Files.read(sandbox.cache + "/" + $0)) })
        var random = SeededGenerator(seed: 11)
        for round in 0..<12 {
            for (name, data) in whole.sorted(by: { $0.key < $1.key }) {
                var bytes = [UInt8](data)
                // The index is at the beginning or the end of an MP4: both get more than their share.
                for _ in 0..<6 {
                    let area = random.next() % 3
                    let offset = Int(random.next() % UInt64(min(600, bytes.count)))
                    let place = area == 0 ? offset : area == 1 ? bytes.count - 1 - offset : Int(random.next() % UInt64(bytes.count))
                    bytes[place] ^= UInt8(truncatingIfNeeded: random.next() | 1)
                }
                try Files.write(Data(bytes), sandbox.cache + "/" + name)
            }
            let done = try sandbox.render(project, secondsAllowed: 20)
            #expect(done.status == 0, "round \(round): \(done.error)")
        }
        #expect(sandbox.leftovers.isEmpty)
    }

    @Test func sizeIsBounded() throws {
        let sandbox = try Sandbox()
        #expect(try sandbox.render(ProjectFixture.earthrise).status == 0)
        func bytes() throws -> Int { try Files.list(sandbox.cache).reduce(0) { try $0 + Files.read(sandbox.cache + "/" + $1).count } }
        try #require(try bytes() > 1_100_000)
        let film = try Files.read(sandbox.film)
        #expect(try sandbox.render(ProjectFixture.earthrise, "--cache-limit", "0.001").status == 0)
        #expect(try Files.read(sandbox.film) == film)
        #expect(try bytes() <= 1_000_000)
        #expect(try bytes() > 0)
    }
}
