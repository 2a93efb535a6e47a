import HTTP
import Synchronization
import Testing

@Suite struct RetryPolicyTests {
    /// Waits for nothing, and remembers for how long it would have.
    private final class Naps: Sendable {
        let all = Mutex<[Duration]>([])
        var policy: RetryPolicy {
            var policy = RetryPolicy()
            policy.random = { 0.5 }
            policy.sleep = { [self] nap in all.withLock { $0.append(nap) } }
            policy.now = { 784_111_777 }
            return policy
        }
    }

    @Test(arguments: [
        (2, 1000), (3, 2000), (4, 4000), (6, 16_000), (7, 20_000), (60, 20_000), (1000, 20_000),
    ])
    func `Waits grow to the cap`(attempt: Int, milliseconds: Int) {
        var policy = RetryPolicy()
        policy.random = { 1 }
        #expect(policy.delay(before: attempt) == .milliseconds(milliseconds))
        policy.random = { 0 }
        #expect(policy.delay(before: attempt) == .zero)
    }

    @Test(arguments: [200, 204, 206, 301, 304, 307, 400, 401, 403, 404, 409, 412, 416, 501, 505])
    func `What cannot get better is not tried again`(status: Int) async throws {
        let naps = Naps()
        let response = try await naps.policy.perform { attempt in
            HTTPResponse(status: attempt == 1 ? status : 299)
        }
        #expect(response.status == status)
        #expect(naps.all.withLock { $0 }.isEmpty)
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func `What may get better is tried again`(status: Int) async throws {
        let naps = Naps()
        let response = try await naps.policy.perform { attempt in HTTPResponse(status: attempt < 3 ? status : 200) }
        #expect(response.status == 200)
        #expect(naps.all.withLock { $0 } == [.milliseconds(500), .milliseconds(1000)])
    }

    @Test func `The last response comes out in the end`() async throws {
        let naps = Naps()
        let response = try await naps.policy.perform { attempt in
            HTTPResponse(status: 503, body: Array("\(attempt)".utf8))
        }
        #expect(response.status == 503 && response.body == Array("5".utf8))
        #expect(naps.all.withLock { $0 }.count == 4)
    }

    @Test(arguments: [
        ("3", 3), ("0", 0), ("60", 60), ("Sun, 06 Nov 1994 08:49:57 GMT", 20), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ("soon", nil), ("-3", nil), ("Sun, 06 Nov 1994 08:49:57 CET", nil), ("Sun, 06 Now 1994 08:49:57 GMT", nil), ("", nil),
        ("99999999999999999999", nil),
    ] as [(String, Int?)])
    func `Servers may ask for patience`(text: String, seconds: Int?) async throws {
        let naps = Naps()
        _ = try await naps.policy.perform { attempt in
            var response = HTTPResponse(status: attempt == 1 ? 503 : 200)
            response.headers["retry-after"] = text
            return response
        }
        #expect(naps.all.withLock { $0 } == [.milliseconds(500) + .seconds(seconds ?? 0)])
    }

    @Test func `Servers that ask for too much are not waited for`() async throws {
        let naps = Naps()
        let response = try await naps.policy.perform { _ in
            var response = HTTPResponse(status: 503)
            response.headers["Retry-After"] = "61"
            return response
        }
        #expect(response.status == 503)
        #expect(naps.all.withLock { $0 }.isEmpty)
    }

    @Test func `A judge of one's own replaces the statuses`() async throws {
        let naps = Naps()
        let judge = { @Sendable (response: HTTPResponse) -> RetryPolicy.Verdict in
            response.body == [1] ? .again(after: .seconds(1)) : .done
        }
        let response = try await naps.policy.perform(judging: judge) { attempt in
            HTTPResponse(status: 200, body: attempt == 1 ? [1] : [])
        }
        #expect(response.body.isEmpty)
        #expect(naps.all.withLock { $0 } == [.milliseconds(1500)])
    }

    @Test func `Errors that may pass are tried again, others are not`() async throws {
        let client = try HTTPClient()
        client.close()
        let naps = Naps()
        let attempts = Mutex(0)
        await #expect(throws: HTTPError.self) {
            _ = try await naps.policy.perform { _ in
                attempts.withLock { $0 += 1 }
                return try await client.perform(HTTPRequest(method: "GET", address: HTTPAddress(scheme: "http", host: "x")))
            }
        }
        #expect(attempts.withLock { $0 } == 1)
    }

    @Test func `Waiting ends when cancelled`() async throws {
        let task = Task {
            var policy = RetryPolicy()
            policy.base = .seconds(100)
            policy.cap = .seconds(100)
            policy.random = { 1 }
            return try await policy.perform { _ in HTTPResponse(status: 503) }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
}
