import Testing
import Timeline

/// A manifest that cannot be rendered, and what must be said about it.
struct Refusal: CustomTestStringConvertible, Sendable {
    let manifest: String
    let path: String
    let words: String

    init(_ manifest: String, _ path: String, _ words: String) {
        (self.manifest, self.path, self.words) = (manifest, path, words)
    }

    /// With one segment that is fine but for what is given.
    static func picture(_ members: String, _ path: String, _ words: String) -> Refusal {
        Refusal(
            #"{"project_id": "p", "segments": [{"start": 0, "end": 1, "generated_images": [{\#(members)}]}]}"#,
            "$.segments[0].generated_images[0]" + path, words)
    }
    static func motion(_ motion: String, _ path: String, _ words: String) -> Refusal {
        picture(#""s3_key": "a", "motion": \#(motion)"#, ".motion" + path, words)
    }
    static func segment(_ members: String, _ path: String, _ words: String) -> Refusal {
        Refusal(#"{"project_id": "p", "segments": [{"generated_images": ["a"], \#(members)}]}"#, "$.segments[0]" + path, words)
    }
    static func top(_ members: String, _ path: String, _ words: String) -> Refusal {
        Refusal(#"{"project_id": "p", \#(members), "segments": [{"start": 0, "end": 1, "generated_images": ["a"]}]}"#, path, words)
    }
    static func id(_ id: String, _ words: String) -> Refusal {
        Refusal(#"{"project_id": \#(id), "segments": [{"start": 0, "end": 1, "generated_images": ["a"]}]}"#, "$.project_id", words)
    }

    var testDescription: String { String("\(path) \(words): \(manifest)".prefix(150)) }
}

@Suite struct ManifestErrorTests {
    static let refusals: [Refusal] = [
        Refusal("", "$", "empty"), Refusal("no JSON", "$", "line 1"), Refusal("[1]", "$", "is an object"),
        Refusal(#"{"project_id": "p", "segments": [NaN]}"#, "$", "line 1"),
        Refusal(#"{"project_id": "p", "segments": [{"start": 1e999}]}"#, "$", "too large"),
        Refusal(#"{"project_id": "p"}"#, "$.segments", "no segments"), Refusal(#"{"project_id": "p", "segments": []}"#, "$.segments", "empty"),
        Refusal(#"{"project_id": "p", "segments": {}}"#, "$.segments", "array"),
        Refusal(#"{"project_id": "p", "segments": [{"start": 0, "end": 1}]}"#, "$.segments", "no picture"),
        Refusal(#"{"segments": [{"start": 0, "end": 1, "generated_images": ["a"]}]}"#, "$.project_id", "names no project"),
        .id(#""a/b""#, "slash"), .id(#"".hidden""#, "dot"), .id(#""..""#, "dot"), .id(#""""#, "empty"), .id(#""a\nb""#, "control"),
        .id(#""a\\b""#, "slash"), .id("[]", "string"), .id("\"\(String(repeating: "x", count: 201))\"", "200 bytes"),
        .top(#""title": []"#, "$.title", "string"), .top(#""duration": -1"#, "$.duration", "negative"),
        .top(#""duration": "long""#, "$.duration", "number"), .top(#""audio_file": true"#, "$.audio_file", "boolean"),
        .top(#""audio_file": {}"#, "$.audio_file", "names no file"), .top(#""audio_file": {"success": false}"#, "$.audio_file", "names no file"),
        .top(#""audio_file": "/etc/passwd""#, "$.audio_file", "absolute"), .top(#""audio_file": "../n.mp3""#, "$.audio_file", ".."),
        .top(#""audio_file": "file:///etc/passwd""#, "$.audio_file", "URL"),
        .top(#""audio_file": {"r": {"s3_key": "a/../b"}}"#, "$.audio_file.r.s3_key", ".."),
        .segment(#""start": -1, "end": 1"#, ".start", "negative"), .segment(#""start_time": 0, "end_time": 90000"#, ".end_time", "24 hours"),
        .segment(#""start": 2, "end": 1"#, ".end", "before it starts"), .segment(#""start": 0"#, ".end_time", "missing"),
        .segment(#""end": 1"#, ".start_time", "missing"), .segment(#""start": "soon", "end": 1"#, ".start", "number"),
        .segment(#""start": "nan", "end": 1"#, ".start", "number"), .segment(#""start": "inf", "end": 1"#, ".start", "number"),
        .segment(#""start": "0x10", "end": 99"#, ".start", "number"), .segment(#""start": "1e999", "end": 1"#, ".start", "number"),
        .segment(#""start": true, "end": 1"#, ".start", "boolean"), .segment(#""start": 0, "end": 1e300"#, ".end", "24 hours"),
        .segment(#""start": 0, "end": 1, "text": {}"#, ".text", "string"), .segment(#""start": 0, "end": 1, "id": []"#, ".id", "string"),
        Refusal(#"{"project_id": "p", "segments": ["x"]}"#, "$.segments[0]", "object"),
        Refusal(#"{"project_id": "p", "segments": [{"start": 0, "end": 1, "generated_images": 7}]}"#,
            "$.segments[0].generated_images", "array"),
        Refusal(#"{"project_id": "p", "segments": [{"start": 0, "end": 1, "generated_images": [7]}]}"#,
            "$.segments[0].generated_images[0]", "picture"),
        .picture(#""query": "x""#, "", "names no file"), .picture(#""s3_key": 7"#, ".s3_key", "string"),
        .picture(#""s3_key": "../a""#, ".s3_key", ".."), .picture(#""s3_key": "a/..""#, ".s3_key", ".."),
        .picture(#""s3_key": "/a""#, ".s3_key", "absolute"), .picture(#""path": "a\\b""#, ".path", "backslash"),
        .picture(#""path": "/etc/passwd""#, ".path", "absolute"), .picture(#""path": "https://h/a""#, ".path", "URL"),
        .picture(#""path": "a\u0001b""#, ".path", "control"), .picture(#""s3_url": "http://h/a""#, ".s3_url", "S3 URL"),
        .picture(#""s3_url": "s3://bucket""#, ".s3_url", "S3 URL"), .picture(#""s3_url": "s3://b/../a""#, ".s3_url", ".."),
        .picture(#""url": "https://h/a\u0007b""#, ".url", "control character"), .picture(#""url": "ftp://h/a""#, "", "names no file"),
        .picture(#""s3_key": "a", "fit": "stretch""#, ".fit", "cover"),
        .motion("7", "", "preset"), .motion(#""spin""#, "", "zoom-in"), .motion("{}", "", "says no motion"),
        .motion(#"{"from": {}}"#, "", "says no motion"), .motion("[]", "", "2…1000"), .motion(#"[{"zoom": 1}]"#, "", "2…1000"),
        .motion("[\(Array(repeating: "{}", count: 1001).joined(separator: ","))]", "", "2…1000"),
        .motion(#"[{}, 7]"#, "[1]", "object"), .motion(#"[{"zoom": 0.5}, {}]"#, "[0].zoom", "1…20"),
        .motion(#"[{"zoom": 21}, {}]"#, "[0].zoom", "1…20"), .motion(#"[{"x": "left"}, {}]"#, "[0].x", "number"),
        .motion(#"[{"at": 0.5}, {"at": 0.4}]"#, "[1].at", "order"), .motion(#"[{"at": 0.5}, {"at": 0.5}]"#, "[1].at", "order"),
        .motion(#"[{"at": -1}, {}]"#, "[0].at", "0…1"), .motion(#"[{}, {"at": 1.5}]"#, "[1].at", "0…1"),
        .motion(#"[{"at": 1}, {}]"#, "[1].at", "order"), .motion(#"{"from": {}, "to": {}, "path": "curly"}"#, ".path", "van-wijk"),
        .motion(#"{"from": {}, "to": {}, "easing": "bouncy"}"#, ".easing", "ease-in"),
        .motion(#"{"from": {}, "to": {}, "easing": [0, 0, 1, 2]}"#, ".easing", "0…1"),
        .motion(#"{"preset": "spin"}"#, ".preset", "zoom-in"), .motion(#"{"key_frames": 3}"#, ".key_frames", "array"),
        .top(#""output": 7"#, "$.output", "object"), .top(#""output": {"width": 15, "height": 16}"#, "$.output.width", "16…16384"),
        .top(#""output": {"width": 1921, "height": 1080}"#, "$.output.width", "even"),
        .top(#""output": {"width": 1920, "height": 20000}"#, "$.output.height", "16…16384"),
        .top(#""output": {"width": 100.5, "height": 100}"#, "$.output.width", "whole"), .top(#""output": {"fps": 0}"#, "$.output.fps", "1…240"),
        .top(#""output": {"fps": "fast"}"#, "$.output.fps", "1…240"), .top(#""output": {"fps": -24}"#, "$.output.fps", "1…240"),
        .top(#""output": {"crf": 64}"#, "$.output.crf", "0…63"), .top(#""output": {"crf": -1}"#, "$.output.crf", "0…63"),
        .top(#""output": {"preset": "a b"}"#, "$.output.preset", "encoder"), .top(#""output": {"codec": "../x"}"#, "$.output.codec", "encoder"),
        .top(#""style": []"#, "$.style", "object"), .top(#""style": {"zoom": 0.9}"#, "$.style.zoom", "1…20"),
        .top(#""style": {"zoom": 50}"#, "$.style.zoom", "1…20"), .top(#""style": {"transition": "wipe"}"#, "$.style.transition", "crossfade"),
        .top(#""style": {"transition": {"kind": "wipe"}}"#, "$.style.transition.kind", "crossfade"),
        .top(#""style": {"transition": {"seconds": -1}}"#, "$.style.transition.seconds", "0…10"),
        .top(#""style": {"transition": {"seconds": 1e9}}"#, "$.style.transition.seconds", "0…10"),
        .top(#""style": {"fit": "stretch"}"#, "$.style.fit", "contain"), .top(#""style": {"seed": 1.5}"#, "$.style.seed", "whole"),
        .top(#""style": {"background": "red"}"#, "$.style.background", "#rrggbb"),
        .top(##""style": {"background": "#+12345"}"##, "$.style.background", "#rrggbb"),
        .top(#""style": {"easing": 3}"#, "$.style.easing", "linear"),
    ]

    @Test(arguments: refusals) func refuses(_ refusal: Refusal) {
        let (project, diagnostics) = read(refusal.manifest)
        #expect(project == nil)
        let errors = diagnostics.filter { $0.severity == .error }
        #expect(errors.count == 1, "\(errors)")
        #expect(errors.first?.path == refusal.path)
        #expect(errors.first?.message.contains(refusal.words) == true, "\(errors)")
    }

    @Test func everyProblemIsFoundInOneRun() {
        let (project, diagnostics) = read(#"{"project_id": "a/b", "style": {"zoom": 0}, "segments": [{"start": -1, "end": -2}, 7]}"#)
        #expect(project == nil)
        #expect(diagnostics.map(\.path) == [
            "$.project_id", "$.segments[0].start", "$.segments[0].end", "$.segments[1]", "$.style.zoom",
        ])
    }

    @Test func tooManySegmentsAreRefusedAtOnce() {
        let segment = #"{"start": 0, "end": 1, "generated_images": ["a"]}"#
        for (count, isFine) in [(20_000, true), (20_001, false), (100_000, false)] {
            let list = repeatElement(segment, count: count).joined(separator: ",")
            let (project, diagnostics) = read(#"{"project_id": "p", "segments": [\#(list)]}"#)
            #expect((project != nil) == isFine)
            #expect(diagnostics.map(\.path) == (isFine ? [] : ["$.segments"]))
        }
    }

    @Test func tooManyPicturesAreRefused() {
        for (count, isFine) in [(1000, true), (1001, false)] {
            let list = repeatElement("\"a\"", count: count).joined(separator: ",")
            let (project, diagnostics) = read(#"{"project_id": "p", "segments": [{"start": 0, "end": 1, "generated_images": [\#(list)]}]}"#)
            #expect((project != nil) == isFine)
            #expect(diagnostics.map(\.path) == (isFine ? [] : ["$.segments[0].generated_images"]))
        }
        let full = "{\"start\": 0, \"end\": 1, \"generated_images\": [\(repeatElement("\"a\"", count: 1000).joined(separator: ","))]}"
        let (project, diagnostics) = read("{\"project_id\": \"p\", \"segments\": [\(repeatElement(full, count: 101).joined(separator: ","))]}")
        #expect(project == nil && diagnostics.map(\.path) == ["$.segments"])
    }

    @Test func aManifestThatIsTooLongIsRefusedBeforeItIsRead() {
        let (project, diagnostics) = Project.read(Array(repeating: UInt8(ascii: " "), count: 50 << 20), fallbackID: nil)
        #expect(project == nil && diagnostics.count == 1)
        #expect(diagnostics.first?.message.contains("16777216") == true)
    }

    @Test func aThousandEqualMistakesAreListedAHundredTimes() {
        let list = repeatElement("7", count: 20_000).joined(separator: ",")
        let (project, diagnostics) = read(#"{"project_id": "p", "segments": [\#(list)]}"#)
        #expect(project == nil)
        #expect(diagnostics.count == 101)
        #expect(diagnostics.last?.message.hasPrefix("19900 more") == true)
    }

    @Test func webAddressesOfOtherKindsAreOnlyAWarningBesideAGoodOne() {
        let (project, diagnostics) = read(
            #"{"project_id": "p", "segments": [{"start": 0, "end": 1, "generated_images": [{"s3_key": "a", "url": "data:image/png;base64,AA"}]}]}"#)
        #expect(project?.pictures.first?.url == nil)
        #expect(diagnostics.map(\.path) == ["$.segments[0].generated_images[0].url"])
    }

    @Test func messagesCarryNoTerminalCodes() {
        let (_, diagnostics) = read(#"{"project_id": "a\u001b[31m/b", "segments": []}"#)
        #expect(!diagnostics.map(\.description).joined().unicodeScalars.contains { $0.value < 0x20 })
    }

    /// Whatever is wrong with it: what lets somebody in is not for logs.
    @Test(arguments: [
        #""url": "http://h/a.jpg?token=hush\u0001""#, #""path": "http://h/a.jpg?token=hush""#, #""s3_key": "http://h/a.jpg?token=hush""#,
        #""s3_url": "http://h/a.jpg?token=hush""#, #""s3_url": "s3://u:hush@h/""#, #""url": "ftp://user:hush@h/a.jpg""#,
        #""url": "//h/a.jpg?token=hush""#, #""url": "http://h/a.jpg?token=hush ""#, #""presigned_url": "https://h/a b?X-Amz-Signature=hush""#,
    ])
    func `Addresses are told without what lets somebody in`(members: String) {
        for manifest in [
            #"{"project_id": "p", "segments": [{"start": 0, "end": 1, "generated_images": [{\#(members)}]}]}"#,
            #"{"project_id": "p", "audio_file": {\#(members)}, "segments": [{"start": 0, "end": 1, "generated_images": ["a"]}]}"#,
            #"{"project_id": "p", "audio_file": \#(members.drop { $0 != " " }), "segments": []}"#,
        ] {
            let result = Project.read(Array(manifest.utf8), fallbackID: nil)
            #expect(result.diagnostics.allSatisfy { !"\($0)".contains("hush") }, "\(result.diagnostics)")
        }
    }

    /// Whoever fetches encodes them.
    @Test func `A URL may have spaces in it and around it`() throws {
        let manifest = #"{"project_id": "p", "segments": [{"start": 0, "end": 1, "generated_images": [{"url": " https://h/a b.jpg\n"}]}]}"#
        let result = Project.read(Array(manifest.utf8), fallbackID: nil)
        #expect(result.project?.pictures.first?.url == "https://h/a b.jpg")
    }
}
