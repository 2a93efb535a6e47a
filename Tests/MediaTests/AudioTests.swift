import CFFmpeg
import Foundation
import Media
import Testing

@Suite struct AudioTests {
    /// Interleaved samples of the first channel, as ffmpeg decodes them.
    private func decode(_ path: String, _ folder: ScratchFolder, from seconds: Double = 0) throws -> [Float] {
        try run("ffmpeg", ["-v", "error", "-y", "-nostdin", "-i", "file:" + path, "-af", "atrim=start=\(seconds),pan=mono|c0=c0", "-f", "f32le", "decoded.f32"], in: folder)
        return try bytes(folder.path("decoded.f32")).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    private func peak(_ samples: [Float]) -> Int {
        samples.indices.max { abs(samples[$0]) < abs(samples[$1]) } ?? -1
    }

    /// PCM WAV with clicks (one full-scale sample) at the given seconds; the silence between is a hole in the file.
    private func writeClicks(_ path: String, seconds: Double, clicks: [Double], rate: Int = 44_100, channels: Int = 1) throws {
        let total = Int(seconds * Double(rate))
        var header = Data()
        func put(_ text: String) { header.append(contentsOf: text.utf8) }
        func put<T: FixedWidthInteger>(_ value: T) { withUnsafeBytes(of: value.littleEndian) { header.append(contentsOf: $0) } }
        put("RIFF"); put(UInt32(36 + total * 2 * channels)); put("WAVEfmt "); put(UInt32(16)); put(UInt16(1)); put(UInt16(channels))
        put(UInt32(rate)); put(UInt32(rate * 2 * channels)); put(UInt16(2 * channels)); put(UInt16(16)); put("data"); put(UInt32(total * 2 * channels))
        try header.write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: UInt64(44 + total * 2 * channels))
        for click in clicks {
            try file.seek(toOffset: UInt64(44 + Int(click * Double(rate)) * 2 * channels))
            try file.write(contentsOf: Data(Array(repeating: [0xff, 0x7f], count: channels).flatMap { $0 }))
        }
        try file.close()
    }

    /// Name, what ffmpeg makes it with, whether the format is known to say where its sound begins and ends, whether it is copied.
    static let formats: [(name: String, arguments: [String], isExact: Bool)] = [
        ("a.wav", ["-c:a", "pcm_s16le"], true), ("a24.wav", ["-c:a", "pcm_s24le"], true), ("af.wav", ["-c:a", "pcm_f32le"], true),
        ("a8k.wav", ["-ar", "8000"], true), ("a96k.wav", ["-ar", "96000"], true), ("mono.wav", ["-ac", "1"], true),
        ("a51.wav", ["-ac", "6"], true), ("a51.flac", ["-ac", "6"], true), ("a.flac", [], true),
        ("lame.mp3", ["-c:a", "libmp3lame"], true), ("bare.mp3", ["-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0"], false),
        ("a22k.mp3", ["-ar", "22050"], true), ("a.m4a", ["-c:a", "aac"], true), ("a32k.m4a", ["-c:a", "aac", "-ar", "32000"], true),
        ("alac.m4a", ["-c:a", "alac"], true), ("a.ogg", ["-c:a", "libvorbis"], true), ("a.opus", ["-c:a", "libopus"], true),
        ("a.aac", ["-c:a", "aac"], false), ("a.mka", ["-c:a", "libvorbis"], false), ("a.aiff", [], true),
    ]

    @Test(arguments: formats)
    func everyFormatKeepsItsLengthAndItsClick(_ format: (name: String, arguments: [String], isExact: Bool)) throws {
        let folder = try ScratchFolder()
        try ffmpeg("-f", "lavfi", "-i", "aevalsrc='0.05*sin(440*2*PI*t)+0.9*between(mod(t,3),1.23,1.231)|0.05*sin(440*2*PI*t)+0.9*between(mod(t,3),1.23,1.231)':s=48000:d=2.5", "source.wav", in: folder)
        try run("ffmpeg", ["-v", "error", "-y", "-i", "source.wav"] + format.arguments + [format.name], in: folder)
        let info = try probeAudio(path: folder.path(format.name))
        #expect(info.damagedPackets == 0)
        // A format that cannot say so has up to two frames of silence at either end.
        #expect(abs(info.durationSeconds - 2.5) < (format.isExact ? 0.0005 : 0.08), "\(info)")
        let output = try encodeAudio(from: folder.path(format.name), to: folder.path("out.m4a"))
        #expect(abs(output.durationSeconds - info.durationSeconds) < 0.0001)
        #expect(output.sampleRate == (info.sampleRate == 44_100 ? 44_100 : 48_000))
        #expect(output.channels == min(2, info.channels))
        #expect(output.isAACLC && output.codecName == "aac")
        let facts = try probe(folder.path("out.m4a"), "stream=codec_name,profile,sample_rate,channels,duration_ts,start_time")
        #expect(facts == [
            "codec_name=aac", "profile=LC", "sample_rate=\(output.sampleRate)", "channels=\(output.channels)", "start_time=0.000000",
            "duration_ts=\(output.sampleCount)",
        ])
        let again = try probeAudio(path: folder.path("out.m4a"))
        #expect(again.sampleCount == output.sampleCount && again.isAACLC)
        // Where the source's own decoded sound has the click, to 2 ms, there the film has it.
        let before = Double(peak(try decode(folder.path(format.name), folder))) / Double(info.sampleRate)
        let after = Double(peak(try decode(folder.path("out.m4a"), folder))) / Double(output.sampleRate)
        #expect(abs(before - after) < 0.002, "\(before) \(after)")
        if format.isExact { #expect(abs(after - 1.2305) < 0.003, "\(after)") }
    }

    /// Two channels of different sweeps, up to 9 kHz, stay two: the noise is 40 dB below them all the way.
    @Test func bothChannelsKeepTheirOwnHighTones() throws {
        let folder = try ScratchFolder()
        try ffmpeg("-f", "lavfi", "-i", "aevalsrc='0.3*sin(2*PI*(200*t+900*t*t/2))|0.3*sin(2*PI*(250*t+900*t*t/2))':s=48000:d=10", "-c:a", "pcm_s24le", "sweep.wav", in: folder)
        _ = try encodeAudio(from: folder.path("sweep.wav"), to: folder.path("out.m4a"))
        let (before, after) = (try decode(folder.path("sweep.wav"), folder), try decode(folder.path("out.m4a"), folder))
        for start in stride(from: 4800, to: before.count - 9600, by: 4800) {
            var (sound, noise) = (0.0, 0.0)
            for index in start..<start + 4800 {
                sound += Double(before[index] * before[index])
                noise += pow(Double(before[index] - after[index]), 2)
            }
            #expect(10 * log10(sound / noise) > 40, "at \(Double(start) / 48000) s")
        }
    }

    @Test(arguments: ["a.m4a", "a.aac", "video.mp4", "a.mka"])
    func aacIsCopiedNotEncodedAgain(_ name: String) throws {
        let folder = try ScratchFolder()
        var arguments = ["-v", "error", "-f", "lavfi", "-i", "sine=frequency=300:duration=2.2:sample_rate=44100"]
        if name.hasPrefix("video") { arguments += ["-f", "lavfi", "-i", "color=duration=2.2", "-c:v", "libx264"] }
        try run("ffmpeg", arguments + ["-c:a", "aac", name], in: folder)
        let source = try probeAudio(path: folder.path(name))
        #expect(source.isAACLC && source.channels == 1)
        let output = try encodeAudio(from: folder.path(name), to: folder.path("out.m4a"))
        #expect(output == source)
        func packets(_ name: String) throws -> [Substring] {
            try run("ffmpeg", ["-v", "error", "-i", name, "-map", "0:a", "-c", "copy", "-bsf:a", "aac_adtstoasc", "-f", "framemd5", "-"].filter { name.hasSuffix(".aac") || !$0.contains("adts") && $0 != "-bsf:a" }, in: folder)
                .split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: ",").dropFirst(5).first }
        }
        #expect(try packets("out.m4a") == packets(name))
        let before = try decode(folder.path(name), folder)
        let after = try decode(folder.path("out.m4a"), folder)
        #expect(before.prefix(output.sampleCount.intValue) == after.prefix(output.sampleCount.intValue))
    }

    @Test func soundIsDeterministic() throws {
        let folder = try ScratchFolder()
        try ffmpeg("-f", "lavfi", "-i", "anoisesrc=duration=2:seed=1:sample_rate=22050", "in.flac", in: folder)
        _ = try encodeAudio(from: folder.path("in.flac"), to: folder.path("a.m4a"))
        _ = try encodeAudio(from: folder.path("in.flac"), to: folder.path("b.m4a"))
        #expect(try bytes(folder.path("a.m4a")) == bytes(folder.path("b.m4a")))
    }

    @Test func theFingerprintNamesAllThatTheBytesDependOn() {
        let release = "ffmpeg=\(String(cString: av_version_info()))"
        for part in ["bit_rate=192000", "aac_coder=fast", "libavcodec=", "libavformat=", "libswresample=", release] {
            #expect(encodedAudioFingerprint.contains(part), "\(encodedAudioFingerprint)")
        }
    }

    @Test func coverArtAndVideoFilesAreSound() throws {
        let folder = try ScratchFolder()
        try ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "-f", "lavfi", "-i", "color=size=64x64:duration=0.04:rate=25", "-map", "0", "-map", "1", "-c:v", "png", "-disposition:v", "attached_pic", "cover.mp3", in: folder)
        #expect(try probe(folder.path("cover.mp3"), "stream=codec_type") == ["codec_type=audio", "codec_type=video"])
        #expect(abs(try probeAudio(path: folder.path("cover.mp3")).durationSeconds - 1) < 0.0005)
        // Sound that begins after the pictures stays there.
        try ffmpeg("-f", "lavfi", "-i", "color=size=64x64:duration=2", "-itsoffset", "0.5", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "flac", "late.mkv", in: folder)
        #expect(abs(try encodeAudio(from: folder.path("late.mkv"), to: folder.path("out.m4a")).durationSeconds - 1.5) < 0.003)
    }

    @Test func whatIsNoSoundIsRefusedInOneSentence() throws {
        let folder = try ScratchFolder()
        func refusal(_ name: String) -> String { message { _ = try encodeAudio(from: folder.path(name), to: folder.path("out.m4a")) } }
        var state: UInt64 = 88172645463325252
        let noise = Data((0..<200_000).map { _ in
            state ^= state << 13; state ^= state >> 7; state ^= state << 17
            return UInt8(truncatingIfNeeded: state)
        })
        for (name, data) in [
            ("noise.mp3", noise), ("noise.wav", noise), ("noise.aac", noise), ("noise.ogg", noise), ("text.mp3", Data("Once upon a time. ".utf8)),
            ("zero.mp3", Data(count: 100_000)), ("empty.wav", Data()),
        ] {
            try data.write(to: URL(fileURLWithPath: folder.path(name)))
            let text = refusal(name)
            #expect(text.contains(name) && text.hasSuffix(".") && text != "no error", "\(text)")
        }
        #expect(refusal("missing.mp3").contains("No such file or directory"))
        #expect(refusal("").contains("is not a file"))
        try run("mkfifo", [folder.path("pipe.mp3")])
        #expect(refusal("pipe.mp3").contains("is not a file"))
        try writeClicks(folder.path("slow.wav"), seconds: 100, clicks: [], rate: 10)
        #expect(refusal("slow.wav").contains("10 Hz"))
        try ffmpeg("-f", "lavfi", "-i", "color=size=64x64:duration=1", "silent.mp4", in: folder)
        #expect(refusal("silent.mp4").contains("holds no sound"))
        // An index that never came: the recorder died.
        try ffmpeg("-f", "lavfi", "-i", "sine=duration=3", "-c:a", "aac", "cut.m4a", in: folder)
        try bytes(folder.path("cut.m4a")).prefix(20_000).write(to: URL(fileURLWithPath: folder.path("cut.m4a")))
        #expect(refusal("cut.m4a").contains("cut.m4a"))
        try ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "a.wav", in: folder)
        #expect(message { _ = try encodeAudio(from: folder.path("a.wav"), to: "/dev/full") }.contains("No space left on device"))
    }

    @Test func playlistsDoNotOpenOtherFiles() throws {
        let folder = try ScratchFolder()
        try ffmpeg("-f", "lavfi", "-i", "sine=duration=1", "secret.mp3", in: folder)
        try ffmpeg("-i", "secret.mp3", "secret.ts", in: folder)
        let target = folder.path("secret.ts")
        for (name, text) in [
            ("hls.mp3", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\n\(target)\n#EXT-X-ENDLIST\n"),
            ("hls.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n"),
            ("concat.mp3", "ffconcat version 1.0\nfile '\(target)'\n"),
            ("concat.ffconcat", "ffconcat version 1.0\nfile 'secret.mp3'\n"),
            ("sdp.mp3", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 97\n"),
            ("dash.mp3", "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><Period><AdaptationSet><Representation><BaseURL>\(target)</BaseURL></Representation></AdaptationSet></Period></MPD>"),
        ] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path(name)))
            #expect(throws: FilmError.self, "\(name)") { try probeAudio(path: folder.path(name)) }
        }
    }

    @Test func aSoundCutOffOrDamagedPlaysWhatThereIs() throws {
        let folder = try ScratchFolder()
        try ffmpeg("-f", "lavfi", "-i", "sine=duration=10", "-b:a", "128k", "a.mp3", in: folder)
        try ffmpeg("-f", "lavfi", "-i", "sine=duration=10", "a.flac", in: folder)
        for name in ["a.mp3", "a.flac"] {
            let whole = try bytes(folder.path(name))
            try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: folder.path("cut-" + name)))
            let cut = try encodeAudio(from: folder.path("cut-" + name), to: folder.path("out.m4a"))
            #expect((4.0...6.0).contains(cut.durationSeconds))
            // Damage in the middle does not move what follows.
            var damaged = whole
            for index in whole.count / 2..<whole.count / 2 + 3000 { damaged[index] = UInt8(truncatingIfNeeded: index &* 31) }
            try damaged.write(to: URL(fileURLWithPath: folder.path("damaged-" + name)))
            let info = try probeAudio(path: folder.path("damaged-" + name))
            #expect(abs(info.durationSeconds - 10) < 0.3, "\(name) \(info)")
        }
    }

    /// An hour for the narration's usual formats, ten minutes for the others: the whole film is decoded by ffmpeg to find the click.
    @Test(arguments: [
        ("a.wav", [], 3600), ("a.mp3", ["-b:a", "32k", "-compression_level", "9"], 3600), ("a.flac", [], 600), ("a.m4a", ["-c:a", "aac"], 600),
        ("a.opus", ["-c:a", "libopus", "-b:a", "24k", "-compression_level", "0"], 600),
    ])
    func aClickInTheLastSecondStaysThere(_ name: String, _ arguments: [String], _ seconds: Int) throws {
        let folder = try ScratchFolder()
        let rate = name.hasSuffix("opus") ? 48_000 : 44_100
        try writeClicks(folder.path("a.wav"), seconds: Double(seconds), clicks: [Double(seconds - 1)], rate: rate)
        if name != "a.wav" { try run("ffmpeg", ["-v", "error", "-i", "a.wav"] + arguments + [name], in: folder) }
        let sound = try encodeAudio(from: folder.path(name), to: folder.path("sound.m4a"))
        #expect(sound.sampleCount == Int64(seconds * rate))
        var settings = VideoSettings(width: 64, height: 64, frameRate: Rational(numerator: 1, denominator: 2), preset: "ultrafast")
        settings.keyFrameIntervalSeconds = 600
        try makeChunk(settings, frames: 0..<seconds / 6, path: folder.path("third.mp4"))
        let film = folder.path("film.mp4")
        try assembleFilm(
            chunks: Array(repeating: (folder.path("third.mp4"), seconds / 6), count: 3), settings: settings, audio: folder.path("sound.m4a"),
            description: FilmDescription(title: "An hour"), to: film)
        #expect(try probe(film, "stream=duration") == ["duration=\(seconds).000000", "duration=\(seconds).000000"])
        let tail = try decode(film, folder, from: Double(seconds - 2))
        #expect(abs(Double(peak(tail)) / Double(rate) - 1) < 0.002)
    }

    @Test(arguments: ["a.mp3", "a.aac", "a.flac"])
    func cancellingIsCancellingAtEveryPoint(_ name: String) throws {
        let folder = try ScratchFolder()
        try ffmpeg("-f", "lavfi", "-i", "sine=duration=0.3:sample_rate=44100", name, in: folder)
        var asked = 0
        _ = try encodeAudio(from: folder.path(name), to: folder.path("a.m4a"), isCancelled: { asked += 1; return false })
        for stop in 1...asked {
            var count = 0
            #expect(throws: CancellationError.self, "\(stop) of \(asked)") {
                try encodeAudio(from: folder.path(name), to: folder.path("a.m4a"), isCancelled: { count += 1; return count >= stop })
            }
        }
    }

    @Test func cancellingIsPrompt() throws {
        let folder = try ScratchFolder()
        try writeClicks(folder.path("hour.wav"), seconds: 3600, clicks: [])
        let started = ContinuousClock.now
        #expect(throws: CancellationError.self) {
            try encodeAudio(from: folder.path("hour.wav"), to: folder.path("a.m4a"), isCancelled: { ContinuousClock.now - started > .milliseconds(50) })
        }
        #expect(throws: CancellationError.self) { try probeAudio(path: folder.path("hour.wav"), isCancelled: { true }) }
        #expect(ContinuousClock.now - started < .seconds(1))
    }
}

extension Int64 {
    fileprivate var intValue: Int { Int(self) }
}
