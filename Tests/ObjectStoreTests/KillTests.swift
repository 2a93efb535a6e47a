import Foundation
import HTTP
import ObjectStore
import TestSupport
import Testing

/// Transfers whose process is killed, which runs no line of code any more.
@Suite(.timeLimit(.minutes(2))) struct KillTests {
    private static let part = 64 << 10
    private static let bytes = content(10 * part + 5)

    /// Runs a transfer until the server has seen so many requests of a kind, all but the first few of which it does not answer.
    private func startAndKill(
        _ direction: String, _ fake: FakeS3, _ path: String, journal: String, when name: String
    ) async throws {
        fake.setFault { request, number, _ in FakeS3.name(request) == name && number >= 5 ? [.stall] : nil }
        let process = Process()
        process.executableURL = builtProgram("transfer-probe")
        process.arguments = [direction, "s3://bucket", "a", path, "\(KillTests.part)", journal]
        process.environment = [
            "AWS_ENDPOINT_URL": "http://127.0.0.1:\(fake.server.port)", "AWS_ACCESS_KEY_ID": "AKIDTEST",
            "AWS_SECRET_ACCESS_KEY": "a-secret-key", "AWS_REGION": "us-east-1",
        ]
        try process.run()
        try await eventually { fake.names.count(where: { $0 == name }) >= 7 }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
        fake.setFault { _, _, _ in nil }
    }

    private func options(journal: String) -> TransferOptions {
        var options = TransferOptions()
        (options.partBytes, options.parallel, options.journalFolder) = (Int64(KillTests.part), 2, journal)
        return options
    }

    @Test func `An upload goes on where it was`() async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let path = try folder.file(KillTests.bytes)
        try await startAndKill("up", fake, path, journal: journal.path, when: "PUT part")
        #expect(fake.bytes("a") == nil && fake.state.withLock { $0.uploads.count } == 1)
        let before = fake.names.count
        try await fake.store().upload(path, to: "a", options: options(journal: journal.path))
        let names = fake.names.dropFirst(before)
        #expect(names.count(where: { $0 == "PUT part" }) == 6 && !names.contains("POST uploads"), "\(names)")
        #expect(fake.bytes("a") == KillTests.bytes && fake.state.withLock { $0.uploads.isEmpty })
        #expect(try journal.names == [])
    }

    @Test func `A download goes on where it was`() async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        fake.put(KillTests.bytes, "a")
        try await startAndKill("down", fake, folder.path + "/b", journal: journal.path, when: "GET")
        #expect(try folder.names == [".b.download.journal.partial", ".b.download.partial"])
        let before = fake.names.count
        try await fake.store().downloadDiscarding("a", to: folder.path + "/b", options: options(journal: journal.path))
        #expect(fake.names.dropFirst(before).count(where: { $0 == "GET" }) == 6)
        #expect(try folder.bytes("b") == KillTests.bytes)
        #expect(try folder.names == ["b"])
    }
}
