import AWS
import Foundation
import Library
import ObjectStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ProjectTransferTests {
    private func settings(_ fake: FakeS3) -> StoreSettings {
        var settings = StoreSettings()
        settings.endpoint = "http://127.0.0.1:\(fake.server.port)"
        settings.environment = AWSEnvironment(["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"], homeFolder: nil)
        return settings
    }

    private let location = StoreLocation.s3(bucket: "bucket", prefix: "")

    /// A stranger's bucket does not write into `.git`, nor does a push delete what is hidden there.
    @Test func `Hidden files stay where they are`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        for key in ["manifest.json", "a.jpg", ".git/hooks/pre-commit", "images/.directory", "images/"] {
            fake.put(key.hasSuffix("/") ? [] : [1], "projects/p/" + key)
        }
        let pull = try await ProjectTransfer.pull("p", to: folder.path + "/p", from: location, settings(fake))
        #expect(try await pull.run().failures == [])
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == ["p", "p/a.jpg", "p/manifest.json"])

        try folder.write("x", "p/.swap")
        let before = fake.state.withLock { Set($0.objects.keys) }
        let push = try await ProjectTransfer.push(folder.path + "/p", as: "p", to: location, settings(fake), deletes: true)
        #expect(try await push.run().failures == [])
        #expect(fake.state.withLock { Set($0.objects.keys) } == before)
    }

    /// Otherwise it would be missed by whoever pulls, or deleted where it was pushed before.
    @Test(arguments: ["images", "a.jpg"])
    func `A link that is not followed is not passed over`(name: String) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.put([1], "projects/p/images/a.jpg")
        try folder.write("{}", "p/manifest.json")
        try folder.write("x", "elsewhere/a.jpg")
        #expect(symlink(folder.path + "/elsewhere" + (name == "images" ? "" : "/a.jpg"), folder.path + "/p/" + name) == 0)
        let error = try await #require(throws: LibraryError.self) {
            try await ProjectTransfer.push(folder.path + "/p", as: "p", to: location, settings(fake), deletes: true)
        }
        #expect(error.description.contains("/p/\(name) is a link"))
        #expect(fake.bytes("projects/p/images/a.jpg") == [1])
    }

    /// Whoever has no place for records can work, and is told.
    @Test func `A record that cannot be kept is a warning`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.put([1], "projects/p/manifest.json")
        var settings = settings(fake)
        for (records, isKept) in [("/dev/null/records", false), (folder.path + "/records", true)] {
            settings.recordFolder = records
            let pull = try await ProjectTransfer.pull("p", to: folder.path + "/p", from: location, settings)
            let outcome = try await pull.run()
            #expect(outcome.failures == [] && outcome.warnings.isEmpty == isKept, "\(outcome)")
            #expect(outcome.warnings.allSatisfy { $0.contains("/dev/null/records") && $0.contains("XDG_STATE_HOME") })
        }
    }

    @Test(arguments: ["..", "a/b", "a\nb"])
    func `What is no id makes no folder`(id: String) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.put([1], "projects/\(id)/manifest.json")
        await #expect(throws: LibraryError.self) {
            try await ProjectTransfer.pull(id, to: folder.path + "/p", from: location, settings(fake))
        }
        #expect(try folder.names == [])
    }

    /// Whatever else is wrong with its manifest.
    @Test(arguments: [
        (#"{"project_id": "real", "segments": [{"start": 0, "end": 1, "generated_images": [{"s3_key": "../a"}]}]}"#, "real"),
        (#"{"project_id": 7}"#, "7"), (#"{"segments": 5}"#, "p"), (#"{"project_id": null}"#, "p"),
        (#"{"project_id": "../x"}"#, nil), (#"{"project_id": ".x"}"#, nil), (#"{"project_id": []}"#, nil), ("no JSON", nil),
    ] as [(String, String?)])
    func `A folder goes to the project that it names`(manifest: String, id: String?) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        try folder.write(manifest, "p/manifest.json")
        let push = { try await ProjectTransfer.push(folder.path + "/p", as: nil, to: location, settings(fake), deletes: false) }
        if let id {
            #expect(try await push().run().failures == [])
            #expect(fake.state.withLock { Array($0.objects.keys) } == ["projects/\(id)/manifest.json"])
        } else {
            let error = try await #require(throws: LibraryError.self) { _ = try await push() }
            #expect(error.description.contains("--project"), "\(error)")
            #expect(fake.state.withLock { $0.objects.isEmpty })
        }
    }

    /// Whoever may write one object does not keep everybody from the others.
    @Test func `Objects that no file can be are named and left alone`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        let odd = ["../../etc", "images//zz", "images/" + String(repeating: "x", count: 300)]
        for key in ["manifest.json", "images/a.jpg", "images/d"] + odd { fake.put([1], "projects/p/" + key) }
        let outcome = try await ProjectTransfer.pull("p", to: folder.path + "/p", from: location, settings(fake)).run()
        #expect(outcome.failures == [] && outcome.lateConflicts == [] && outcome.plan.nameless.map(\.key).sorted() == odd.sorted())
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/p").sorted() == ["images", "manifest.json"])
        // One that is a file here, and a folder to others.
        fake.put([1], "projects/p/images/d/e.jpg")
        let second = try await ProjectTransfer.pull("p", to: folder.path + "/p", from: location, settings(fake)).run()
        #expect(second.failures.count + second.lateConflicts.count == 1, "\(second)")
        #expect(second.failures.allSatisfy { $0.error.description.contains("images/d") }, "\(second)")
    }

    /// Both would be `images/a.jpg`.
    @Test(arguments: ["images//a.jpg", "images/./a.jpg"])
    func `Two objects do not become one file`(other: String) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        let pictures = ["images/a.jpg", other].map { #"{"s3_key": "projects/p/\#($0)"}"# }.joined(separator: ",")
        fake.put(Array(#"{"segments": [{"start": 0, "end": 5, "generated_images": [\#(pictures)]}]}"#.utf8), "projects/p/manifest.json")
        for (number, key) in ["images/a.jpg", other].enumerated() { fake.put([UInt8(number)], "projects/p/" + key) }
        let mirror = try ProjectMirror(of: try await fake.store(), in: folder.path, caches: false)
        let error = try await #require(throws: LibraryError.self) { try await mirror.pull(project: "p") }
        #expect(error.description.contains("s3://bucket/projects/p/\(other)") && error.description.contains("two objects"))
    }

    @Test func `A key that no file can have is for the examination to name`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        let key = "images/" + String(repeating: "x", count: 300)
        let manifest = #"{"segments": [{"start": 0, "end": 5, "generated_images": [{"s3_key": "\#(key)"}, {"s3_key": "b"}]}]}"#
        fake.put(Array(manifest.utf8), "projects/p/manifest.json")
        for key in [key, "b"] { fake.put([1], key) }
        let mirror = try ProjectMirror(of: try await fake.store(), in: folder.path, caches: false)
        _ = try await mirror.pull(project: "p")
        #expect(try await FolderStore(root: mirror.root).list().allObjects().map(\.key) == ["b", "projects/p/manifest.json"])
    }
}
