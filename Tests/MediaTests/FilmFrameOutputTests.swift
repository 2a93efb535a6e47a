import Foundation
import Media
import Testing

@Suite struct SubtitleFileTests {
    @Test func cuesAreNumberedStampedAndEscaped() {
        let captions = [
            Caption(startSeconds: 3661.5, endSeconds: 3663, text: "a < b & c --> d"), Caption(startSeconds: 0, endSeconds: 1.2345, text: " Hello \n there "),
            Caption(startSeconds: 5, endSeconds: 5, text: "never"), Caption(startSeconds: 6, endSeconds: 7, text: "  "),
        ]
        #expect(SubtitleFile.srt(captions) == "1\n00:00:00,000 --> 00:00:01,235\nHello there\n\n2\n01:01:01,500 --> 01:01:03,000\na < b & c → d\n\n")
        #expect(SubtitleFile.vtt(captions) == "WEBVTT\n\n00:00:00.000 --> 00:00:01.235\nHello there\n\n01:01:01.500 --> 01:01:03.000\na &lt; b &amp; c --&gt; d\n\n")
    }

    @Test func longTextsBecomeSeveralCuesInProportion() throws {
        let word = "wandering"
        let text = Array(repeating: word, count: 60).joined(separator: " ") + ". " + String(repeating: "x", count: 100)
        let srt = SubtitleFile.srt([Caption(startSeconds: 10, endSeconds: 70, text: text)])
        let cues = srt.components(separatedBy: "\n\n").filter { !$0.isEmpty }.map { $0.components(separatedBy: "\n") }
        #expect(cues.count >= 9)
        #expect(cues.first?[1].hasPrefix("00:00:10,000") == true && cues.last?[1].hasSuffix("00:01:10,000") == true)
        for cue in cues {
            #expect((3...4).contains(cue.count))
            for line in cue.dropFirst(2) { #expect(line.count <= 42 && !line.isEmpty) }
        }
        for (a, b) in zip(cues, cues.dropFirst()) { #expect(a[1].suffix(12) == b[1].prefix(12)) }
        let words = cues.flatMap { $0.dropFirst(2) }.joined(separator: " ").filter { $0 != " " }
        #expect(words == text.filter { $0 != " " })
    }

    @Test func readersAgree() throws {
        let folder = try ScratchFolder()
        let captions = [Caption(startSeconds: 1, endSeconds: 2.5, text: "Ça & là <3"), Caption(startSeconds: 2.5, endSeconds: 4, text: "二")]
        try SubtitleFile.vtt(captions).write(toFile: folder.path("a.vtt"), atomically: false, encoding: .utf8)
        try ffmpeg("-i", "a.vtt", "b.srt", in: folder)
        let srt = try String(contentsOfFile: folder.path("b.srt"), encoding: .utf8)
        #expect(srt.contains("00:00:01,000 --> 00:00:02,500\nÇa & là <3\n") && srt.contains("00:00:02,500 --> 00:00:04,000\n二"), "\(srt)")
    }
}

@Suite struct EncodingFrameOutputTests {
    private func firstFrame(_ settings: VideoSettings, _ folder: ScratchFolder, _ body: (borrowing VideoFrame) throws -> Void) throws {
        let encoder = try ChunkEncoder(settings: settings, path: folder.path("unused.mp4"))
        let frame = try encoder.makeFrame()
        draw(3, frame)
        try body(frame)
    }

    @Test func y4mIsReadBackByteForByte() throws {
        let folder = try ScratchFolder()
        let settings = VideoSettings.small(width: 66, height: 50)
        var expected = Data()
        try Data().write(to: URL(fileURLWithPath: folder.path("a.y4m")))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path("a.y4m")))
        let writer = try Y4MWriter(fileDescriptor: file.fileDescriptor, width: 66, height: 50, frameRate: Rational(numerator: 30000, denominator: 1001))
        try firstFrame(settings, folder) { frame in
            try frame.withPlanes { planes in
                for _ in 0..<2 { try writer.write(planes) }
                for row in 0..<50 { expected.append(planes.y + row * planes.yStrideBytes, count: 66) }
                for row in 0..<25 { expected.append(planes.cb + row * planes.cbStrideBytes, count: 33) }
                for row in 0..<25 { expected.append(planes.cr + row * planes.crStrideBytes, count: 33) }
            }
        }
        try file.close()
        #expect(try probe(folder.path("a.y4m"), "stream=width,height,chroma_location,color_range,r_frame_rate")
            == ["width=66", "height=50", "color_range=tv", "chroma_location=left", "r_frame_rate=30000/1001"])
        try ffmpeg("-i", "a.y4m", "-f", "rawvideo", "a.yuv", in: folder)
        #expect(try bytes(folder.path("a.yuv")) == expected + expected)
        #expect(message {
            let full = try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/full"))
            _ = try Y4MWriter(fileDescriptor: full.fileDescriptor, width: 66, height: 50, frameRate: Rational(numerator: 1, denominator: 1))
        }.contains("No space left on device"))
    }

    /// Colour patches through BT.709: R'G'B' from Y'CbCr by the standard's own equations.
    @Test(arguments: [(16, 128, 128), (235, 128, 128), (126, 128, 128), (63, 102, 240), (173, 42, 26), (32, 240, 118), (200, 110, 140)])
    func pngIsBT709(_ y: Int, _ cb: Int, _ cr: Int) throws {
        let folder = try ScratchFolder()
        let path = folder.path("-patch.png")
        try firstFrame(.small(width: 32, height: 32), folder) { frame in
            try frame.withPlanes { planes in
                for row in 0..<32 { (planes.y + row * planes.yStrideBytes).update(repeating: UInt8(y), count: 32) }
                for row in 0..<16 {
                    (planes.cb + row * planes.cbStrideBytes).update(repeating: UInt8(cb), count: 16)
                    (planes.cr + row * planes.crStrideBytes).update(repeating: UInt8(cr), count: 16)
                }
                try writePNG(planes: planes, to: path)
                #expect(message { try writePNG(planes: planes, to: "/dev/full") }.contains("No space left on device"))
            }
        }
        let luma = Double(y - 16) / 219
        let blue = Double(cb - 128) / 224
        let red = Double(cr - 128) / 224
        let r = luma + 1.5748 * red
        let b = luma + 1.8556 * blue
        let g = (luma - 0.2126 * r - 0.0722 * b) / 0.7152
        let ideal = [r, g, b].map { max(0, min(255, $0 * 255)) }
        try run("ffmpeg", ["-v", "error", "-i", "file:" + path, "-f", "rawvideo", "-pix_fmt", "rgb24", "a.rgb"], in: folder)
        let pixels = try bytes(folder.path("a.rgb"))
        #expect(pixels.count == 32 * 32 * 3)
        for index in pixels.indices { #expect(abs(Double(pixels[index]) - ideal[index % 3]) <= 1.01, "\(Array(pixels.prefix(3))) \(ideal)") }
    }
}
