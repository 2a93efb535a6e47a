import Glibc
import HTTP
import Synchronization
import Testing
import TestSupport

final class LastProgress: Sendable {
    private let state = Mutex((last: HTTPProgress(), count: 0))
    var last: HTTPProgress { state.withLock { $0.last } }
    var count: Int { state.withLock { $0.count } }
    var note: @Sendable (HTTPProgress) -> Void {
        { [self] progress in state.withLock { $0 = (last: progress, count: $0.count + 1) } }
    }
}

/// Bodies in both directions.
@Suite(.timeLimit(.minutes(2))) struct TransferTests {
    @Test func `Sixty-four transfers at once`() async throws {
        let server = try ScriptedServer.serving { request in
            [.wait(.milliseconds(50)), .respond(body: request.target + request.bodyText)]
        }
        let client = try makeClient()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let body = HTTPBody.bytes(Array(" body \(number)".utf8))
                    let response = try await client.perform(server.request("PUT", "/\(number)"), sending: body)
                    #expect(response.text == "/\(number) body \(number)")
                }
            }
            try await group.waitForAll()
        }
        #expect(server.connectionCount <= 64 && server.requests.count == 64)
    }

    @Test func `No more transfers to a host than allowed`() async throws {
        let now = Mutex((running: 0, most: 0))
        let server = try ScriptedServer.serving { _ in
            now.withLock {
                $0.running += 1
                $0.most = max($0.most, $0.running)
            }
            usleep(20_000)
            now.withLock { $0.running -= 1 }
            return [.respond()]
        }
        // Those that wait do not run out of the time for connecting.
        let client = try makeClient {
            $0.maximumTransfersPerHost = 3
            $0.connectTimeout = .milliseconds(150)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    let response = try await client.perform(server.request())
                    #expect(response.status == 200)
                }
            }
            try await group.waitForAll()
        }
        #expect(now.withLock { $0.most } == 3 && server.connectionCount == 3)
    }

    @Test func `200 MB go into a file, and do not stay in memory`() async throws {
        let count = 200_000_000
        let server = try ScriptedServer(.readRequest, .announce(count), .sendPattern(count))
        let file = try UnnamedFile([9, 9, 9])
        let before = residentBytes()
        let most = Mutex(before)
        var options = HTTPClient.TransferOptions()
        options.progress = { _ in most.withLock { $0 = max($0, residentBytes()) } }
        let response = try await makeClient().perform(
            server.request(), receiving: .file(descriptor: file.descriptor, offset: 3, count: Int64(count)), options: options)
        #expect(response.status == 200 && response.body.isEmpty && file.size == count + 3)
        #expect(file.bytes(0..<3) == [9, 9, 9])
        for start in [0, 1 << 20, 123_456_789, count - 70_000] {
            #expect(file.bytes(start + 3..<start + 70_003) == (start..<start + 70_000).map(ScriptedServer.pattern))
        }
        // Other tests run meanwhile and take some.
        #expect(most.withLock { $0 } - before < 100 << 20)
    }

    @Test func `A part of a file is sent`() async throws {
        let bytes = (0..<3_000_000).map(ScriptedServer.pattern)
        let file = try UnnamedFile(bytes)
        let server = try ScriptedServer.serving { _ in [.respond()] }
        let progress = LastProgress()
        var options = HTTPClient.TransferOptions()
        options.progress = progress.note
        let body = HTTPBody.file(descriptor: file.descriptor, offset: 1000, count: 2_500_000)
        _ = try await makeClient().perform(server.request("PUT"), sending: body, options: options)
        #expect(server.requests.first?.body.elementsEqual(bytes[1000..<2_501_000]) == true)
        #expect(progress.last == HTTPProgress(sent: 2_500_000))
    }

    @Test func `A file that is too short to be sent is an error`() async throws {
        let file = try UnnamedFile([UInt8](repeating: 1, count: 300_000))
        let server = try ScriptedServer.serving { _ in [.respond()] }
        let body = HTTPBody.file(descriptor: file.descriptor, offset: 100_000, count: 300_000)
        let error = try await failure { try await makeClient().perform(server.request("PUT"), sending: body) }
        #expect(error.kind == .file && error.cause.contains("after 200000 of the 300000 bytes") && !error.isTransient)
    }

    @Test func `A file that cannot be written is an error`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond(body: "abc")] }
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        let error = try await failure {
            try await makeClient().perform(server.request(), receiving: .sink(FileSink(descriptor: full, offset: 0, limit: 10)))
        }
        #expect(error.kind == .file && error.cause.contains("No space left"))
        #expect(error.description.contains("GET http://127.0.0.1"))
    }

    @Test func `Sinks get successes only`() async throws {
        let server = try ScriptedServer.serving { [.respond($0.target == "/good" ? 206 : 404, body: "words")] }
        let client = try makeClient()
        let (good, bad) = (RecordingSink(), RecordingSink())
        let success = try await client.perform(server.request("GET", "/good"), receiving: .sink(good))
        let refusal = try await client.perform(server.request("GET", "/bad"), receiving: .sink(bad))
        #expect(success.status == 206 && success.body.isEmpty)
        #expect(good.received.withLock { $0 } == Array("words".utf8) && good.hasEnded.withLock { $0 })
        #expect(good.statuses.withLock { $0 } == [206])
        #expect(refusal.status == 404 && refusal.text == "words")
        #expect(bad.statuses.withLock { $0 }.isEmpty && !bad.hasEnded.withLock { $0 })
    }

    @Test(arguments: ["begin", "write", "end"])
    func `What a sink throws comes out as it is`(place: String) async throws {
        let server = try ScriptedServer.serving { _ in [.respond(body: "words")] }
        let client = try makeClient()
        await #expect(throws: RecordingSink.Refusal(place: place)) {
            _ = try await client.perform(server.request(), receiving: .sink(RecordingSink(refusesAt: place)))
        }
        #expect(try await client.perform(server.request()).text == "words")
    }

    @Test(arguments: [true, false])
    func `Responses beyond the limit are refused`(isAnnounced: Bool) async throws {
        let announced = ScriptedServer.Step.announce(5)
        let server = try ScriptedServer(.readRequest, isAnnounced ? announced : .send("HTTP/1.1 200 OK\r\n\r\n"), .send("12345"))
        let error = try await failure { try await makeClient().perform(server.request(), receiving: .bytes(limit: 4)) }
        #expect(error.kind == .tooLarge && error.cause == "the response is longer than 4 bytes")
    }

    @Test func `A long refusal is cut`() async throws {
        let server = try ScriptedServer(.readRequest, .announce(100 << 20, status: 500), .sendPattern(100 << 20))
        let response = try await makeClient().perform(server.request())
        #expect(response.status == 500 && response.body.count == 64 << 10 && response.body[1000] == ScriptedServer.pattern(1000))
    }

    /// - Parameter sent: of the 1000 bytes that are expected.
    @Test(arguments: [(true, 999), (true, 1001), (false, 999), (false, 1001)])
    func `Never is anything written past the part of a file`(isAnnounced: Bool, sent: Int) async throws {
        let head = isAnnounced ? ScriptedServer.Step.announce(sent) : .send("HTTP/1.1 200 OK\r\n\r\n")
        let server = try ScriptedServer(.readRequest, head, .sendPattern(sent))
        let file = try UnnamedFile([UInt8](repeating: 9, count: 2000))
        let error = try await failure {
            try await makeClient().perform(
                server.request(), receiving: .file(descriptor: file.descriptor, offset: 500, count: 1000))
        }
        #expect(error.kind == (!isAnnounced && sent < 1000 ? .interrupted : .unexpectedLength) && error.cause.contains("1000"))
        #expect(file.bytes(1500..<2000) == [UInt8](repeating: 9, count: 500) && file.bytes(0..<500).allSatisfy { $0 == 9 })
    }

    /// In one piece with the body, after it, and much later.
    @Test(arguments: [[0], [1, 0], [1, 100]])
    func `What is too long for its header is never taken for the next response`(pauses: [Int]) async throws {
        let extra = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
        let server = try ScriptedServer.serving { request in
            if request.connection > 0 { return [.respond(body: "good")] }
            let response = ScriptedServer.Step.respond(body: "abc")
            return pauses.count == 1
                ? [response, .send(extra)].combined : [response, .wait(.milliseconds(pauses[1])), .send(extra)]
        }
        let client = try makeClient()
        #expect(try await client.perform(server.request()).text == "abc")
        try await Task.sleep(for: .milliseconds(200))
        #expect(try await client.perform(server.request()).text == "good")
    }
}

extension [ScriptedServer.Step] {
    /// What they send, in one piece.
    fileprivate var combined: [ScriptedServer.Step] {
        [.send(flatMap { if case .send(let bytes) = $0 { bytes } else { [UInt8]() } })]
    }
}

/// What this process has in memory now.
private func residentBytes() -> Int {
    let file = open("/proc/self/statm", O_RDONLY)
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 200)
    let count = read(file, &text, text.count)
    let pages = String(decoding: text.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
    return pages.count > 1 ? (Int(pages[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
}
