import Foundation
import Glibc
import TestSupport
import Testing

/// Everything that a stranger's project may hold: refused in one sentence with its place, at once, with nothing left behind.
@Suite struct BadInputTests {
    typealias Change = @Sendable (_ manifest: inout [String: Any], _ folder: String) throws -> Void

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// What the sentence must name.
        let place: String
        let change: Change
        init(_ name: String, names place: String, _ change: @escaping Change) {
            testDescription = name
            self.place = place
            self.change = change
        }
    }

    private static let picturePlace = "$.segments[1].generated_images[0]"

    private static func picture(_ name: String, _ make: @escaping @Sendable (_ path: String) throws -> Void) -> Row {
        Row(name, names: picturePlace + ": picture projects/p/images/1.jpg: ") { _, folder in
            let path = folder + "/images/1.jpg"
            try FileManager.default.removeItem(atPath: path)
            try make(path)
        }
    }

    private static func sound(_ name: String, _ make: @escaping @Sendable (_ path: String) throws -> Void) -> Row {
        Row(name, names: "$.audio_file: narration projects/p/sound.mp3: ") { manifest, folder in
            manifest["audio_file"] = "projects/p/sound.mp3"
            try make(folder + "/sound.mp3")
        }
    }

    private static func key(_ key: String) -> [Row] {
        ["s3_key", "path"].map { name in
            Row("\(name) \(key.debugDescription.prefix(40))", names: "\(picturePlace).\(name): ") { manifest, _ in
                var segments = manifest["segments"] as? [[String: Any]] ?? []
                segments[1]["generated_images"] = [[name: key]]
                manifest["segments"] = segments
            }
        }
    }

    private static func time(_ name: String, _ value: @autoclosure @escaping @Sendable () -> Any) -> Row {
        Row(name, names: "$.segments[2].end_time: ") { manifest, _ in
            var segments = manifest["segments"] as? [[String: Any]] ?? []
            segments[2]["end_time"] = value()
            manifest["segments"] = segments
        }
    }

    static let rows: [Row] =
        [
            picture("missing picture") { _ in },
            picture("truncated JPEG") { try Files.copy(ProjectFixture.picture("truncated.jpg"), to: $0) },
            picture("text as a picture") { try Files.copy(ProjectFixture.picture("text.jpg"), to: $0) },
            picture("empty picture") { try Files.copy(ProjectFixture.picture("empty.jpg"), to: $0) },
            picture("PNG bomb") { try Files.copy(ProjectFixture.picture("bomb.png"), to: $0) },
            picture("undecodable PNG") { try Files.copy(ProjectFixture.picture("undecodable.png"), to: $0) },
            picture("link out of the store") { symlink("/etc/passwd", $0) },
            picture("link to an endless device") { symlink("/dev/zero", $0) },
            picture("link to itself") { symlink("1.jpg", $0) },
            picture("pipe as a picture") { mkfifo($0, 0o600) },
            picture("folder as a picture") { try Files.makeFolder($0) },
            sound("missing sound") { _ in },
            sound("text as sound") { try Files.write(String(repeating: "no sound at all ", count: 500), $0) },
            sound("empty sound") { try Files.write("", $0) },
            sound("picture as sound") { try Files.copy(ProjectFixture.picture("0.jpg"), to: $0) },
            sound("pipe as sound") { mkfifo($0, 0o600) },
            sound("folder as sound") { try Files.makeFolder($0) },
            sound("endless device as sound") { symlink("/dev/zero", $0) },
            time("negative time", -5), time("NaN as a text", "NaN"), time("infinite as a text", "inf"), time("huge time", 1e300),
            time("years", 1e8), time("time as a list", [1, 2]),
            Row("100,000 segments", names: "$.segments: ") { manifest, _ in
                manifest["segments"] = (0..<100_000).map { ProjectFixture.segment($0, seconds: 0.5, picture: "0.jpg") }
            },
            Row("no segments", names: "$.segments") { manifest, _ in manifest["segments"] = [Any]() },
            Row("segments no list", names: "$.segments") { manifest, _ in manifest["segments"] = "none" },
            Row("no key", names: picturePlace + ": ") { manifest, _ in
                var segments = manifest["segments"] as? [[String: Any]] ?? []
                segments[1]["generated_images"] = [["s3_key": "", "path": ""]]
                manifest["segments"] = segments
            },
            Row("id with slashes", names: "$.project_id: ") { manifest, _ in manifest["project_id"] = "../../evil" },
            Row("id with control characters", names: "$.project_id: ") { manifest, _ in
                manifest["project_id"] = "a\u{1B}[31mb\u{7}\nc\u{9B}2J"
            },
        ]
        + ["../../../etc/passwd", "projects/p/../../../x", "/etc/passwd", String(repeating: "a", count: 5000), "a\u{1B}]0;title\u{7}\n\u{9B}31m.jpg"]
        .flatMap(key)

    @Test(arguments: rows)
    func refused(row: Row) throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, row.change)
        try Files.write("old", sandbox.film)
        let done = try sandbox.render(project, secondsAllowed: 20)
        expectRefusal(done, sandbox)
        #expect(done.error.hasPrefix("error: \(project)/manifest.json: "), "\(done.error)")
        #expect(done.error.contains(row.place), "\(done.error)")
    }

    private func expectRefusal(_ done: Finished, _ sandbox: Sandbox) {
        #expect(done.status == 1, "\(done.status) \(done.error)")
        #expect(done.isOneSentence, "\(done.error)")
        #expect(done.out.isEmpty)
        #expect(done.cpuSeconds < 2)
        // Nothing for the terminal to obey, and no essay.
        #expect(!done.error.dropLast().unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(done.error.utf8.count < 1500)
        #expect(sandbox.leftovers.isEmpty)
        #expect((try? Files.list(sandbox.output)) == ["film.mp4"])
        #expect((try? Files.read(sandbox.film)) == Data("old".utf8))
    }

    @Test(arguments: [
        "not JSON", "empty", "blank", "50 MB", "nested lists", "nested objects", "NaN", "infinite", "not UTF-8", "NUL", "a list", "a number", "pipe",
        "folder", "endless device", "none",
    ])
    func manifests(kind: String) throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox)
        let path = project + "/manifest.json"
        try FileManager.default.removeItem(atPath: path)
        let head = #"{"project_id":"p","segments":[{"id":0,"start_time":0,"end_time":"#
        let tail = #","generated_images":[{"path":"images/0.jpg"}]}]}"#
        switch kind {
        case "not JSON": try Files.write(#"{"project_id": tru"#, path)
        case "empty": try Files.write("", path)
        case "blank": try Files.write("  \n", path)
        case "50 MB": try Files.write(#"{"text":""# + String(repeating: "x", count: 50_000_000) + #""}"#, path)
        case "nested lists": try Files.write(String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000), path)
        case "nested objects":
            try Files.write(String(repeating: #"{"a":"#, count: 10_000) + "1" + String(repeating: "}", count: 10_000), path)
        case "NaN": try Files.write(head + "NaN" + tail, path)
        case "infinite": try Files.write(head + "1e999" + tail, path)
        case "not UTF-8": try Files.write(Data(#"{"project_id":""#.utf8) + Data([0xff, 0xfe, 0xc0]) + Data(#""}"#.utf8), path)
        case "NUL": try Files.write(#"{"project_id":"a\u0000b","segments":[]}"#, path)
        case "a list": try Files.write("[]", path)
        case "a number": try Files.write("7", path)
        case "pipe": mkfifo(path, 0o600)
        case "folder": try Files.makeFolder(path)
        case "endless device": symlink("/dev/zero", path)
        default: break
        }
        try Files.write("old", sandbox.film)
        expectRefusal(try sandbox.render(project, secondsAllowed: 20), sandbox)
        let validation = try sandbox.burns("validate", project, secondsAllowed: 20)
        #expect(validation.status == 1 && validation.error.hasPrefix("error: "))
    }

    @Test(arguments: ["s3://bucket/projects/p", "nosuch", "", "\u{1B}[31mred\u{7}", "/dev/zero", "/nonexistent/p"])
    func projects(argument: String) throws {
        let sandbox = try Sandbox()
        try Files.write("old", sandbox.film)
        let done = try sandbox.render(argument, environment: ["AWS_EC2_METADATA_DISABLED": "true"], secondsAllowed: 20)
        expectRefusal(done, sandbox)
        if argument.hasPrefix("s3:") { #expect(done.error.contains("there are no AWS credentials")) }
    }

    /// Random damage to the example's manifest: a film could be made or a sentence is said, never anything else.
    @Test func mutatedManifests() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox)
        let whole = [UInt8](try Files.read(project + "/manifest.json"))
        var random = SeededGenerator(seed: 5)
        for round in 0..<60 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
                }
            }
            try Files.write(Data(bytes), project + "/manifest.json")
            let done = try sandbox.burns("validate", project, secondsAllowed: 10)
            #expect(done.status == 0 || done.status == 1, "round \(round): \(done.status) \(done.error)")
            #expect(done.status == 0 || done.error.hasPrefix("error: "), "round \(round)")
        }
    }
}

@Suite struct MissingPictureTests {
    @Test(arguments: [0, 1, 2], ["missing", "undecodable.png", "text.jpg"])
    func isHeld(index: Int, kind: String) throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox)
        if kind == "missing" {
            try FileManager.default.removeItem(atPath: project + "/images/\(index).jpg")
        } else {
            try ProjectFixture.replace("\(index).jpg", in: project, with: kind)
        }
        #expect(try sandbox.render(project).status == 1)
        #expect(!Files.exists(sandbox.film))
        let done = try sandbox.render(project, "--on-missing", "hold", "--json")
        #expect(done.status == 0, "\(done.error)")
        let report = try done.report()
        #expect(report.frames == 24)
        #expect(report.warnings.count == 1)
        #expect(report.warnings[0].contains("$.segments[\(index)].generated_images[0]: picture projects/p/images/\(index).jpg: "))
        #expect(done.error.hasPrefix("warning: "))
        // Frames are given out once, although it is found out on the way.
        let frames = try sandbox.burns("frames", project, "--on-missing", "hold", "--size", "160x90", "--fps", "4", "--hash", "--jobs", "1")
        #expect(frames.status == 0)
        #expect(frames.out.split(separator: "\n").map { $0.split(separator: " ")[0] } == (0..<24).map { "\($0)" })
        #expect(sandbox.leftovers.isEmpty)
    }

    @Test func nothingLeftToShow() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 2) { _, folder in
            try FileManager.default.removeItem(atPath: folder + "/images/0.jpg")
        }
        try ProjectFixture.replace("1.jpg", in: project, with: "undecodable.png")
        let done = try sandbox.render(project, "--on-missing", "hold")
        #expect(done.status == 1 && done.isOneSentence, "\(done.error)")
        #expect(!Files.exists(sandbox.film) && sandbox.leftovers.isEmpty)
    }
}

@Suite struct MemoryTests {
    /// Ten times as many pictures of 3.8 megapixels: at most a fifth more memory.
    @Test func doesNotGrowWithTheNumberOfPictures() throws {
        func peak(_ count: Int) throws -> Int {
            let sandbox = try Sandbox()
            let large = try Files.read(ProjectFixture.picture("large.jpg"))
            let project = try ProjectFixture.make(in: sandbox, count: 1) { manifest, folder in
                for index in 0..<count {
                    // A comment makes each a file of its own.
                    let comment = Data([0xff, 0xfe, 0, 4, 0x30, UInt8(index)])
                    try Files.write(large.prefix(2) + comment + large.dropFirst(2), "\(folder)/images/\(index).jpg")
                }
                manifest["segments"] = (0..<count).map { ProjectFixture.segment($0, seconds: 1.5, picture: "\($0).jpg") }
            }
            let done = try sandbox.render(project, "--jobs", "2", "--json")
            #expect(done.status == 0, "\(done.error)")
            let report = try done.report()
            #expect(report.pictures.decoded == count)
            #expect(report.peakRssBytes > 16 << 20)
            return report.peakRssBytes
        }
        let (few, many) = (try peak(4), try peak(40))
        #expect(Double(many) < 1.2 * Double(few), "\(few >> 20) MiB with 4 pictures, \(many >> 20) MiB with 40")
    }
}
