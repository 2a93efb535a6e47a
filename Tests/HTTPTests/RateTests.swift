import HTTP
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1)), .serialized) struct RateTests {
    /// - Parameters:
    ///   - rate: bytes a second, of all together.
    ///   - count: bytes of each transfer.
    @Test(arguments: [
        (4_000_000, 1_000_000, 4, 4), (400_000, 200_000, 3, 0), (400_000, 200_000, 0, 3), (20_000_000, 20_000_000, 1, 1),
    ])
    func `All transfers together keep to the limit`(rate: Int, count: Int, down: Int, up: Int) async throws {
        let ideal = Double(count * (down + up)) / Double(rate)
        let body = (0..<count).map(ScriptedServer.pattern)
        // Never faster. As fast, where the machine has time for it, which other tests may take.
        var ratios: [Double] = []
        repeat {
            ratios.append(try await seconds(rate: rate, body: body, down: down, up: up) / ideal)
            #expect(ratios.allSatisfy { $0 >= 0.9 }, "\(ratios)")
        } while ratios.count < 4 && ratios.min() ?? 0 > 1.1
        #expect(ratios.min() ?? 2 <= 1.1, "\(ratios)")
    }

    private func seconds(rate: Int, body: [UInt8], down: Int, up: Int) async throws -> Double {
        let server = try ScriptedServer.serving { request in
            request.method == "GET" ? [.announce(body.count), .send(body)] : [.respond()]
        }
        // Waiting for the others is no stall.
        let client = try makeClient {
            $0.maximumBytesPerSecond = rate
            $0.stall = .init(duration: .seconds(1))
        }
        let start = SuspendingClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<down + up {
                group.addTask {
                    let isDown = number < down
                    let response = try await client.perform(
                        server.request(isDown ? "GET" : "PUT"), sending: isDown ? .none : .bytes(body),
                        receiving: .bytes(limit: body.count))
                    #expect(response.status == 200 && (response.body == body || !isDown))
                }
            }
            try await group.waitForAll()
        }
        let seconds = (SuspendingClock.now - start) / .seconds(1)
        #expect(server.requests.allSatisfy { $0.method == "GET" || $0.body == body })
        return seconds
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
