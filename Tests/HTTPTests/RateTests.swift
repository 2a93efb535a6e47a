import HTTP
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1)), .serialized) struct RateTests {
    /// - Parameters:
    ///   - rate: bytes a second, of all together.
    ///   - count: bytes of each transfer.
    @Test(arguments: [(4_000_000, 1_000_000, 4, 4), (400_000, 200_000, 3, 0), (400_000, 200_000, 0, 3), (20_000_000, 20_000_000, 1, 1)])
    func `All transfers together keep to the limit`(rate: Int, count: Int, down: Int, up: Int) async throws {
        let server = try ScriptedServer.serving { request in
            request.method == "GET" ? [.announce(count), .sendPattern(count)] : [.respond()]
        }
        // Waiting for the others is no stall.
        let client = try makeClient {
            $0.maximumBytesPerSecond = rate
            $0.stall = .init(duration: .milliseconds(700))
        }
        let start = SuspendingClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<down {
                group.addTask {
                    let response = try await client.perform(server.request(), receiving: .bytes(limit: count))
                    #expect(response.body.count == count && response.body[count - 1] == ScriptedServer.pattern(count - 1))
                }
            }
            for _ in 0..<up {
                group.addTask {
                    let body = HTTPBody.bytes((0..<count).map(ScriptedServer.pattern))
                    let response = try await client.perform(server.request("PUT"), sending: body)
                    #expect(response.status == 200)
                }
            }
            try await group.waitForAll()
        }
        let seconds = (SuspendingClock.now - start) / .seconds(1)
        let ideal = Double(count * (down + up)) / Double(rate)
        #expect(0.9...1.1 ~= seconds / ideal, "\(seconds) s where \(ideal) s are right")
        for request in server.requests where request.method == "PUT" {
            #expect(request.body.elementsEqual((0..<count).lazy.map(ScriptedServer.pattern)))
        }
    }

    @Test func `Held back transfers can be cancelled, and make room`() async throws {
        let server = try ScriptedServer.serving { _ in [.announce(10_000_000), .sendPattern(10_000_000)] }
        let client = try makeClient { $0.maximumBytesPerSecond = 50_000 }
        let tasks = (0..<4).map { _ in Task { try await client.perform(server.request(), receiving: .bytes(limit: 20_000_000)) } }
        try await Task.sleep(for: .milliseconds(300))
        for task in tasks {
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
        }
    }
}
