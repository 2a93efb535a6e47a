import Foundation
import Testing

@Suite struct FramesTests {
    private static let size = ["--size", "160x90", "--fps", "2"]

    private func hashes(_ sandbox: Sandbox, _ arguments: String..., environment: [String: String] = [:]) throws -> [String] {
        let done = try sandbox.start(
            [Burns.path, "frames", ProjectFixture.earthrise, "--hash"] + Self.size + arguments, environment: environment
        ).wait()
        #expect(done.status == 0 && done.error.isEmpty, "\(done.error)")
        return done.out.split(separator: "\n").map(String.init)
    }

    @Test func rangesEqualTheWhole() throws {
        let sandbox = try Sandbox()
        let all = try hashes(sandbox)
        #expect(all.count == 79)
        #expect(Set(all.map { $0.split(separator: " ")[1] }).count > 70)
        for (index, line) in all.enumerated() {
            let parts = line.split(separator: " ")
            #expect(parts.count == 2 && Int(parts[0]) == index && parts[1].count == 64)
        }
        for (range, expected) in [("0..<1", 0..<1), ("78", 78..<79), ("12...31", 12..<32), ("13..<79", 13..<79), ("40..<41", 40..<41)] {
            #expect(try hashes(sandbox, "--frames", range) == Array(all[expected]), "\(range)")
        }
        for jobs in ["1", "3", "1000"] { #expect(try hashes(sandbox, "--jobs", jobs) == all, "\(jobs) jobs") }
        #expect(try hashes(sandbox, environment: ["BURNS_CPU": "scalar"]) == all)
        #expect(try hashes(sandbox, environment: ["BURNS_CPU": "avx2"]) == all)
    }

    @Test func y4mToAFileAndToStdout() throws {
        let sandbox = try Sandbox()
        let path = sandbox.output + "/frames.y4m"
        let done = try sandbox.burns("frames", ProjectFixture.earthrise, "--frames", "5..<15", "--size", "160x90", "--fps", "2", "--y4m", path)
        #expect(done.status == 0 && done.out.isEmpty, "\(done.error)")
        #expect(try Files.list(sandbox.output) == ["frames.y4m"])
        let piped = try sandbox.start([
            "/bin/bash", "-o", "pipefail", "-c",
            "'\(Burns.path)' frames '\(ProjectFixture.earthrise)' --frames '5..<15' --size 160x90 --fps 2 --y4m - | cat > piped.y4m",
        ]).wait()
        #expect(piped.status == 0, "\(piped.error)")
        #expect(try Files.read(sandbox.output + "/piped.y4m") == Files.read(path))
        let probe = try tool(
            "ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=width,height,r_frame_rate,pix_fmt,nb_read_frames", "-of",
            "csv=p=0", path)
        #expect(probe.trimmingCharacters(in: .whitespacesAndNewlines) == "160,90,yuv420p,2/1,10")
        // The samples themselves, read by others, have the hashes that were printed.
        let raw = sandbox.root + "/raw"
        _ = try tool("ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", raw)
        let bytes = try Files.read(raw)
        let frame = 160 * 90 * 3 / 2
        #expect(bytes.count == 10 * frame)
        try Files.write(bytes.prefix(frame), raw)
        #expect(try hashes(sandbox, "--frames", "5") == ["5 " + tool("sha256sum", raw).prefix(64)])
        #expect(sandbox.leftovers.isEmpty)
    }

    @Test func aClosedPipeEndsItAtOnce() throws {
        let sandbox = try Sandbox()
        for kind in ["--y4m -", "--hash"] {
            let done = try sandbox.start([
                "/bin/bash", "-c",
                "'\(Burns.path)' frames '\(ProjectFixture.earthrise)' --size 640x360 --fps 24 \(kind) | head -c 1000 > /dev/null; exit ${PIPESTATUS[0]}",
            ]).wait(secondsAllowed: 30)
            #expect(done.status == 1)
            #expect(done.isOneSentence, "\(done.error)")
            #expect(done.cpuSeconds < 5)
        }
    }

    @Test func pictures() throws {
        let sandbox = try Sandbox()
        let done = try sandbox.burns(
            "frames", ProjectFixture.earthrise, "--frames", "9..<12", "--size", "160x90", "--fps", "2", "--png", sandbox.output + "/png")
        #expect(done.status == 0, "\(done.error)")
        #expect(try Files.list(sandbox.output + "/png") == ["frame-09.png", "frame-10.png", "frame-11.png"])
        let size = try tool("/usr/bin/python3", "-c", "import sys; from PIL import Image; p = Image.open(sys.argv[1]); p.load(); print(p.size, p.mode)", sandbox.output + "/png/frame-10.png")
        #expect(size == "(160, 90) RGB\n")
    }

    @Test(arguments: [
        ("5..<5", 64), ("9..<3", 64), ("x", 64), ("..<5", 64), ("1..2", 64), ("99999999999999999999", 64), ("", 64),
        ("0..<80", 1), ("79", 1), ("1000...2000", 1),
    ])
    func badRanges(range: String, status: Int32) throws {
        let sandbox = try Sandbox()
        let done = try sandbox.burns(
            "frames", ProjectFixture.earthrise, "--size", "160x90", "--fps", "2", "--frames", range, "--y4m", sandbox.output + "/x.y4m")
        #expect(done.status == status, "\(done.error)")
        #expect(status == 64 || done.isOneSentence)
        #expect(try Files.list(sandbox.output).isEmpty)
    }

    @Test(arguments: [[], ["--hash", "--y4m", "-"], ["--hash", "--png", "x"]])
    func oneDestinationAndNoMore(arguments: [String]) throws {
        let sandbox = try Sandbox()
        #expect(try sandbox.start([Burns.path, "frames", ProjectFixture.earthrise] + arguments).wait().status == 64)
    }

    @Test func inputsAreNotOverwritten() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox) { manifest, folder in
            try Files.copy(ProjectFixture.picture("0.jpg"), to: folder + "/images/frame-1.png")
            manifest["segments"] = [ProjectFixture.segment(0, picture: "frame-1.png")]
        }
        let picture = try Files.read(project + "/images/frame-1.png")
        let manifest = try Files.read(project + "/manifest.json")
        let size = ["--size", "160x90", "--fps", "2"]
        for output in [["--png", project + "/images"], ["--y4m", project + "/manifest.json"], ["--y4m", project + "/images/frame-1.png"]] {
            let done = try sandbox.start([Burns.path, "frames", project] + size + output).wait()
            #expect(done.status == 1 && done.isOneSentence, "\(output) \(done.error)")
        }
        #expect(try Files.read(project + "/images/frame-1.png") == picture)
        #expect(try Files.read(project + "/manifest.json") == manifest)
    }
}
