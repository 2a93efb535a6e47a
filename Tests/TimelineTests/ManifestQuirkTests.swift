import JSON
import Testing
import Timeline

/// One manifest as upstream tools (or people) write it, and the film that it must become, at 24 frames a second and with cuts.
struct Quirk: CustomTestStringConvertible, Sendable {
    let name: String
    /// The value of "segments".
    var segments: String
    var narration: Double?
    /// Each shot as picture:first..<end.
    let shots: String
    /// JSON paths of the warnings, from reading and from laying out.
    var warnings: [String] = []

    var testDescription: String { name }
}

@Suite struct ManifestQuirkTests {
    static let a = #""generated_images": [{"s3_key": "a"}]"#
    static let b = #""generated_images": [{"s3_key": "b"}]"#
    static let c = #""generated_images": [{"s3_key": "c"}]"#

    static let timing: [Quirk] = [
        Quirk(name: "start_time and end_time",
            segments: #"[{"start_time": 0, "end_time": 2, \#(a)}, {"start_time": 2, "end_time": 5, \#(b)}]"#,
            shots: "a:0..<48 b:48..<120"),
        Quirk(name: "start and end", segments: #"[{"start": 0, "end": 2, \#(a)}, {"start": 2, "end": 5, \#(b)}]"#,
            shots: "a:0..<48 b:48..<120"),
        Quirk(name: "start_time null beside start", segments: #"[{"start_time": null, "start": 0, "end": 2, \#(a)}]"#,
            shots: "a:0..<48"),
        Quirk(name: "start_time wins over start", segments: #"[{"start_time": 1, "start": 9, "end_time": 2, "end": 3, \#(a)}]"#,
            shots: "a:0..<48"),
        Quirk(name: "numbers as strings", segments: #"[{"start": "0", "end": " 2.5 ", \#(a)}, {"start": "2.5e0", "end": "3", \#(b)}]"#,
            shots: "a:0..<60 b:60..<72"),
        Quirk(name: "integers and reals", segments: #"[{"start": 0.0, "end": 2, \#(a)}, {"start": 2.0, "end": 3.5, \#(b)}]"#,
            shots: "a:0..<48 b:48..<84"),
        Quirk(name: "out of order", segments: #"[{"start": 2, "end": 3, \#(b)}, {"start": 0, "end": 2, \#(a)}]"#,
            shots: "a:0..<48 b:48..<72"),
        Quirk(name: "a gap is filled by the picture before", segments: #"[{"start": 0, "end": 1, \#(a)}, {"start": 3, "end": 4, \#(b)}]"#,
            shots: "a:0..<72 b:72..<96"),
        Quirk(name: "overlap by rounding is cut without a word",
            segments: #"[{"start": 0, "end": 2.0000000001, \#(a)}, {"start": 2, "end": 3, \#(b)}]"#, shots: "a:0..<48 b:48..<72"),
        Quirk(name: "overlap is cut at the later start", segments: #"[{"start": 0, "end": 2.5, \#(a)}, {"start": 2, "end": 3, \#(b)}]"#,
            shots: "a:0..<48 b:48..<72", warnings: ["$.segments[0]"]),
        Quirk(name: "a segment inside another takes over", segments: #"[{"start": 0, "end": 9, \#(a)}, {"start": 2, "end": 3, \#(b)}]"#,
            shots: "a:0..<48 b:48..<216", warnings: ["$.segments[0]"]),
        Quirk(name: "two segments at the same time: the later one in the manifest",
            segments: #"[{"start": 0, "end": 2, \#(a)}, {"start": 0, "end": 2, \#(b)}]"#, shots: "b:0..<48",
            warnings: ["$.segments[0]", "$.segments[0].generated_images[0]"]),
        Quirk(name: "begins after 0", segments: #"[{"start": 1.5, "end": 2, \#(a)}]"#, shots: "a:0..<48"),
        Quirk(name: "without pictures in the middle",
            segments: #"[{"start": 0, "end": 1, \#(a)}, {"start": 1, "end": 2}, {"start": 2, "end": 3, \#(b)}]"#,
            shots: "a:0..<48 b:48..<72"),
        Quirk(name: "without pictures at the begin", segments: #"[{"start": 0, "end": 1, "generated_images": []}, {"start": 1, "end": 2, \#(b)}]"#,
            shots: "b:0..<48"),
        Quirk(name: "pictures null", segments: #"[{"start": 0, "end": 1, \#(a)}, {"start": 1, "end": 2, "generated_images": null}]"#,
            shots: "a:0..<48"),
        Quirk(name: "several pictures share equally",
            segments: #"[{"start": 0, "end": 1, "generated_images": [{"s3_key": "a"}, {"s3_key": "b"}, {"s3_key": "c"}]}]"#,
            shots: "a:0..<8 b:8..<16 c:16..<24"),
        Quirk(name: "the same picture in two segments is two shots", segments: #"[{"start": 0, "end": 1, \#(a)}, {"start": 1, "end": 2, \#(a)}]"#,
            shots: "a:0..<24 a:24..<48"),
        Quirk(name: "narration longer", segments: #"[{"start": 0, "end": 2, \#(a)}]"#, narration: 3, shots: "a:0..<72"),
        Quirk(name: "narration shorter", segments: #"[{"start": 0, "end": 2, \#(a)}]"#, narration: 1.5, shots: "a:0..<36"),
        Quirk(name: "a segment after the narration's end",
            segments: #"[{"start": 0, "end": 2, \#(a)}, {"start": 2, "end": 3, \#(b)}]"#, narration: 2, shots: "a:0..<48",
            warnings: ["$.segments[1]"]),
        Quirk(name: "every segment after the narration's end", segments: #"[{"start": 5, "end": 6, \#(a)}]"#, narration: 1,
            shots: "a:0..<24", warnings: ["$.segments[0]"]),
        Quirk(name: "a shot of less than half a frame",
            segments: #"[{"start": 0, "end": 1, \#(a)}, {"start": 1, "end": 1.01, \#(b)}, {"start": 1.01, "end": 2, \#(c)}]"#,
            shots: "a:0..<24 c:24..<48", warnings: ["$.segments[1].generated_images[0]"]),
        Quirk(name: "of no length at all", segments: #"[{"start": 0, "end": 0, \#(a)}]"#, shots: "a:0..<1", warnings: ["$.segments[0]"]),
        Quirk(name: "narration of a fraction of a frame", segments: #"[{"start": 0, "end": 4, \#(a)}]"#, narration: 0.001, shots: "a:0..<1"),
        Quirk(name: "one picture without an array", segments: #"[{"start": 0, "end": 1, "generated_images": {"s3_key": "a"}}]"#,
            shots: "a:0..<24"),
        Quirk(name: "a picture as its key", segments: #"[{"start": 0, "end": 1, "generated_images": ["a"]}]"#, shots: "a:0..<24"),
        Quirk(name: "a picture that is null is passed over",
            segments: #"[{"start": 0, "end": 1, "generated_images": [null, {"s3_key": "a"}]}]"#, shots: "a:0..<24",
            warnings: ["$.segments[0].generated_images[0]"]),
        Quirk(name: "keys that are null or empty are absent",
            segments: #"[{"start": 0, "end": 1, "text": null, "id": null, "generated_images": [{"s3_key": "a", "path": null, "url": "", "motion": null}]}]"#,
            shots: "a:0..<24"),
        Quirk(name: "presigned URLs of one picture differ",
            segments: #"[{"start": 0, "end": 2, "generated_images": [{"s3_key": "a", "presigned_url": "https://x/a?s=1"}, {"s3_key": "a", "presigned_url": "https://x/a?s=2"}]}]"#,
            shots: "a:0..<24 a:24..<48"),
    ]

    @Test(arguments: timing) func laysOut(_ quirk: Quirk) throws {
        let (project, found) = read(
            #"{"project_id": "p", "style": {"transition": "cut"}, "segments": \#(quirk.segments)}"#)
        let good = try #require(project, "\(found)")
        let timeline = try Timeline(
            project: good, pictureSizes: good.pictures.map { _ in fullHD }, narrationSeconds: quirk.narration,
            outputSize: fullHD, frameRate: fps24)
        let shots = timeline.shots.map { shot in
            "\(good.pictures[shot.picture].displayName):\(shot.frames.lowerBound)..<\(shot.frames.upperBound)"
        }
        #expect(shots.joined(separator: " ") == quirk.shots)
        #expect((found + timeline.diagnostics).map(\.path) == quirk.warnings)
        #expect(timeline.frameCount == timeline.shots.last?.frames.upperBound)
        #expect(Set(good.pictures).count == good.pictures.count)
    }

    /// `audio_file` as written, and where the narration is then looked for.
    @Test(arguments: [
        (#""projects/p/audio/n.mp3""#, "path projects/p/audio/n.mp3, key projects/p/audio/n.mp3"),
        (#""audio/n.mp3""#, "path audio/n.mp3, key audio/n.mp3"),
        (#""./n.mp3""#, "path ./n.mp3, key ./n.mp3"),
        (#""https://host/n.mp3?sig=1""#, "url https://host/n.mp3?sig=1"),
        (#""HTTP://host/n.mp3""#, "url HTTP://host/n.mp3"),
        (#""s3://bucket/audio/n.mp3""#, "s3 s3://bucket/audio/n.mp3"),
        (#"{"s3_key": "n.mp3", "s3_url": "s3://b/n.mp3"}"#, "key n.mp3, s3 s3://b/n.mp3"),
        (#"{"presigned_url": "https://h/1", "url": "https://h/2", "s3_url": "s3://b/3", "s3_key": "4", "path": "5"}"#,
            "path 5, key 4, s3 s3://b/3, url https://h/2, url https://h/1"),
        (#"{"success": true, "filename": "n.mp3", "file_size": 9, "result": {"s3_key": "n.mp3"}}"#, "key n.mp3"),
        (#"{"success": true, "data": {"upload": {"audio": {"s3_key": "n.mp3", "s3_url": "s3://b/n.mp3"}}}}"#,
            "key n.mp3, s3 s3://b/n.mp3"),
        (#"{"s3_key": "s3://b/n.mp3"}"#, "s3 s3://b/n.mp3"),
        ("null", ""), (#""""#, ""),
    ])
    func findsNarration(_ written: String, _ expected: String) throws {
        let (project, _) = read(
            #"{"project_id": "p", "audio_file": \#(written), "segments": [{"start": 0, "end": 1, \#(Self.a)}]}"#)
        let candidates = try #require(project).narration?.candidatesInOrder ?? []
        let texts = candidates.map { candidate in
            switch candidate {
            case .path(let path): "path \(path)"
            case .s3Key(let key): "key \(key)"
            case .s3URL(let url): "s3 \(url)"
            case .url(let url): "url \(url)"
            }
        }
        #expect(texts.joined(separator: ", ") == expected)
    }

    @Test(arguments: [("7", "7"), (#""seven""#, "seven"), ("7.5", "7.5"), ("null", "0"), (#""""#, "")])
    func readsIDs(_ written: String, _ expected: String) throws {
        let (project, _) = read(#"{"project_id": 42, "segments": [{"id": \#(written), "start": 0, "end": 1, \#(Self.a)}]}"#)
        let good = try #require(project)
        #expect(good.segments[0].id == expected)
        #expect(good.id == "42")
    }

    @Test func absentAudioAndIDAndDefaults() throws {
        let (project, diagnostics) = read(#"{"segments": [{"start": 0, "end": 1, \#(Self.a)}]}"#, fallbackID: "folder")
        let good = try #require(project)
        #expect(diagnostics.isEmpty)
        #expect(good.id == "folder" && good.narration == nil && good.title == nil && good.declaredDurationSeconds == nil)
        #expect(good.output == OutputRequest())
        #expect(good.style.transition == Transition(kind: .crossfade, seconds: 0.6))
        #expect(good.style.zoom == 1.18 && good.style.fit == .cover && good.style.easing == .default)
        #expect(good.style.background.description == "#000000")
    }

    @Test func unknownKeysAreKept() throws {
        let text = #"{"project_id":"p","x":{"deep":[1,{"y":null}]},"segments":[{"start":0,"end":1,"generated_images":["a"],"mine":true}],"z":0.1}"#
        #expect(try #require(read(text).project).document.serialized() == text)
    }

    @Test func readsEverythingAProjectMayAdd() throws {
        let (project, diagnostics) = read(
            """
            {"project_id": "p", "title": "T", "duration": "12.5",
             "output": {"width": "1280", "height": 720, "fps": 29.97, "crf": 0, "preset": "veryfast", "codec": "h264"},
             "style": {"transition": {"kind": "fade-black", "seconds": 1}, "zoom": 1.5, "easing": [0.1, 0.2, 0.3, 0.4],
               "fit": "contain", "seed": 18446744073709551615e0, "background": "#0a0B0c"},
             "segments": [{"start": 0, "end": 1, "text": "words", "generated_images": [
               {"path": "a.jpg", "fit": "cover", "motion": {"from": {"x": 0.5, "y": 0.4, "zoom": 1.2}, "to": {"zoom": 2},
                 "easing": "linear", "path": "van-wijk"}},
               {"path": "b.jpg", "motion": [{"zoom": 1}, {"zoom": 2}, {"zoom": 2, "at": 0.9}]},
               {"path": "c.jpg", "motion": {"key_frames": [{"zoom": 1}, {"zoom": 3}]}},
               {"path": "d.jpg", "motion": {"preset": "arc", "easing": "ease-in"}}]}]}
            """.replacing("18446744073709551615e0", with: "7"))
        let good = try #require(project, "\(diagnostics)")
        #expect(diagnostics.isEmpty)
        #expect(good.title == "T" && good.declaredDurationSeconds == 12.5)
        #expect(good.output == OutputRequest(width: 1280, height: 720, fps: FrameRate(parsing: "30000/1001"), crf: 0,
            preset: "veryfast", codec: "h264"))
        #expect(good.style.transition == Transition(kind: .fadeBlack, seconds: 1))
        #expect(good.style.easing == Easing(x1: 0.1, y1: 0.2, x2: 0.3, y2: 0.4))
        #expect(good.style.seed == 7 && good.style.background.description == "#0a0b0c")
        let uses = good.segments[0].shots
        let at = "$.segments[0].generated_images"
        #expect(uses[0].fit == .cover && uses[1].fit == nil)
        #expect(uses[0].motion == .keyFrames(
            [KeyFrame(x: 0.5, y: 0.4, zoom: 1.2, at: 0, jsonPath: "\(at)[0].motion.from"),
                KeyFrame(x: 0.5, y: 0.5, zoom: 2, at: 1, jsonPath: "\(at)[0].motion.to")], easing: .linear, path: .vanWijk))
        guard case .keyFrames(let keys, nil, .straight)? = uses[1].motion else { Issue.record("\(uses[1])"); return }
        #expect(keys.map(\.at) == [0, 0.45, 0.9])
        guard case .keyFrames(let listed, nil, .straight)? = uses[2].motion else { Issue.record("\(uses[2])"); return }
        #expect(listed.map(\.zoom) == [1, 3])
        #expect(uses[3].motion == .preset(.arc, easing: .easeIn))
    }

    @Test(arguments: Motion.Preset.allCases) func readsPreset(_ preset: Motion.Preset) throws {
        let (project, _) = read(
            #"{"project_id": "p", "segments": [{"start": 0, "end": 1, "generated_images": [{"s3_key": "a", "motion": "\#(preset.rawValue)"}]}]}"#)
        #expect(try #require(project).segments[0].shots[0].motion == .preset(preset, easing: nil))
    }

    @Test func theExampleIsClean() throws {
        let (project, diagnostics) = read(earthrise)
        let good = try #require(project)
        #expect(diagnostics.isEmpty)
        let film = try Timeline(
            project: good, pictureSizes: earthriseSizes, narrationSeconds: 39.542, outputSize: fullHD, frameRate: fps24)
        #expect(film.diagnostics.isEmpty)
        #expect(film.frameCount == 949)
        #expect(film.shots.map(\.frames.lowerBound) == [0, 171, 351, 501, 620, 757])
        #expect(film.segments.map(\.id) == ["0", "1", "2", "3", "4", "5"])
        #expect(good.narration?.displayName == "projects/earthrise/audio/narration.mp3")
    }
}
