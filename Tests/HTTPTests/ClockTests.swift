import Glibc
import HTTP
import Testing
import TestSupport

/// Transfers that take too long, or are wanted no more.
@Suite(.timeLimit(.minutes(1))) struct ClockTests {
    private func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = SuspendingClock.now
        try await body()
        return (SuspendingClock.now - start) / .seconds(1)
    }

    /// Seconds: more than things take where other tests run too, less than the client's 30 by itself.
    private let patience = 8.0

    private static let head = ScriptedServer.Step.announce(10_000_000)

    /// Also right after a fast start, whose average would hide it.
    @Test(arguments: [[], [head], [head, .sendPattern(5_000_000)]], [HTTPBody.none, .bytes([UInt8](repeating: 1, count: 100))])
    func `A server that says no more is given up`(steps: [ScriptedServer.Step], body: HTTPBody) async throws {
        let server = try ScriptedServer([.readRequest] + steps + [.stall])
        let client = try makeClient { $0.stall = .init(duration: .seconds(1)) }
        let time = try await seconds {
            let error = try await failure {
                try await client.perform(server.request("PUT"), sending: body, receiving: .bytes(limit: 20_000_000))
            }
            #expect(error.kind == .stalled && error.isTransient && error.cause.hasPrefix("nothing has moved for 1 s"), "\(error)")
        }
        #expect(0.95...patience ~= time)
    }

    @Test func `A server that stops reading is given up`() async throws {
        let server = try ScriptedServer(.readHead, .discard(200_000), .stall)
        let client = try makeClient { $0.stall = .init(duration: .seconds(1)) }
        let file = try UnnamedFile(count: 50_000_000)
        let time = try await seconds {
            try await failure(.stalled) { try await client.perform(server.request("PUT"), sending: file.body) }
        }
        #expect(0.95...patience ~= time)
    }

    @Test func `A drip is no progress`() async throws {
        let server = try ScriptedServer(
            .readRequest, .announce(1000), .drip([UInt8](repeating: 1, count: 1000), chunk: 1, every: .milliseconds(50)))
        let client = try makeClient { $0.stall = .init(bytes: 1000, duration: .seconds(1)) }
        let error = try await failure { try await client.perform(server.request()) }
        #expect(error.kind == .stalled && error.cause.hasPrefix("fewer than 1000 bytes have moved for 1 s"), "\(error)")
    }

    @Test func `A drip of headers is none either`() async throws {
        let server = try ScriptedServer(
            .readRequest,
            .drip(Array("HTTP/1.1 200 OK\r\nX: \(String(repeating: "y", count: 1000))".utf8), chunk: 1, every: .milliseconds(50)))
        let client = try makeClient { $0.stall = .init(duration: .seconds(1)) }
        try await failure(.stalled) { try await client.perform(server.request()) }
    }

    @Test func `A slow server that goes on is not given up`() async throws {
        let text = String(repeating: "slow", count: 5)
        let server = try ScriptedServer(
            .readRequest, .announce(20), .drip(Array(text.utf8), chunk: 2, every: .milliseconds(200)))
        let client = try makeClient { $0.stall = .init(duration: .seconds(1)) }
        #expect(try await client.perform(server.request()).text == text)
    }

    @Test func `A transfer may have a patience of its own`() async throws {
        let server = try ScriptedServer(.readRequest, .wait(.milliseconds(1500)), .respond(body: "late"))
        let client = try makeClient { $0.stall = .init(duration: .milliseconds(500)) }
        var options = HTTPClient.TransferOptions()
        options.stall = .init(duration: .seconds(10))
        #expect(try await client.perform(server.request(), options: options).text == "late")
    }

    @Test func `A transfer may have a time for all of it`() async throws {
        let server = try ScriptedServer(
            .readRequest, .announce(1000), .drip([UInt8](repeating: 1, count: 1000), chunk: 1, every: .milliseconds(50)))
        var options = HTTPClient.TransferOptions()
        options.timeout = .milliseconds(500)
        let time = try await seconds {
            let error = try await failure { try await makeClient().perform(server.request(), options: options) }
            #expect(error.kind == .timedOut && error.isTransient, "\(error)")
        }
        #expect(0.45...patience ~= time)
    }

    @Test func `A connection that does not come about is given up`() async throws {
        let listener = try FullListener()
        let client = try makeClient { $0.connectTimeout = .milliseconds(300) }
        let time = try await seconds {
            let error = try await failure { try await client.perform(listener.request) }
            #expect(error.kind == .couldNotConnect && error.isTransient, "\(error)")
        }
        #expect(0.25...patience ~= time)
    }

    @Test func `Cancelling ends a transfer at once: while connecting`() async throws {
        let listener = try FullListener()
        let client = try makeClient { $0.connectTimeout = .seconds(60) }
        try await cancels(after: .milliseconds(100)) { try await client.perform(listener.request) }
    }

    @Test func `Cancelling ends a transfer at once: in the handshake of TLS`() async throws {
        let server = try ScriptedServer(.stall)
        var request = server.request()
        request.address.scheme = "https"
        try await cancels(after: .milliseconds(100)) { [request] in
            try await makeClient { $0.connectTimeout = .seconds(60) }.perform(request)
        }
        try await eventually { server.openCount == 0 }
    }

    @Test func `Cancelling ends a transfer at once: while it waits for its turn`() async throws {
        let server = try ScriptedServer.serving { _ in [.stall] }
        let client = try makeClient { $0.maximumTransfersPerHost = 1 }
        let first = Task { try await client.perform(server.request()) }
        try await eventually { server.requests.count == 1 }
        try await cancels(after: .milliseconds(50)) { try await client.perform(server.request()) }
        first.cancel()
        await #expect(throws: CancellationError.self) { _ = try await first.value }
    }

    @Test(arguments: [
        [ScriptedServer.Step.readHead, .discard(1000), .stall], [.readHead, .discard(1 << 30, pause: .milliseconds(5))],
    ])
    func `Cancelling ends a transfer at once: while sending`(steps: [ScriptedServer.Step]) async throws {
        let server = try ScriptedServer(steps)
        let file = try UnnamedFile(count: 100_000_000)
        try await cancels(after: .milliseconds(100)) { try await makeClient().perform(server.request("PUT"), sending: file.body) }
    }

    @Test(arguments: [[], [head], [head, .drip([UInt8](repeating: 1, count: 1000), chunk: 1, every: .milliseconds(5))]])
    func `Cancelling ends a transfer at once: while receiving`(steps: [ScriptedServer.Step]) async throws {
        let server = try ScriptedServer([.readRequest] + steps + [.stall])
        let client = try makeClient()
        try await cancels(after: .milliseconds(100)) {
            try await client.perform(server.request(), receiving: .sink(RecordingSink()))
        }
        try await eventually { server.openCount == 0 }
    }

    @Test func `What is cancelled before it starts never starts`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        let client = try makeClient()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await client.perform(server.request())
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(try await client.perform(server.request()).status == 200)
        #expect(server.requests.count == 1)
    }

    private func cancels(
        after delay: Duration, _ body: @escaping @Sendable () async throws -> HTTPResponse
    ) async throws {
        let task = Task { try await body() }
        try await Task.sleep(for: delay)
        let time = await seconds {
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
        }
        #expect(time < patience)
    }
}

/// A port that answers no further attempt to connect: nobody accepts, and the queue is full.
private final class FullListener: Sendable {
    private let descriptors: [Int32]
    let request: HTTPRequest

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var descriptors = [listener]
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length)
                listen(listener, 0)
                getsockname(listener, $0, &length)
                for _ in 0..<4 {
                    let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
                    _ = fcntl(client, F_SETFL, O_NONBLOCK)
                    connect(client, $0, length)
                    descriptors.append(client)
                }
            }
        }
        self.descriptors = descriptors
        let port = Int(UInt16(bigEndian: address.sin_port))
        request = HTTPRequest(method: "GET", address: HTTPAddress(scheme: "http", host: "127.0.0.1", port: port))
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}
