import Foundation
import Testing

@Suite struct RenderTests {
    struct Probe: Decodable {
        struct Stream: Decodable {
            let codecType: String
            let codecName: String?
            let profile: String?
            let width, height: Int?
            let pixFmt, colorSpace, colorRange, colorTransfer, colorPrimaries, rFrameRate: String?
            let duration: String?
            let nbReadPackets: String?
        }
        struct Chapter: Decodable { let startTime, endTime: String; let tags: [String: String] }
        struct Format: Decodable { let duration: String; let tags: [String: String]? }
        let streams: [Stream]
        let chapters: [Chapter]
        let format: Format
    }

    private func probe(_ film: String) throws -> Probe {
        let text = try tool(
            "ffprobe", "-v", "error", "-count_packets", "-show_streams", "-show_chapters", "-show_format", "-of", "json", film)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Probe.self, from: Data(text.utf8))
    }

    /// Sizes with all numbers of macroblocks a row, modulo 8, for which libx264 has been seen to encode what it finds in memory.
    @Test(arguments: ["64x36", "160x90", "176x98", "208x118", "240x134", "108x192"])
    func filmsDoNotDependOnWhatIsInMemory(size: String) throws {
        let films = try ["0", "85", "170", "255"].map { filling in
            let sandbox = try Sandbox()
            let done = try sandbox.burns(
                "render", ProjectFixture.earthrise, "-o", sandbox.film, "--size", size, "--fps", "12", "--no-cache",
                environment: ["MALLOC_PERTURB_": filling])
            #expect(done.status == 0, "\(done.error)")
            return try Files.read(sandbox.film)
        }
        #expect(Set(films).count == 1)
    }

    @Test func exampleBecomesAFilm() throws {
        let sandbox = try Sandbox()
        let done = try sandbox.render(ProjectFixture.earthrise, "--json", "--report", sandbox.output + "/report.json")
        #expect(done.status == 0, "\(done.error)")
        let report = try done.report()
        // 39.542 s of narration at 4 frames per second.
        #expect(report.frames == 158)
        #expect(report.durationS == 39.5)
        #expect(report.fps == "4" && report.backend == "cpu" && report.encoder == "libx264")
        #expect(report.chunks.total >= 6 && report.chunks.cached == 0)
        #expect(report.pictures.decoded == 6)
        #expect(report.warnings.isEmpty)
        #expect(report.seconds.total > 0 && report.seconds.encode > 0 && report.seconds.resample > 0 && report.seconds.decode > 0)
        #expect(report.peakRssBytes > 1 << 20)
        let output = try #require(report.output)
        #expect(output.path == sandbox.film)
        #expect(try Files.read(sandbox.film).count == output.bytes)
        #expect(try tool("sha256sum", sandbox.film).hasPrefix(output.sha256))
        #expect(try Files.list(sandbox.output) == ["film.mp4", "report.json"])

        let film = try probe(sandbox.film)
        let video = try #require(film.streams.first { $0.codecType == "video" })
        let sound = try #require(film.streams.first { $0.codecType == "audio" })
        #expect(video.codecName == "h264" && video.profile == "High" && video.pixFmt == "yuv420p")
        #expect(video.width == 160 && video.height == 90 && video.rFrameRate == "4/1" && video.nbReadPackets == "158")
        #expect(
            [video.colorSpace, video.colorTransfer, video.colorPrimaries, video.colorRange] == ["bt709", "bt709", "bt709", "tv"])
        #expect(sound.codecName == "aac" && sound.profile == "LC")
        #expect(abs((Double(sound.duration ?? "") ?? 0) - 39.542) < 0.05)
        #expect(film.chapters.count == 6)
        #expect(film.chapters[1].tags["title"]?.hasPrefix("From that distance there are no borders.") == true)
        #expect(abs((Double(film.chapters[1].startTime) ?? 0) - 7.106) < 0.25)
        #expect(film.format.tags?["title"] == "earthrise")
        #expect(sandbox.leftovers.isEmpty)
    }

    /// Every frame of the joined film against the frame before encoding: one lost, doubled or black at a joint would show.
    @Test func jointsAreSeamless() throws {
        let sandbox = try Sandbox()
        let y4m = sandbox.output + "/frames.y4m"
        #expect(try sandbox.burns("frames", ProjectFixture.earthrise, "--size", "320x180", "--fps", "6", "--y4m", y4m).status == 0)
        let done = try sandbox.burns(
            "render", ProjectFixture.earthrise, "-o", sandbox.film, "--size", "320x180", "--fps", "6", "--crf", "8", "--preset", "ultrafast",
            "--json")
        #expect(done.status == 0, "\(done.error)")
        let report = try done.report()
        let stats = sandbox.root + "/psnr"
        _ = try tool(
            "ffmpeg", "-v", "error", "-i", sandbox.film, "-i", y4m, "-lavfi", "[0:v][1:v]psnr=stats_file=\(stats)", "-f", "null", "-")
        let lines = String(decoding: try Files.read(stats), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == report.frames)
        let quality = lines.compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("psnr_y:") }.flatMap { $0 == "psnr_y:inf" ? 100 : Double($0.dropFirst(7)) }
        }
        #expect(quality.count == report.frames)
        #expect((quality.min() ?? 0) > 38)
        let times = try tool(
            "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=pts", "-of", "csv=p=0", sandbox.film
        ).split(whereSeparator: { $0 == "\n" || $0 == "," }).compactMap { Int($0) }
        #expect(times.count == report.frames)
        #expect(Set(zip(times, times.dropFirst()).map { $1 - $0 }).count == 1)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [("libx265", "ultrafast", "hevc"), ("libsvtav1", "12", "av1"), ("mpeg4", nil, "mpeg4")])
    func otherEncoders(encoder: String, preset: String?, codec: String) throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox)
        var arguments = [
            Burns.path, "render", project, "-o", sandbox.film, "--size", "160x90", "--fps", "4", "--encoder", encoder, "--json",
        ]
        if let preset { arguments += ["--preset", preset] }
        let done = try sandbox.start(arguments).wait(secondsAllowed: 30)
        #expect(done.status == 0, "\(done.error)")
        #expect(try done.report().encoder == encoder)
        let film = try probe(sandbox.film)
        #expect(film.streams.first { $0.codecType == "video" }?.codecName == codec)
        let decoded = try tool("ffmpeg", "-v", "error", "-i", sandbox.film, "-map", "0:v", "-f", "framemd5", "-")
        #expect(decoded.split(separator: "\n").count { !$0.hasPrefix("#") } == 24)
    }

    @Test func defaultNames() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox)
        let small = ["--size", "160x90", "--fps", "2", "--preset", "ultrafast", "--quiet"]
        let here = try sandbox.start([Burns.path, "render", project] + small).wait()
        #expect(here.status == 0 && here.out.isEmpty && here.error.isEmpty, "\(here.error)")
        #expect(try Files.list(sandbox.output) == ["p.mp4"])
        for (arguments, environment) in [
            (["--store", sandbox.root + "/store"], [:]), ([], ["BURNS_STORE": sandbox.root + "/store"]),
        ] {
            let done = try sandbox.start([Burns.path, "render", "p"] + arguments + small, environment: environment).wait()
            #expect(done.status == 0, "\(done.error)")
            #expect(try Files.list(sandbox.root + "/store/videos") == ["p_final_video.mp4"])
            try FileManager.default.removeItem(atPath: sandbox.root + "/store/videos")
        }
    }

    @Test func sharesFillTheCache() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 5)
        var frames = 0
        for share in 1...3 {
            let done = try sandbox.burns(
                "render", project, "--size", "160x90", "--fps", "4", "--preset", "ultrafast", "--chunk", "\(share)/3", "--json")
            #expect(done.status == 0, "\(done.error)")
            let report = try done.report()
            #expect(report.output == nil)
            frames += report.frames
        }
        #expect(try Files.list(sandbox.output).isEmpty)
        let done = try sandbox.render(project, "--json")
        let report = try done.report()
        #expect(report.frames == frames)
        #expect(report.chunks.cached == report.chunks.total && report.chunks.total > 3)
        let whole = try Sandbox()
        #expect(try whole.render(project).status == 0)
        #expect(try Files.read(whole.film) == Files.read(sandbox.film))
    }

    @Test func captions() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox)
        #expect(try sandbox.render(project, "--captions", "soft").status == 0)
        let track = try tool("ffmpeg", "-v", "error", "-i", sandbox.film, "-map", "0:s:0", "-f", "srt", "-")
        #expect(track.contains("The text of number 1.") && track.contains("00:00:02,000 --> 00:00:04,000"))
        #expect(try sandbox.render(project, "--captions", "sidecar").status == 0)
        #expect(try Files.list(sandbox.output) == ["film.mp4", "film.srt", "film.vtt"])
        #expect(String(decoding: try Files.read(sandbox.output + "/film.srt"), as: UTF8.self).contains("The text of number 2."))
        #expect(String(decoding: try Files.read(sandbox.output + "/film.vtt"), as: UTF8.self).hasPrefix("WEBVTT"))
        #expect(try probe(sandbox.film).streams.allSatisfy { $0.codecType != "subtitle" })
    }
}
