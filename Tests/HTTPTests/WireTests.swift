import HTTP
import Testing
import TestSupport

/// What goes over the wire, byte by byte, and what comes back.
@Suite(.timeLimit(.minutes(1))) struct WireTests {
    @Test(arguments: [
        ("/", nil, "/"), ("/a%2Fb//../c", "x=%20+&lifecycle", "/a%2Fb//../c?x=%20+&lifecycle"), ("/", "lifecycle", "/?lifecycle"),
        ("/./a/.", nil, "/./a/."), ("/a%2fb%C3%bc", nil, "/a%2fb%C3%bc"), ("//double", nil, "//double"), ("/..", "", "/..?"),
        ("/a+b=c:d@e'f(g)!h*i,j;k&l$m~n", "a=b=c&&d", "/a+b=c:d@e'f(g)!h*i,j;k&l$m~n?a=b=c&&d"), ("/%", "%", "/%?%"),
        ("/[x]\\|^`{}\"<>", "[x]\\|^`{}\"<>?", "/[x]\\|^`{}\"<>?[x]\\|^`{}\"<>?"),
    ] as [(String, String?, String)])
    func `Paths and queries go as they are`(path: String, query: String?, target: String) async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        let client = try makeClient()
        _ = try await client.perform(server.request("GET", path, query: query))
        #expect(server.requests.map(\.target) == [target])
    }

    @Test func `No header is added but those that are said`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        let client = try makeClient { $0.userAgent = "test/1" }
        var request = server.request("POST", "/a")
        request.headers["X-Empty"] = ""
        request.headers["X-Spaces"] = "a  b"
        request.headers.append("X-Twice", "1")
        request.headers.append("X-Twice", "2")
        _ = try await client.perform(server.request())
        _ = try await client.perform(request, sending: .bytes(Array("body".utf8)))
        _ = try await client.perform(server.request("DELETE", "/b"))
        _ = try await client.perform(server.request("PUT", "/c"), sending: .bytes([]))
        _ = try await client.perform(server.request("PUT", "/d"), sending: .bytes([UInt8](repeating: 1, count: 3 << 20)))
        let host = "Host: 127.0.0.1:\(server.port)"
        let heads = server.requests.map { ($0.lines.first ?? "", $0.lines.dropFirst().sorted()) }
        let expected = [
            ("GET / HTTP/1.1", [host, "User-Agent: test/1"]),
            ("POST /a HTTP/1.1",
             ["Content-Length: 4", host, "User-Agent: test/1", "X-Empty:", "X-Spaces: a  b", "X-Twice: 1", "X-Twice: 2"]),
            ("DELETE /b HTTP/1.1", [host, "User-Agent: test/1"]),
            ("PUT /c HTTP/1.1", ["Content-Length: 0", host, "User-Agent: test/1"]),
            ("PUT /d HTTP/1.1", ["Content-Length: \(3 << 20)", host, "User-Agent: test/1"]),
        ]
        for (head, expectation) in zip(heads, expected) { #expect(head == expectation) }
        #expect(heads.count == expected.count && server.connectionCount == 1)
    }

    @Test func `Headers of the caller's replace the client's`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        let client = try makeClient()
        var request = server.request("PUT")
        request.headers["host"] = "bucket.example.org"
        request.headers["user-agent"] = "mine"
        request.headers["Content-Length"] = "2"
        request.headers["Content-Type"] = "video/mp4"
        _ = try await client.perform(request, sending: .bytes([1, 2]))
        let seen = try #require(server.requests.first)
        #expect(
            seen.lines.dropFirst().sorted() == [
                "Content-Length: 2", "Content-Type: video/mp4", "Host: bucket.example.org", "user-agent: mine",
            ])
        #expect(seen.body == [1, 2])
    }

    @Test func `HEAD has no body`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\nETag: \"x\"\r\n\r\n"
        let server = try ScriptedServer.serving { _ in [.send(head)] }
        let client = try makeClient()
        for _ in 0..<2 {
            let response = try await client.perform(server.request("HEAD"))
            #expect(response.contentLength == 5_000_000 && response.headers["etag"] == "\"x\"" && response.body.isEmpty)
        }
        #expect(server.requests.map(\.method) == ["HEAD", "HEAD"] && server.connectionCount == 1)
    }

    @Test(arguments: [204, 301, 302, 303, 304, 307, 308, 401, 404, 412, 500, 503])
    func `Every status is returned, and none followed`(status: Int) async throws {
        let body = status == 204 || status == 304 ? "" : "words"
        let server = try ScriptedServer.serving { _ in [.respond(status, ["Location: /elsewhere"], body: body)] }
        let client = try makeClient()
        let response = try await client.perform(server.request())
        #expect(response.status == status && response.headers["location"] == "/elsewhere")
        #expect(response.text == body)
        #expect(server.requests.count == 1)
    }

    @Test func `Interim responses and trailers do not count`() async throws {
        let chunked = """
            HTTP/1.1 103 Early\r\nX-A: early\r\n\r\nHTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 200 OK\r\nX-A: final\r
            X-Folded: one\r\n \t two\r
            Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-A: trailer\r\nX-B: trailer\r\n\r\n
            """
        let server = try ScriptedServer.serving { _ in [.send(chunked)] }
        let client = try makeClient()
        let response = try await client.perform(server.request())
        #expect(response.status == 200 && response.text == "abcdefg")
        #expect(response.headers["X-A"] == "final" && response.headers["X-B"] == nil && response.headers["X-Folded"] == "one two")
        #expect(response.headers.fields.filter { $0.name == "X-A" }.count == 1)
    }

    @Test func `Encoded contents stay encoded`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond(200, ["Content-Encoding: gzip"], body: "not gzip")] }
        let response = try await makeClient().perform(server.request())
        #expect(response.text == "not gzip")
    }

    @Test func `Large bodies may ask first`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond()] }
        var options = HTTPClient.TransferOptions()
        options.expectsContinue = true
        let body = [UInt8](repeating: 7, count: 100_000)
        let response = try await makeClient().perform(server.request("PUT"), sending: .bytes(body), options: options)
        let seen = try #require(server.requests.first)
        #expect(response.status == 200 && seen["Expect"] == "100-continue" && seen.body == body)
    }

    @Test func `A refusal spares the body that asked first`() async throws {
        let server = try ScriptedServer(.readHead, .respond(307, ["Location: /other"]), .stall)
        var options = HTTPClient.TransferOptions()
        options.expectsContinue = true
        let progress = LastProgress()
        options.progress = progress.note
        let body = HTTPBody.bytes([UInt8](repeating: 7, count: 10 << 20))
        let response = try await makeClient().perform(server.request("PUT"), sending: body, options: options)
        #expect(response.status == 307 && progress.last.sent == 0)
    }

    @Test(arguments: [
        ("X-A", "a\r\nX-B: b"), ("X-A", "a\nb"), ("X-A", "a\u{0}"), ("X A", "a"), ("", "a"), ("X-A:", "a"), ("X-Ä", "a"),
        ("Content-Length", "7"), ("Transfer-Encoding", "chunked"),
    ])
    func `Headers that are none are refused`(name: String, value: String) async throws {
        let client = try makeClient()
        var request = HTTPRequest(method: "GET", address: HTTPAddress(scheme: "http", host: "127.0.0.1", port: 9))
        request.headers.append(name, value)
        try await failure(.request) { try await client.perform(request) }
    }

    @Test(arguments: [
        HTTPAddress(scheme: "ftp", host: "h"), HTTPAddress(scheme: "http", host: ""), HTTPAddress(scheme: "http", host: "a@b"),
        HTTPAddress(scheme: "http", host: "a/b"), HTTPAddress(scheme: "http", host: "h", path: ""),
        HTTPAddress(scheme: "http", host: "h", path: "/a b"), HTTPAddress(scheme: "http", host: "h", path: "/ü"),
        HTTPAddress(scheme: "http", host: "h", path: "/a?b"), HTTPAddress(scheme: "http", host: "h", path: "/a#b"),
        HTTPAddress(scheme: "http", host: "h", path: "/", query: "a b"), HTTPAddress(scheme: "http", host: "h", query: "a#b"),
        HTTPAddress(scheme: "http", host: "h", path: "/a\r\nX: y"),
    ])
    func `Addresses that are not encoded are refused`(address: HTTPAddress) async throws {
        let client = try makeClient()
        try await failure(.request) { try await client.perform(HTTPRequest(method: "GET", address: address)) }
    }
}
