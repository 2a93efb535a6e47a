import Foundation
import Media
import Testing

@Suite struct FilmAssemblyTests {
    /// 60 frames cut into chunks of these lengths.
    static let cuts = [[60], [20, 40], [1, 1, 30, 1, 27], Array(repeating: 3, count: 20)]

    private func chunks(_ lengths: [Int], _ settings: VideoSettings, _ folder: ScratchFolder) throws -> [(path: String, frameCount: Int)] {
        var made: [(path: String, frameCount: Int)] = []
        var first = 0
        for (index, length) in lengths.enumerated() {
            let path = folder.path("chunk \(lengths.count) \(index).mp4")
            try makeChunk(settings, frames: first..<first + length, path: path)
            made.append((path, length))
            first += length
        }
        return made
    }

    private func checkTimes(_ path: String, frames: Int, _ settings: VideoSettings) throws {
        let lines = try run("ffprobe", ["-v", "error", "-select_streams", "v", "-show_entries", "packet=pts,dts:stream=time_base", "-of", "csv=p=0", "file:" + path])
            .split(separator: "\n").map { $0.split(separator: ",").compactMap { Int($0) } }.filter { $0.count == 2 }
        let pts = lines.map { $0[0] }.sorted()
        let step = pts.count > 1 ? pts[1] - pts[0] : 1
        #expect(pts == (0..<frames).map { $0 * step })
        let dts = lines.map { $0[1] }
        for (a, b) in zip(dts, dts.dropFirst()) { #expect(a < b) }
        for line in lines { #expect(line[0] >= line[1]) }
    }

    @Test func joinedFramesAreThoseOfTheSourceHoweverCut() throws {
        let folder = try ScratchFolder()
        let settings = VideoSettings.small(preset: "veryfast", crf: 0)
        var hashes: Set<[String]> = []
        for lengths in Self.cuts {
            let parts = try chunks(lengths, settings, folder)
            let film = folder.path("film.mp4")
            try assembleFilm(chunks: parts, settings: settings, audio: nil, description: FilmDescription(title: "T"), to: film)
            let joined = try frameHashes(film)
            #expect(joined.count == 60)
            #expect(try parts.flatMap { try frameHashes($0.path) } == joined)
            hashes.insert(joined)
            try checkTimes(film, frames: 60, settings)
        }
        #expect(hashes.count == 1)
    }

    @Test(arguments: ["libx264", "libx265", "libsvtav1", "mpeg4", "libvpx-vp9", "libaom-av1"])
    func everyEncodersChunksJoinSeamlessly(_ name: String) throws {
        let folder = try ScratchFolder()
        var settings = VideoSettings.small(name, preset: name == "libx265" ? "fast" : name == "libsvtav1" ? "12" : nil)
        settings.frameRate = Rational(numerator: 30000, denominator: 1001)
        let parts = try chunks([9, 1, 20], settings, folder)
        let film = folder.path("film.mp4")
        try assembleFilm(chunks: parts, settings: settings, audio: nil, description: FilmDescription(title: ""), to: film)
        #expect(try frameHashes(film) == parts.flatMap { try frameHashes($0.path) })
        try checkTimes(film, frames: 30, settings)
        let facts = try probe(film, "stream=r_frame_rate,avg_frame_rate,nb_frames,color_space,color_range,duration_ts,start_pts")
        for fact in ["r_frame_rate=30000/1001", "avg_frame_rate=30000/1001", "nb_frames=30", "color_space=bt709", "start_pts=0", "duration_ts=30030"] {
            #expect(facts.contains(fact), "\(facts)")
        }
    }

    @Test func aFilmHasIndexFirstTitleChaptersSoundAndCaptions() throws {
        let folder = try ScratchFolder()
        let settings = VideoSettings.small(preset: "ultrafast")
        let parts = try chunks([24, 24, 24], settings, folder)
        try ffmpeg("-f", "lavfi", "-i", "sine=frequency=440:duration=3", "-ac", "2", "in.wav", in: folder)
        _ = try encodeAudio(from: folder.path("in.wav"), to: folder.path("sound.m4a"))
        let description = FilmDescription(
            title: "Earth — “rise” & <set>",
            chapters: [
                Chapter(startSeconds: 0, endSeconds: 1, title: "One"), Chapter(startSeconds: 1, endSeconds: 2.5, title: "Zwei: ß"),
                Chapter(startSeconds: 2.5, endSeconds: 3, title: "=;#\n"),
            ],
            captions: [
                Caption(startSeconds: 0.5, endSeconds: 1, text: "First"), Caption(startSeconds: 1.25, endSeconds: 2, text: "Zweite\nZeile ☾"),
                Caption(startSeconds: 2, endSeconds: 3, text: "Last"),
            ], language: "deu")
        var reported: [Double] = []
        for name in ["a.mp4", "b.mp4"] {
            try assembleFilm(
                chunks: parts, settings: settings, audio: folder.path("sound.m4a"), description: description, to: folder.path(name),
                progress: { reported.append($0) })
        }
        #expect(reported.last == 1 && reported.allSatisfy { (0...1).contains($0) })
        let film = folder.path("a.mp4")
        let data = try bytes(film)
        #expect(try data == bytes(folder.path("b.mp4")))
        let moov = try #require(data.range(of: Data("moov".utf8)))
        let mdat = try #require(data.range(of: Data("mdat".utf8)))
        #expect(moov.lowerBound < mdat.lowerBound)
        #expect(data[4..<12] == Data("ftypisom".utf8))
        #expect(data.range(of: Data("Lavf".utf8)) == nil)

        #expect(try probe(film, "format_tags=title,creation_time,encoder") == ["TAG:title=Earth — “rise” & <set>"])
        let chapters = try run("ffprobe", ["-v", "error", "-show_chapters", "-of", "csv=p=0", "file:" + film])
        #expect(chapters.contains("0.000000") && chapters.contains("2.500000,") && chapters.contains("Zwei: ß"))
        #expect(try probe(film, "chapter=start_time,end_time") == [
            "start_time=0.000000", "end_time=1.000000", "start_time=1.000000", "end_time=2.500000", "start_time=2.500000", "end_time=3.000000",
        ])
        let subtitles = try probe(film, "stream=codec_name:stream_tags=language:stream_disposition=forced", "-select_streams", "s")
        #expect(subtitles == ["codec_name=mov_text", "DISPOSITION:forced=0", "TAG:language=deu"])
        try ffmpeg("-i", "a.mp4", "-map", "0:s", "out.srt", in: folder)
        let srt = try String(contentsOfFile: folder.path("out.srt"), encoding: .utf8).replacingOccurrences(of: "\r\n", with: "\n")
        for part in [
            "00:00:00,500 --> 00:00:01,000\nFirst\n", "00:00:01,250 --> 00:00:02,000\nZweite\nZeile ☾\n", "00:00:02,000 --> 00:00:03,000\nLast\n",
        ] { #expect(srt.contains(part), "\(srt)") }
        #expect(try probe(film, "stream=duration", "-select_streams", "v") == ["duration=3.000000"])
        #expect(try probe(film, "stream=duration,start_time,bit_rate", "-select_streams", "a").prefix(2) == ["start_time=0.000000", "duration=3.000000"])
        try ffmpeg("-xerror", "-i", "a.mp4", "-f", "null", "-", in: folder)
    }

    @Test func chunksThatDoNotBelongAreNamed() throws {
        let folder = try ScratchFolder()
        let settings = VideoSettings.small(preset: "ultrafast")
        let parts = try chunks([5, 5], settings, folder)
        func join(_ parts: [(path: String, frameCount: Int)], _ output: String = "film.mp4") -> String {
            message {
                try assembleFilm(
                    chunks: parts, settings: settings, audio: nil, description: FilmDescription(title: ""),
                    to: output.hasPrefix("/") ? output : folder.path(output))
            }
        }
        #expect(join([(parts[0].path, 5), (parts[1].path, 6)]).contains("chunk 2 1.mp4 has 5 frames instead of 6"))
        try makeChunk(.small(preset: "placebo"), frames: 0..<5, path: folder.path("other.mp4"))
        #expect(join([(parts[0].path, 5), (folder.path("other.mp4"), 5)]).contains("was encoded differently"))
        #expect(join([]).contains("without chunks"))
        #expect(join(parts, "/dev/full").contains("No space left on device"))
        #expect(join(parts, "http:x") == "no error")
        #expect(throws: CancellationError.self) {
            try assembleFilm(
                chunks: parts, settings: settings, audio: nil, description: FilmDescription(title: ""), to: folder.path("c.mp4"),
                isCancelled: { true })
        }
        // At every point at which it is asked: opening, scanning, copying, moving the index to the front.
        var asked = 0
        try assembleFilm(
            chunks: parts, settings: settings, audio: nil, description: FilmDescription(title: ""), to: folder.path("c.mp4"),
            isCancelled: { asked += 1; return false })
        #expect(asked > 10)
        for stop in 1...asked {
            var count = 0
            #expect(throws: CancellationError.self, "\(stop) of \(asked)") {
                try assembleFilm(
                    chunks: parts, settings: settings, audio: nil, description: FilmDescription(title: ""), to: folder.path("c.mp4"),
                    isCancelled: { count += 1; return count >= stop })
            }
        }
    }

    @Test func aFilmOfOneFrame() throws {
        let folder = try ScratchFolder()
        let settings = VideoSettings.small()
        let parts = try chunks([1], settings, folder)
        try assembleFilm(
            chunks: parts, settings: settings, audio: nil, description: FilmDescription(title: "x", captions: []), to: folder.path("a.mp4"))
        #expect(try frameHashes(folder.path("a.mp4")).count == 1)
    }
}
