import Glibc
import HTTP
import Synchronization
import Testing
import TestSupport

/// Connections: kept, used again, lost.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    @Test func `Connections are used again`() async throws {
        let server = try ScriptedServer.serving { [.respond(body: $0.bodyText)] }
        let client = try makeClient()
        for number in 0..<10 {
            let response = try await client.perform(server.request("POST"), sending: .bytes([UInt8(48 + number)]))
            #expect(response.text == "\(number)")
        }
        #expect(server.connectionCount == 1)
    }

    /// As Ceph's gateway does, and whatever else leaves Nagle's algorithm on: the second piece is sent when the first one has been
    /// acknowledged, which the kernel here would put off for 40 ms.
    @Test func `What arrives is acknowledged at once`() async throws {
        let body = String(repeating: "a", count: 50)
        let server = try ScriptedServer.serving { _ in [.announce(100), .send(body), .send(body)] }
        let client = try makeClient()
        var times: [Duration] = []
        for _ in 0..<31 {
            times.append(try await SuspendingClock().measure { _ = try await client.perform(server.request()) })
        }
        #expect(times.sorted()[times.count / 2] < .milliseconds(20) && server.connectionCount == 1)
    }

    @Test func `Connections that have been idle for long are not`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        let client = try makeClient { $0.idleSeconds = 2 }
        let start = SuspendingClock.now
        _ = try await client.perform(server.request())
        _ = try await client.perform(server.request())
        let count = server.connectionCount
        #expect(count == 1 || SuspendingClock.now - start > .seconds(2))
        try await Task.sleep(for: .milliseconds(2100))
        _ = try await client.perform(server.request())
        #expect(server.connectionCount == count + 1)
    }

    /// The server closes or resets when the second request is there; nothing can tell before.
    @Test(arguments: [ScriptedServer.Step.close, .reset], [0, 3, 5_000_000])
    func `A request over a dead connection is sent again, once, over a fresh one`(
        end: ScriptedServer.Step, bodyCount: Int
    ) async throws {
        let server = try ScriptedServer { connection in
            connection == 0 ? [.readRequest, .respond(), .readHead, end] : [.serve { [.respond(body: "\($0.body.count)")] }]
        }
        let client = try makeClient()
        let bytes = (0..<bodyCount).map(ScriptedServer.pattern)
        let file = try UnnamedFile(bytes)
        _ = try await client.perform(server.request())
        let body = HTTPBody.file(descriptor: file.descriptor, offset: 0, count: Int64(bodyCount))
        let response = try await client.perform(server.request("POST", "/second"), sending: body)
        #expect(response.text == "\(bodyCount)" && server.connectionCount == 2 && server.requests.last?.body == bytes)
    }

    @Test func `A connection that the server closed while idle is replaced`() async throws {
        let server = try ScriptedServer { connection in [.readRequest, .respond(body: "\(connection)"), .close] }
        let client = try makeClient()
        for number in 0..<3 {
            #expect(try await client.perform(server.request()).text == "\(number)")
            try await eventually { server.openCount == 0 }
        }
    }

    @Test(arguments: [ScriptedServer.Step.close, .reset])
    func `A fresh connection that dies is an error`(end: ScriptedServer.Step) async throws {
        let server = try ScriptedServer(.readRequest, end)
        let request = server.request("GET", "/a", query: "X-Amz-Signature=secret")
        let error = try await failure { try await makeClient().perform(request) }
        #expect(error.kind == .interrupted && error.isTransient && server.connectionCount == 1)
        #expect(
            error.description
                == "GET http://127.0.0.1:\(server.port)/a: the connection ended after 0 bytes of the response")
        #expect(error.underlying?.call == "curl_multi_perform")
    }

    @Test(arguments: [ScriptedServer.Step.close, .reset])
    func `A connection that dies on the way is an error with counts`(end: ScriptedServer.Step) async throws {
        let server = try ScriptedServer { connection in
            [.readRequest, .respond(), .readRequest, .announce(5000), .sendPattern(1234), .wait(.milliseconds(200)), end]
        }
        let client = try makeClient()
        _ = try await client.perform(server.request())
        let error = try await failure { try await client.perform(server.request()) }
        #expect(error.kind == .interrupted && error.isTransient)
        #expect(error.cause == "the connection ended after 1234 of 5000 bytes of the response")
        #expect(server.connectionCount == 1)
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nETag: \"a", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"])
    func `Headers that end early are an error`(head: String) async throws {
        for method in ["GET", "PUT", "HEAD"] {
            let server = try ScriptedServer(.readRequest, .send(head), .close)
            try await failure(.interrupted) { try await makeClient().perform(server.request(method)) }
        }
    }

    @Test func `Chunks that end early are an error`() async throws {
        let server = try ScriptedServer(
            .readRequest, .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5\r\nab"), .close)
        let error = try await failure { try await makeClient().perform(server.request()) }
        #expect(error.kind == .interrupted && error.cause == "the connection ended after 7 bytes of the response")
    }

    @Test func `A connection that is reset while sending is an error with counts`() async throws {
        let server = try ScriptedServer(.readHead, .discard(100_000), .reset)
        let file = try UnnamedFile(count: 50_000_000)
        let error = try await failure { try await makeClient().perform(server.request("PUT"), sending: file.body) }
        #expect(error.kind == .interrupted && error.isTransient)
    }

    @Test(arguments: [
        "220 smtp.example.org ESMTP\r\n\r\n", "HTTP/0.9\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n12345",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 4\r\n\r\n12345",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n12345",
    ])
    func `What is not HTTP is refused`(bytes: String) async throws {
        let server = try ScriptedServer(.readRequest, .send(bytes), .close)
        try await failure(.malformed) { try await makeClient().perform(server.request()) }
    }

    @Test func `Giant headers are refused`() async throws {
        let line = "X-A: " + String(repeating: "a", count: 10_000) + "\r\n"
        let server = try ScriptedServer(
            .readRequest, .send("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 100) + "\r\n"), .stall)
        let error = try await failure { try await makeClient().perform(server.request()) }
        #expect(error.kind == .tooLarge && error.cause.contains("headers"), "\(error)")
    }

    @Test func `Interim responses without end are refused`() async throws {
        let interim = "HTTP/1.1 102 Wait\r\nX: \(String(repeating: "y", count: 100))\r\n\r\n"
        let server = try ScriptedServer(.readRequest, .send(String(repeating: interim, count: 5000)), .stall)
        try await failure(.tooLarge) { try await makeClient().perform(server.request()) }
    }

    @Test func `A host that is not there is said so`() async throws {
        let client = try makeClient()
        let request = HTTPRequest(method: "GET", address: HTTPAddress(scheme: "http", host: "nowhere.invalid"))
        let error = try await failure { try await client.perform(request) }
        #expect(error.kind == .couldNotResolve && error.description.contains("nowhere.invalid"))
    }

    @Test func `A port that is closed is said so`() async throws {
        let server = try ScriptedServer(.close)
        server.stop()
        let error = try await failure { try await makeClient().perform(server.request()) }
        #expect(error.kind == .couldNotConnect && error.isTransient)
    }

    @Test func `Closing fails what runs and what waits, and later requests`() async throws {
        let server = try ScriptedServer.serving { _ in [.stall] }
        let client = try makeClient { $0.maximumTransfersPerHost = 2 }
        let tasks = (0..<5).map { _ in Task { try await failure { try await client.perform(server.request()) } } }
        try await eventually { server.requests.count == 2 }
        try await Task.sleep(for: .milliseconds(50))
        client.close()
        for task in tasks { #expect(try await task.value.kind == .closed) }
        try await failure(.closed) { try await client.perform(server.request()) }
        client.close()
        try await eventually { server.openCount == 0 }
    }

    @Test func `A client that nobody holds closes its connections`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        _ = try await makeClient().perform(server.request())
        try await eventually { server.openCount == 0 }
        #expect(server.connectionCount == 1)
    }

    @Test func `Many clients come and go`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        for _ in 0..<50 { #expect(try await makeClient().perform(server.request()).status == 200) }
    }

    /// A signature would get old otherwise.
    @Test func `What waits for its turn is made ready when that has come`() async throws {
        let server = try ScriptedServer.serving { _ in [.wait(.milliseconds(300)), .respond()] }
        let client = try makeClient { $0.maximumTransfersPerHost = 1 }
        final class Times: Sendable { let all = Mutex<[ContinuousClock.Instant]>([]) }
        let times = Times()
        @Sendable func prepare(_ request: HTTPRequest) -> HTTPRequest {
            times.all.withLock { $0.append(.now) }
            var request = request
            request.headers["X-Made"] = "late"
            return request
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { _ = try await client.perform(server.request(), preparing: prepare) } }
            try await group.waitForAll()
        }
        let made = times.all.withLock { $0 }
        #expect(made.count == 3 && zip(made, made.dropFirst()).allSatisfy { $1 - $0 >= .milliseconds(250) })
        #expect(server.requests.allSatisfy { $0["X-Made"] == "late" })
    }

    @Test func `What is made at the last moment has to be a request, too`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        let client = try makeClient()
        try await failure(.request) {
            try await client.perform(server.request()) { request in
                var request = request
                request.headers["X-Bad"] = "a\r\nX-Other: b"
                return request
            }
        }
        #expect(server.requests.isEmpty)
    }

    /// Bytes a second, and so many of 64.
    @Test(arguments: [(nil, 64), (10_000_000, 64), (1 << 20, 32), (100_000, 3), (1000, 1)] as [(Int?, Int)])
    func `Where little may move, few transfers do`(rate: Int?, count: Int) {
        var configuration = HTTPClient.Configuration()
        configuration.maximumBytesPerSecond = rate
        #expect(configuration.transfersPerHost == count)
    }
}
