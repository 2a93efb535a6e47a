import Foundation
import Media
import Testing

@Suite struct EncodingChunkTests {
    @Test func x264ChunkIsTaggedAndStartsWithAnIDR() throws {
        let folder = try ScratchFolder()
        let path = folder.path("-x.mp4")
        let info = try makeChunk(.small(preset: "veryfast"), frames: 0..<50, path: path)
        #expect(info.frameCount == 50)
        #expect(info.bytes == Int64(try bytes(path).count))
        let facts = try probe(
            path,
            "stream=codec_name,profile,pix_fmt,color_range,color_space,color_transfer,color_primaries,chroma_location,sample_aspect_ratio,nb_read_frames,r_frame_rate,start_time",
            "-count_frames")
        #expect(Set(facts) == [
            "codec_name=h264", "profile=High", "pix_fmt=yuv420p", "color_range=tv", "color_space=bt709", "color_transfer=bt709",
            "color_primaries=bt709", "chroma_location=left", "sample_aspect_ratio=1:1", "nb_read_frames=50", "r_frame_rate=24/1",
            "start_time=0.000000",
        ])
        #expect(try bytes(path).range(of: Data("colrnclx".utf8)) != nil)
        #expect(try inspectChunk(path: path, settings: .small()) == info)
        // x264 writes its options into the stream.
        for option in ["threads=1 ", "open_gop=0", "crf=20.0", "8x8dct=1"] { #expect(try bytes(path).range(of: Data(option.utf8)) != nil) }
    }

    @Test func kenBurnsPresetsReachX264() throws {
        let folder = try ScratchFolder()
        let marks = [
            nil: ["subme=4 ", "me=dia ", "analyse=0x3:0x2 "], "ken-burns": ["subme=4 ", "me=dia ", "psy=1 ", "analyse=0x3:0x2 "],
            "ken-burns-fast": ["subme=2 ", "ref=1 ", "analyse=0x3:0x12 "],
            "ken-burns-best": ["subme=8 ", "ref=2 ", "psy=0 ", "rc_lookahead=40 ", "analyse=0x3:0x12 "],
        ]
        for (preset, own) in marks {
            let path = folder.path("\(preset ?? "default").mp4")
            try makeChunk(.small(preset: preset), frames: 0..<30, path: path)
            let common = [
                "threads=1 ", "open_gop=0 ", "crf=20.0 ", "8x8dct=1 ", "bframes=5 ", "b_adapt=0 ", "weightp=1 ", "deadzone=10,6 ",
                "qcomp=0.50 ", "aq=3:0.70", "deblock=1:-1:-1 ",
            ]
            for option in common + own { #expect(try bytes(path).range(of: Data(option.utf8)) != nil, "\(preset ?? "nil") \(option)") }
        }
        #expect(try bytes(folder.path("default.mp4")) == bytes(folder.path("ken-burns.mp4")))
    }

    @Test func keyFramesComeAsOftenAsAskedForAndCloseTheirGOPs() throws {
        let folder = try ScratchFolder()
        for (encoder, preset) in [("libx264", "fast"), ("libx264", nil), ("libx265", "fast"), ("libsvtav1", nil), ("mpeg4", nil)] {
            var settings = VideoSettings.small(encoder, preset: preset)
            settings.keyFrameIntervalSeconds = 0.5
            let path = folder.path("\(encoder)-\(preset ?? "default").mp4")
            try makeChunk(settings, frames: 0..<48, path: path)
            // From each key frame on, all that follows is shown later: no frame reaches back over it.
            let listing = try run("ffprobe", ["-v", "error", "-show_entries", "packet=pts,flags", "-of", "csv=p=0", "file:" + path])
            let rows: [[Substring]] = listing.split(separator: "\n").map { $0.split(separator: ",") }.filter { $0.count > 1 }
            let times: [Int] = rows.map { Int($0[0]) ?? -1 }
            let keys: [Int] = rows.indices.filter { rows[$0][1].hasPrefix("K") }
            #expect(times.count == 48 && keys.count >= 4, "\(encoder)")
            for (first, next) in zip(keys, keys.dropFirst()) { #expect(next - first <= 12) }
            for key in keys { #expect(times[key...].allSatisfy { $0 >= times[key] }) }
        }
    }

    @Test func theStreamItselfCarriesTheColourTags() throws {
        let folder = try ScratchFolder()
        try makeChunk(.small(preset: "ultrafast"), frames: 0..<3, path: folder.path("a.mp4"))
        try ffmpeg("-i", "a.mp4", "-c", "copy", "-bsf:v", "h264_mp4toannexb", "-f", "h264", "a.h264", in: folder)
        let facts = try probe(folder.path("a.h264"), "stream=profile,color_range,color_space,color_transfer,color_primaries,chroma_location")
        #expect(Set(facts) == [
            "profile=High", "color_range=tv", "color_space=bt709", "color_transfer=bt709", "color_primaries=bt709", "chroma_location=left",
        ])
    }

    @Test(arguments: ["libx264", "libx265", "libsvtav1", "mpeg4", "libvpx-vp9", "libaom-av1"])
    func everyEncoderIsDeterministicAndCompatibleWithInspection(_ name: String) throws {
        let folder = try ScratchFolder()
        let settings = VideoSettings.small(name, preset: name.hasPrefix("libx26") ? "ultrafast" : nil)
        for count in [1, 7, 30] {
            let first = try makeChunk(settings, frames: 0..<count, path: folder.path("a.mp4"))
            let second = try makeChunk(settings, frames: 0..<count, path: folder.path("b.mp4"))
            #expect(first.frameCount == count)
            #expect(first == second)
            #expect(try bytes(folder.path("a.mp4")) == bytes(folder.path("b.mp4")))
            #expect(try inspectChunk(path: folder.path("a.mp4"), settings: settings) == first)
            #expect(try frameHashes(folder.path("a.mp4")).count == count)
        }
    }

    @Test func hevcIsTaggedHvc1() throws {
        let folder = try ScratchFolder()
        try makeChunk(.small("libx265", preset: "ultrafast"), frames: 0..<5, path: folder.path("a.mp4"))
        #expect(try probe(folder.path("a.mp4"), "stream=codec_tag_string,chroma_location,color_space")
            == ["codec_tag_string=hvc1", "color_space=bt709", "chroma_location=left"])
    }

    @Test func framesAreAlignedAndLosslessWhereAskedFor() throws {
        let folder = try ScratchFolder()
        let settings = VideoSettings.small(preset: "ultrafast", crf: 0, width: 130, height: 98)
        let encoder = try ChunkEncoder(settings: settings, path: folder.path("a.mp4"))
        var expected = Data()
        for index in 0..<5 {
            let frame = try encoder.makeFrame()
            draw(index, frame)
            frame.withPlanes { planes in
                for (base, stride, width, height) in [
                    (planes.y, planes.yStrideBytes, planes.width, planes.height),
                    (planes.cb, planes.cbStrideBytes, planes.chromaWidth, planes.chromaHeight),
                    (planes.cr, planes.crStrideBytes, planes.chromaWidth, planes.chromaHeight),
                ] {
                    #expect(UInt(bitPattern: base) % 64 == 0 && stride % 64 == 0)
                    for row in 0..<height { expected.append(base + row * stride, count: width) }
                }
            }
            try encoder.encode(frame)
        }
        _ = try encoder.finish()
        try ffmpeg("-i", "a.mp4", "-f", "rawvideo", "-pix_fmt", "yuv420p", "a.yuv", in: folder)
        #expect(try bytes(folder.path("a.yuv")) == expected)
    }

    @Test(arguments: [
        (VideoSettings.small("libx999"), "There is no encoder 'libx999'"),
        (.small("aac"), "does not encode video"),
        (.small("libx264rgb"), "does not take 8-bit yuv420p"),
        (.small("libvpx"), "cannot go into an MP4"),
        (.small(preset: "warp"), "it has ken-burns-fast, ken-burns, ken-burns-best, ultrafast, superfast"),
        (.small("libx265", preset: "ken-burns"), "has no preset 'ken-burns'; it has ultrafast, superfast"),
        (.small("mpeg4", preset: "ken-burns"), "has no presets"),
        (.small("libsvtav1", preset: "fast"), "it has the numbers 0 (slowest) to 13"),
        (.small("mpeg4", preset: "fast"), "has no presets"),
        (.small(crf: 52), "is outside the range of 'libx264', which is 0 to 51"),
        (.small(crf: .nan), "is outside the range"),
        (.small("libsvtav1", crf: 30.5), "whole crf values only"),
        (.small(width: 127), "both sides must be even"),
        (.small(width: 0), "both sides must be even"),
    ])
    func badSettingsAreRefusedInOneSentence(_ settings: VideoSettings, _ expected: String) {
        let text = message { try settings.validate() }
        #expect(text.contains(expected))
        #expect(text.hasSuffix("."))
    }

    /// Machines with and without AVX-512 find each other's chunks.
    @Test(arguments: [1080, 1920])
    func fingerprintsDoNotTellInstructionsApart(width: Int) {
        #expect(!VideoSettings.small(width: width).fingerprint.contains("asm="))
    }

    @Test func encodersThatOpenHereAreListed() {
        let names = availableVideoEncoders().map(\.name)
        for name in ["libx264", "libx265", "libsvtav1", "mpeg4"] { #expect(names.contains(name)) }
        #expect(!names.contains("libx264rgb") && !names.contains("gif") && !names.contains("libvpx"))
        #expect(throws: Never.self) { try VideoSettings.small().validate() }
        // A frame rate that the codec's syntax cannot hold is the encoder's own refusal, in its own words.
        var odd = VideoSettings.small("mpeg4")
        odd.frameRate = Rational(numerator: 120_000, denominator: 1001)
        #expect(message { try odd.validate() }.contains("not supported by MPEG 4 standard"))
    }

    @Test func fingerprintsTellSettingsApart() {
        let base = VideoSettings.small()
        var rate = base
        rate.frameRate = Rational(numerator: 25, denominator: 1)
        let all = [base, rate, .small(crf: 21), .small(preset: "fast"), .small(preset: "ken-burns-best"), .small("libx265"), .small(width: 130)]
        #expect(Set(all.map(\.fingerprint)).count == all.count)
        #expect(base.fingerprint == VideoSettings.small().fingerprint)
        #expect(base.fingerprint.contains("probe="))
    }

    @Test func brokenChunksAreFoundOut() throws {
        let folder = try ScratchFolder()
        let path = folder.path("a.mp4")
        try makeChunk(.small(preset: "ultrafast"), frames: 0..<20, path: path)
        let whole = try bytes(path)
        for cut in [0, 1, 40, whole.count / 2, whole.count - 1] {
            try whole.prefix(cut).write(to: URL(fileURLWithPath: path))
            #expect(throws: FilmError.self) { try inspectChunk(path: path, settings: .small()) }
        }
        try whole.write(to: URL(fileURLWithPath: path))
        #expect(message { _ = try inspectChunk(path: path, settings: .small("libx265")) }.contains("holds h264"))
        #expect(message { _ = try inspectChunk(path: path, settings: .small(width: 130)) }.contains("is 128×96, not 130×96"))
        #expect(message { _ = try inspectChunk(path: folder.path("none.mp4"), settings: .small()) }.contains("No such file or directory"))
    }

    @Test func aFullDiskIsSaidInTheSystemsWords() throws {
        #expect(message { try makeChunk(.small(preset: "ultrafast"), frames: 0..<10, path: "/dev/full") }.contains("No space left on device"))
        #expect(message { try makeChunk(.small(), frames: 0..<1, path: "/nowhere/a.mp4") }.contains("No such file or directory"))
    }
}
