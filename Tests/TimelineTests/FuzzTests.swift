import JSON
import TestSupport
import Testing
import Timeline

/// Random damage to a real manifest: whatever comes, there are errors or a film, never a crash.
@Suite struct FuzzTests {
    static let tokens = [
        "null", "true", "-1", "1e999", "1e308", "-0", "0.1e-320", "[", "]", "{", "}", "\"", ",", ":", "\\u0000", "\\ud800", "NaN",
        "\"\"", "[]", "{}", "\"..\"", "\"/\"", "99999999999999999999", "\u{FEFF}", "\"nan\"", "\"segments\":", "\"motion\":",
    ].map { Array($0.utf8) }

    @Test(arguments: UInt64(1)...8) func damagedBytes(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let original = Array(earthrise.utf8)
        for _ in 0..<250 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                let end = min(bytes.count, place + Int.random(in: 0...40, using: &generator))
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes.removeSubrange(place..<end)
                case 2: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
                case 3: bytes.replaceSubrange(place..<end, with: Self.tokens.randomElement(using: &generator)!)
                case 4: bytes.insert(contentsOf: Self.tokens.randomElement(using: &generator)!, at: place)
                default: bytes.removeSubrange(place...)
                }
                if bytes.isEmpty { break }
            }
            expectErrorsOrFilm(bytes, &generator)
        }
    }

    static let values: [JSON] = [
        .null, true, 0, -1, 0.5, 1e308, -1e308, .number(.leastNonzeroMagnitude), 86_400, .integer(.max), .integer(.min), "", "..", "/a", "a\\b", "s3://b/k",
        "s3://", "https://h/p", "1e5", "nan", "-3", "zoom-in", "van-wijk", "contain", "fade-black", [], [[]], [:],
        ["from": ["x": 2, "zoom": 3], "to": ["y": -1, "zoom": 20], "path": "van-wijk"],
        [["zoom": 1], ["zoom": 20, "at": 0.5], ["x": 0.9, "at": 0.5001], ["x": 0.1]],
        ["key_frames": [["zoom": 7], ["zoom": 7], ["x": 0.2, "zoom": 1.00001]], "easing": "linear"],
        ["transition": ["kind": "crossfade", "seconds": 10], "zoom": 20, "fit": "contain"], ["transition": "fade-black", "zoom": 1],
        ["width": 16, "height": 16_384, "fps": "240"], "reveal", ["s3_key": "x"], ["s3_key": "projects/../x"],
    ]
    static let keys = [
        "motion", "style", "output", "start_time", "end_time", "start", "end", "text", "id", "generated_images", "s3_key", "path",
        "url", "audio_file", "duration", "fit", "project_id", "title", "segments", "presigned_url",
    ]

    @Test(arguments: UInt64(1)...8) func damagedValues(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let original = try JSON(parsing: Array(earthrise.utf8))
        var films = 0
        for _ in 0..<250 {
            var document = original
            for _ in 0..<Int.random(in: 1...5, using: &generator) { document = damaged(document, &generator) }
            if expectErrorsOrFilm(document.serializedBytes(pretty: Bool.random(using: &generator)), &generator) { films += 1 }
        }
        #expect(films > 20, "too few get as far as a film for this to mean something")
    }

    /// One value somewhere inside replaced, removed, doubled or added.
    private func damaged(_ value: JSON, _ generator: inout SeededGenerator) -> JSON {
        if Int.random(in: 0..<6, using: &generator) == 0 { return Self.values.randomElement(using: &generator)! }
        switch value {
        case .array(var elements) where !elements.isEmpty:
            let place = elements.indices.randomElement(using: &generator)!
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: elements.remove(at: place)
            case 1: elements.insert(elements.randomElement(using: &generator)!, at: place)
            default: elements[place] = damaged(elements[place], &generator)
            }
            return .array(elements)
        case .object(var object) where !object.isEmpty:
            let key = object.members.randomElement(using: &generator)!.key
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: object[key] = nil
            case 1, 2: object[Self.keys.randomElement(using: &generator)!] = Self.values.randomElement(using: &generator)!
            default: object[key] = damaged(object[key] ?? .null, &generator)
            }
            return .object(object)
        default: return Self.values.randomElement(using: &generator)!
        }
    }

    @discardableResult
    private func expectErrorsOrFilm(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> Bool {
        let (project, diagnostics) = Project.read(bytes, fallbackID: "fallback")
        let hasErrors = diagnostics.contains { $0.severity == .error }
        #expect((project == nil) == hasErrors)
        #expect(diagnostics.allSatisfy { $0.path.hasPrefix("$") && !$0.message.isEmpty })
        guard let project else { return false }
        #expect(!project.id.contains("/") && !project.id.hasPrefix(".") && !project.id.isEmpty)
        for candidate in project.pictures.flatMap(\.candidatesInOrder) + (project.narration?.candidatesInOrder ?? []) {
            if case .path(let path) = candidate { #expect(isBelow(path)) }
            if case .s3Key(let key) = candidate { #expect(isBelow(key)) }
        }
        let sizes = project.pictures.map { _ in InvariantTests.size(&generator) }
        let narration: Double? = Bool.random(using: &generator) ? nil : Double.random(in: 0...90, using: &generator)
        do {
            let film = try Timeline(
                project: project, pictureSizes: sizes, narrationSeconds: narration, outputSize: fullHD, frameRate: fps24)
            let probes = [0, film.frameCount - 1] + (0..<40).map { _ in Int.random(in: 0..<film.frameCount, using: &generator) }
            for layer in probes.flatMap(film.layers(atFrame:)) {
                #expect(excess(layer.view) <= 1e-12 && layer.view.width > 0 && layer.view.height > 0)
            }
            #expect(film.chunks(minimumFrames: 24, maximumFrames: 240).reduce(0) { $0 + $1.count } == film.frameCount)
            return true
        } catch {
            Issue.record("a project that was read without errors has no timeline: \(error)")
            return false
        }
    }

    private func isBelow(_ path: String) -> Bool {
        !path.hasPrefix("/") && !path.split(separator: "/").contains("..") && !path.contains("\\")
    }
}
