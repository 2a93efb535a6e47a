import AWS
import Foundation
import HTTP
import JSON
import ObjectStore
import ProjectImport
import Rendering
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct ProjectImportTests {
    static let later = AWSDate(secondsSince1970: 1_733_063_432)

    @Test(arguments: ImportFixture.Kind.allCases)
    func `Pictures, narration and manifest`(kind: ImportFixture.Kind) async throws {
        let server = try ScriptedServer.pictures()
        let fixture = try await ImportFixture(kind)
        try fixture.folder.write(.init(soundBytes()), "talk.bin")
        let secret = server.url("/1.jpg?token=hush&w=9")
        let report = try await fixture.run(
            project(
                [
                    [picture(secret), picture(server.url("/2.png"), query: "Zürich ☂", provider: nil)], [],
                    [picture(secret), ["url": .string(server.url("/3")), "motion": "pan-left", "other": [1]]],
                ], audio: "talk.bin"))
        #expect(report.problems == [] && report.importedCount == 3 && report.warnings == [])
        let names = ["fallback_query", "modern_smartphone", "zurich"].map { "projects/p/images/\($0)_20241201_143022.bmp" }
        let narration = "projects/p/audio/narration_20241201_143022.wav"
        #expect(try await fixture.keys() == [narration] + names + ["projects/p/manifest.json"])
        #expect(try await fixture.store.read(names[1]) == pictureBytes(1))

        let info = try await fixture.store.head(names[1])
        #expect(info.attributes.contentType == "image/bmp")
        var metadata = info.attributes.metadata
        #expect(metadata.removeValue(forKey: "original-digest")?.utf8.count == 32)
        #expect(
            metadata == [
                "original-url": server.url("/1.jpg?w=9"), "query": "Modern smartphone", "provider": "unsplash", "width": "6",
                "height": "4", "segment-id": "0", "start-time": "0", "end-time": "1.5",
            ])
        #expect(try await fixture.store.head(names[2]).attributes.metadata["query"] == "Zürich ☂")

        let manifest = try await fixture.manifest()
        #expect(!manifest.serialized().contains("hush"))
        #expect(manifest["project_id"] == "p" && manifest["word_count"] == 7 && manifest["created_at"] == "2024-12-01T14:30:22Z")
        #expect(manifest["audio_file"]?.text == narration)
        let segments = try #require(manifest["segments"])
        let first = segments[0]["generated_images"]?[0]
        #expect(first?["s3_key"]?.text == names[1] && first?["width"] == 6 && first?["height"] == 4)
        #expect(first?["url"]?.text == server.url("/1.jpg?w=9") && first?["query"] == "Modern smartphone")
        #expect(segments[2]["generated_images"]?[0]["s3_key"] == first?["s3_key"])
        let third = segments[2]["generated_images"]?[1]
        #expect(third?["motion"] == "pan-left" && third?["other"] == [1] && third?["s3_key"]?.text == names[0])
        if kind == .moto {
            #expect(first?["s3_url"]?.text == "\(fixture.store.location)\(names[1])")
            let presigned = try HTTPAddress(parsing: try #require(first?["presigned_url"]?.text))
            #expect(presigned.query?.contains("X-Amz-Expires=86400") == true)
            var direct = HTTPClient.Configuration()
            direct.usesProxy = false
            let response = try await HTTPClient(direct).perform(HTTPRequest(method: "GET", address: presigned))
            #expect(response.body == pictureBytes(1))
        } else {
            #expect(first?["s3_url"] == nil && first?["presigned_url"] == nil)
        }
    }

    @Test(arguments: ImportFixture.Kind.allCases)
    func `What is there is not fetched again`(kind: ImportFixture.Kind) async throws {
        let server = try ScriptedServer.pictures()
        let fixture = try await ImportFixture(kind)
        try fixture.folder.write(.init(pictureBytes(8)), "beside.jpg")
        try fixture.folder.write(.init(soundBytes()), "talk.wav")
        let data = project(
            [[picture(server.url("/1?key=a")), picture(server.url("/1?key=b")), ["path": "beside.jpg"]]], audio: "talk.wav")
        #expect(try await fixture.run(data).importedCount == 3)
        let (keys, manifest) = (try await fixture.keys(), try await fixture.manifest())
        #expect(keys.count == 5 && server.requests.count == 2)

        var report = try await fixture.run(data, at: Self.later)
        #expect(report.keptCount == 3 && report.problems == [] && server.requests.count == 2)
        #expect(try await fixture.keys() == keys)
        if kind == .folder { #expect(try await fixture.manifest()["segments"] == manifest["segments"]) }

        // The manifest is data, too.
        report = try await fixture.run(manifest, at: Self.later)
        #expect(report.keptCount == 3 && report.problems == [] && server.requests.count == 2, "\(report.problems)")
        #expect(try await fixture.keys() == keys)

        report = try await fixture.run(data, at: Self.later) { $0.refetches = true }
        #expect(report.importedCount == 2 && report.keptCount == 1 && server.requests.count == 4)
        #expect(try await fixture.keys().count == keys.count + 2)
    }

    @Test func `An import goes on where another one stopped`() async throws {
        let server = try ScriptedServer.serving { request in
            request.target == "/2" ? [.respond(404)] : ScriptedServer.reply(pictureBytes(request.target.count))
        }
        let fixture = try await ImportFixture()
        let data = { (last: String) in project([[picture(server.url("/1"))], [picture(server.url(last))]]) }
        #expect(try await fixture.run(data("/2")).manifest == nil)
        let report = try await fixture.run(data("/33"), at: Self.later)
        #expect(report.keptCount == 1 && report.importedCount == 1 && report.manifest != nil)
        #expect(server.requests.map(\.target).sorted() == ["/1", "/2", "/33"])
    }

    @Test func `A manifest without the pictures that are missing, when asked for`() async throws {
        let server = try ScriptedServer.serving { request in
            request.target.hasPrefix("/gone") ? [.respond(404)] : ScriptedServer.reply(pictureBytes())
        }
        let fixture = try await ImportFixture()
        let data = project([[picture(server.url("/1"))], [picture(server.url("/gone?token=hush")), picture(server.url("/1"))]])
        let report = try await fixture.run(data) { $0.allowsMissing = true }
        #expect(report.problems.count == 1 && report.manifest != nil)
        let segment = try await fixture.manifest()["segments"]?[1]
        #expect(segment?["generated_images"]?.count == 1 && segment?["missing_images"]?.count == 1)
        #expect(segment?["missing_images"]?[0]["error"]?.text?.contains("404") == true)
        #expect(segment.map { !$0.serialized().contains("hush") } == true)

        // Not without any, and not without its sound.
        let none = try await fixture.run(project([[picture(server.url("/gone"))]]), id: "q") { $0.allowsMissing = true }
        #expect(none.manifest == nil)
        let quiet = project([[picture(server.url("/1"))]], audio: .string(server.url("/gone")))
        let silent = try await fixture.run(quiet, id: "r") { $0.allowsMissing = true }
        #expect(silent.manifest == nil && silent.problems.count == 1 && silent.problems[0].hasPrefix("narration: "))
    }

    /// Found ones and lost ones, under whatever name, with whatever around them. Other texts stay.
    @Test func `Whatever holds a URL is kept without what lets somebody in`() async throws {
        let server = try ScriptedServer.serving { request in
            request.target == "/1" ? ScriptedServer.reply(pictureBytes()) : [.respond(404)]
        }
        let fixture = try await ImportFixture()
        let others: [(String, JSON)] = [
            ("thumbnail", " https://a.example/t.jpg?token=hush"), ("sizes", ["https://u:hush@a.example/b.jpg", ["x": "//a.example/c?key=hush"]]),
            ("credit", "https://a.example (public domain)"), ("note", "100 % sky"),
        ]
        func entry(_ url: String) -> JSON {
            var object = JSON.Object()
            object["url"] = .string(url)
            for (name, value) in others { object[name] = value }
            return .object(object)
        }
        let lost = [" \(server.url("/gone?token=hush"))\n", server.url("/gone/?b=1;token=hush")]
        let report = try await fixture.run(project([[entry(server.url("/1"))] + lost.map(entry)])) { $0.allowsMissing = true }
        #expect(report.manifest != nil && report.problems.allSatisfy { !$0.contains("hush") }, "\(report.problems)")
        let segment = try #require(try await fixture.manifest()["segments"]?[0])
        #expect(!segment.serialized().contains("hush"), "\(segment.serialized())")
        for picture in [segment["generated_images"]?[0], segment["missing_images"]?[0]["picture"]] {
            #expect(picture?["credit"]?.text == "https://a.example (public domain)" && picture?["note"]?.text == "100 % sky")
        }
    }

    @Test func `A failed import leaves the manifest that was there`() async throws {
        let server = try ScriptedServer.serving { request in
            request.target == "/1" ? ScriptedServer.reply(pictureBytes()) : [.respond(404)]
        }
        let fixture = try await ImportFixture()
        try await fixture.run(project([[picture(server.url("/1"))]]))
        let before = try await fixture.manifest()
        #expect(try await fixture.run(project([[picture(server.url("/2"))]])).manifest == nil)
        #expect(try await fixture.manifest() == before)
    }

    @Test func `A changed URL beside an old key is fetched, and a key of another project is not believed`() async throws {
        let server = try ScriptedServer.pictures()
        let fixture = try await ImportFixture()
        try await fixture.run(project([[picture(server.url("/1"))]]))
        let key = try await fixture.keys("projects/p/images/")[0]
        let entry: (String) -> JSON = { ["s3_key": .string(key), "url": .string(server.url($0))] }
        #expect(try await fixture.run(project([[entry("/2")]]), at: Self.later).importedCount == 1)
        #expect(try await fixture.run(project([[["s3_key": .string(key)]]]), at: Self.later).keptCount == 1)
        let report = try await fixture.run(project([[["s3_key": .string(key)]]]), id: "q")
        #expect(report.problems.count == 1, "\(report.problems)")
        #expect(report.problems.allSatisfy { $0.contains("there is no URL to fetch it from") }, "\(report.problems)")
    }

    @Test(arguments: ["", "..", ".hidden", "a/b", "../p", "a\\b", "a\nb", String(repeating: "x", count: 201)])
    func `Ids that are no names are refused`(id: String) async throws {
        let fixture = try await ImportFixture()
        await #expect(throws: ImportError.self) { try await fixture.run(project([[picture("http://127.0.0.1:1/")]]), id: id) }
        #expect(try await fixture.keys() == [])
    }

    @Test(arguments: [
        (["path": "../secret.jpg"], "holds \"..\""), (["path": "/etc/passwd"], "is absolute"),
        (["url": "file:///etc/passwd"], "names no file"), (["url": "ftp://a.example/p.jpg"], "names no file"),
        ("file:///etc/passwd", "is a URL"), (["s3_key": "projects/../x"], "holds \"..\""),
    ] as [(JSON, String)])
    func `Data that lead elsewhere are refused before anything is done`(entry: JSON, says: String) async throws {
        let fixture = try await ImportFixture()
        let error = await #expect(throws: ImportError.self) { try await fixture.run(project([[entry]])) }
        let problems = error?.problems ?? []
        #expect(problems.contains { $0.contains(says) && $0.contains("$.segments[0].generated_images") }, "\(problems)")
    }

    @Test func `Files beside the data do not lead out through links`() async throws {
        let (fixture, other) = (try await ImportFixture(), try TemporaryFolder())
        try other.write(.init(pictureBytes()), "secret.bmp")
        try #require(symlink(other.path + "/secret.bmp", fixture.folder.path + "/link.bmp") == 0)
        let report = try await fixture.run(project([[["path": "link.bmp"]]]))
        #expect(report.problems.count == 1 && report.problems[0].contains("symbolic link"))
    }

    @Test func `A narration from a URL, or another than the data's`() async throws {
        let server = try ScriptedServer.serving { request in
            let bytes = ["/talk": soundBytes(), "/page": Array("<html>".utf8)][request.target]
            return ScriptedServer.reply(bytes ?? pictureBytes())
        }
        let fixture = try await ImportFixture()
        let pictures: [[JSON]] = [[picture(server.url("/1"))]]
        let data = project(pictures, audio: ["success": true, "file": ["url": .string(server.url("/talk"))]])
        #expect(try await fixture.run(data).narration?.key == "projects/p/audio/narration_20241201_143022.wav")
        guard case .kept? = try await fixture.run(data, at: Self.later).narration else {
            Issue.record("the narration was fetched again")
            return
        }
        let broken = try await fixture.run(project(pictures, audio: .string(server.url("/page"))), id: "q")
        #expect(broken.manifest == nil && broken.problems.count == 1, "\(broken.problems)")
        #expect(broken.problems.allSatisfy { $0.contains(server.url("/page")) && !$0.contains("/proc/") }, "\(broken.problems)")
        try fixture.folder.write(.init(soundBytes()), "mine.wav")
        let mine = try await fixture.run(project(pictures, audio: "/etc/passwd"), id: "q") { [folder = fixture.folder.path] in
            $0.narration = .file(folder + "/mine.wav")
        }
        #expect(mine.problems == [] && mine.manifest != nil)
    }

    @Test func `A store that is not there ends the import at once`() async throws {
        let server = try ScriptedServer.pictures()
        let fixture = try await ImportFixture()
        try fixture.folder.write(project([[picture(server.url("/1"))]]).serialized(), "data.json")
        let place = try await S3TestServer.moto.value.place
        let environment = AWSEnvironment(
            ["AWS_ENDPOINT_URL_S3": place.endpoint, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"], homeFolder: nil)
        let store = try await S3Store(
            .s3(bucket: "no-such-bucket", prefix: ""), configuration: try AWSConfiguration(environment: environment))
        let data = try ImportData(path: fixture.folder.path + "/data.json", projectID: "p")
        let error = await #expect(throws: StoreError.self) {
            try await ProjectImport(data, into: store, options: .forTests).run()
        }
        #expect(error?.kind == .noStore && server.requests.isEmpty)
    }

    @Test(arguments: ImportFixture.Kind.allCases, [true, false])
    func `A manifest that somebody else writes meanwhile stays`(kind: ImportFixture.Kind, isFirst: Bool) async throws {
        let fixture = try await ImportFixture(kind)
        let key = "projects/p/manifest.json"
        if !isFirst { try await fixture.store.put(Array("{\"old\": 1}".utf8), to: key) }
        let asked = AsyncStream.makeStream(of: Void.self)
        let isWritten = Mutex(false)
        let server = try ScriptedServer.serving { request in
            // The picture comes when the other is done.
            asked.continuation.yield()
            for _ in 0..<2000 where !isWritten.withLock({ $0 }) { usleep(5000) }
            return ScriptedServer.reply(pictureBytes(1))
        }
        async let report = fixture.run(project([[picture(server.url("/1"))]]))
        for await _ in asked.stream { break }
        try await fixture.store.put(Array("{\"other\": 1}".utf8), to: key)
        isWritten.withLock { $0 = true }
        do {
            _ = try await report
            Issue.record("it was replaced")
        } catch let error as ImportError {
            #expect(error.description.contains("was written or deleted by somebody else meanwhile"), "\(error)")
        }
        #expect(try await fixture.manifest()["other"] == 1)
        // The same again takes its place.
        let again = try await fixture.run(project([[picture(server.url("/1"))]]))
        #expect(again.manifest != nil && again.keptCount == 1)
    }

    @Test(arguments: ImportFixture.Kind.allCases)
    func `Imports that begin in the same second do not take each other's names`(kind: ImportFixture.Kind) async throws {
        let fixture = try await ImportFixture(kind)
        let count = Mutex(0)
        let server = try ScriptedServer.serving { request in
            // None is answered before all have listed what is there.
            count.withLock { $0 += 1 }
            for _ in 0..<2000 where count.withLock({ $0 }) < 4 { usleep(5000) }
            return ScriptedServer.reply(pictureBytes(Int(request.target.dropFirst()) ?? 0))
        }
        let imports = try (1...4).map { number in
            let name = "\(number).json"
            try fixture.folder.write(project([[picture(server.url("/\(number)"))]]).serialized(), name)
            let data = try ImportData(path: "\(fixture.folder.path)/\(name)", projectID: "p")
            return try ProjectImport(data, into: fixture.store, options: .forTests, at: ImportFixture.date)
        }
        let written = try await withThrowingTaskGroup(of: Bool.self) { group in
            for one in imports {
                group.addTask {
                    // One writes the manifest. The others find it written by somebody else.
                    do { return try await one.run().manifest != nil } catch is ImportError { return false }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(written == 1)
        let stem = "projects/p/images/modern_smartphone_20241201_143022"
        let keys = ["", "_2", "_3", "_4"].map { "\(stem)\($0).bmp" }
        #expect(try await fixture.keys("projects/p/images/").sorted() == keys.sorted())
        var contents: Set<[UInt8]> = []
        for key in keys { contents.insert(try await fixture.store.read(key)) }
        #expect(contents == Set((1...4).map { pictureBytes($0) }))
    }

    @Test func `Files whose names look alike are two pictures`() async throws {
        let fixture = try await ImportFixture()
        let names = ["\u{E9}.bmp", "e\u{301}.bmp"]
        for (number, name) in names.enumerated() { try fixture.folder.write(.init(pictureBytes(number)), name) }
        let report = try await fixture.run(project([names.map { ["path": .string($0)] }]))
        #expect(report.importedCount == 2 && report.problems == [])
    }

    @Test func `An import can be stopped, and leaves nothing half-done`() async throws {
        let server = try ScriptedServer(.readRequest, .announce(5000), .stall)
        let fixture = try await ImportFixture()
        let task = Task { try await fixture.run(project([[picture(server.url("/1"))]])) }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await fixture.keys() == [])
    }

    @Test func `What was imported can be rendered`() async throws {
        let server = try ScriptedServer.pictures()
        let fixture = try await ImportFixture()
        try fixture.folder.write(.init(soundBytes()), "talk.wav")
        let report = try await fixture.run(project([[picture(server.url("/1"))], [picture(server.url("/2"))]], audio: "talk.wav"))
        let manifest = try #require(report.manifest)
        let examination = try ProjectExamination(
            try ProjectLocation(manifest, store: nil), options: OutputOptions(), cancellation: Cancellation())
        #expect(examination.film != nil && examination.errors == [], "\(examination.errors)")
    }
}
