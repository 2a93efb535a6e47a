import HTTP
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1))) struct GuardedClientTests {
    /// `localhost` is a name that points inside; the rest are ways to write addresses that do.
    @Test(arguments: [
        "localhost", "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "0", "[::1]", "[::ffff:127.0.0.1]",
    ])
    func `Whatever leads to this machine is refused`(host: String) async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        let client = try makeClient { $0.addressGuard = HTTPClient.Guard() }
        let error = try await failure { try await client.perform(server.request(host: host)) }
        #expect(error.kind == .refusedAddress && !error.isTransient, "\(error)")
        #expect(error.cause.contains("which is not a public address but "))
        #expect(server.connectionCount == 0)
    }

    @Test func `Exceptions are let in`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond(body: "in")] }
        let loopback = try #require(PeerAddress.Range("127.0.0.0/8"))
        let client = try makeClient { $0.addressGuard = HTTPClient.Guard(allowing: [loopback]) }
        #expect(try await client.perform(server.request()).text == "in")
        #expect(try await client.perform(server.request(host: "localhost")).text == "in")
    }
}
