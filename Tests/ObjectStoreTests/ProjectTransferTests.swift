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
}
