import HTTP
import JSON
import Media
import ObjectStore
import ProjectImport
import Synchronization
import TestSupport
import Testing

/// What servers of strangers do. One picture fails, in one sentence; the other one is imported; there is no manifest.
@Suite(.timeLimit(.minutes(2))) struct HostileHostTests {
    typealias Host = @Sendable (ScriptedServer.Request) -> [ScriptedServer.Step]

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        /// In the sentence.
        let says: String
        var path = "/bad.jpg?token=hush"
        /// For a file; ample where time is not what it fails for.
        var timeout = Duration.seconds(20)
        let answer: Host
        var testDescription: String { name }
    }

    private static func redirect(_ location: String, status: Int = 302) -> [ScriptedServer.Step] {
        [.respond(status, ["Location: \(location)"])]
    }

    static let cases: [Case] = [
        Case(name: "nothing there", says: "status 404 (there is nothing there)") { _ in [.respond(404)] },
        Case(name: "denied", says: "status 403 (access denied") { _ in [.respond(403)] },
        Case(name: "no content", says: "status 204") { _ in [.respond(204)] },
        Case(name: "fails for ever", says: "status 503") { _ in [.respond(503)] },
        Case(name: "redirects to itself", says: "redirects in a circle") { redirect($0.target) },
        Case(name: "redirects in a circle", says: "redirects in a circle") {
            redirect($0.target.contains("a") ? "/b?token=hush" : "/a?token=hush")
        },
        Case(name: "redirects for ever", says: "redirects more than 20 times") { redirect($0.target + "1") },
        Case(name: "redirects slowly for ever", says: "the time allowed is over", timeout: .seconds(1)) {
            [.wait(.milliseconds(150))] + redirect($0.target + "1")
        },
        Case(name: "redirects to a private address", says: "is at 127.0.0.2, which is not a public address but loopback") {
            redirect("http://127.0.0.2:1/\($0.target.count)?token=hush")
        },
        Case(name: "redirects to the metadata service", says: "which is not a public address but link-local") { _ in
            redirect("http://169.254.169.254/latest/meta-data/", status: 307)
        },
        Case(name: "redirects to a mapped address", says: "which is not a public address") { _ in
            redirect("http://[::ffff:127.0.0.1]/")
        },
        Case(name: "redirects to a translated address", says: "a translated IPv4 address") { _ in
            redirect("http://[64:ff9b::7f00:1]/")
        },
        Case(name: "redirects to a file", says: "redirects to what cannot be fetched") { _ in redirect("file:///etc/passwd") },
        Case(name: "redirects to a user", says: "redirects to what cannot be fetched") { _ in
            redirect("http://me:hush@127.0.0.1/")
        },
        Case(name: "redirects without saying where", says: "status 302") { _ in [.respond(302)] },
        Case(name: "a web page", says: "it is a web page (HTML) and no picture, although it was sent as image/jpeg") { _ in
            ScriptedServer.reply(Array("\n <!DOCTYPE html><title>Sorry</title>".utf8))
        },
        Case(name: "a drawing", says: "a drawing (SVG)") { _ in
            ScriptedServer.reply(Array("<?xml version=\"1.0\"?>\n<svg/>".utf8), type: "image/svg+xml")
        },
        Case(name: "text", says: "content is not a picture") { _ in ScriptedServer.reply(Array(repeating: 0x41, count: 3000)) },
        Case(name: "nothing", says: "file is empty") { _ in ScriptedServer.reply([]) },
        Case(name: "compressed", says: "sends it compressed") { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")]
        },
        Case(name: "too long, announced", says: "longer than the 100000 bytes allowed") { _ in [.announce(200_000), .stall] },
        Case(name: "too long, unannounced", says: "longer than the 100000 bytes allowed") { _ in
            [.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), .sendPattern(1 << 20), .close]
        },
        Case(name: "ends early", says: "the connection ended after") { _ in [.announce(5000), .send(pictureBytes()), .close] },
        Case(name: "ends early, unannounced", says: "cut short") { _ in
            [.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), .send(Array(pictureBytes().dropLast(20))), .close]
        },
        Case(name: "drips", says: "the time allowed is over", timeout: .seconds(1)) { _ in
            [.announce(5000), .drip([UInt8](repeating: 0, count: 5000), chunk: 1, every: .milliseconds(100))]
        },
        Case(name: "a bomb", says: "4294967295") { _ in ScriptedServer.reply(png(width: .max, height: .max)) },
        Case(name: "many pixels", says: "20000 × 20000 pixels and at most 1000000 in all are allowed") { _ in
            ScriptedServer.reply(png(width: 20000, height: 20000))
        },
        Case(name: "no HTTP", says: "127.0.0.1") { _ in [.send("SSH-2.0-OpenSSH\r\n\r\n"), .close] },
        Case(name: "resets", says: "the connection ended") { _ in [.reset] },
    ]

    @Test(arguments: cases) func `One sentence, and the rest is imported`(bad: Case) async throws {
        let server = try ScriptedServer.serving { request in
            request.target.hasPrefix("/good") ? ScriptedServer.reply(pictureBytes()) : bad.answer(request)
        }
        let fixture = try await ImportFixture()
        let report = try await fixture.run(project([[picture(server.url(bad.path))], [picture(server.url("/good.jpg"))]])) {
            $0.maximumPictureBytes = 100_000
            $0.pictureLimits.maximumPixels = 1_000_000
            $0.fileTimeout = bad.timeout
        }
        let problem = try #require(report.problems.first)
        #expect(report.problems.count == 1 && report.importedCount == 1 && report.manifest == nil)
        #expect(problem.hasPrefix("$.segments[0].generated_images[0]: "))
        #expect(problem.contains(bad.says), "\(problem)")
        #expect(!problem.contains("hush") && !problem.contains("\n"), "\(problem)")
        #expect(try await fixture.keys() == ["projects/p/images/modern_smartphone_20241201_143022_2.bmp"])
    }

    /// Addresses in the data themselves.
    @Test(arguments: [
        "http://127.0.0.2/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://100.64.0.1/",
        "http://169.254.169.254/", "http://0/", "http://2130706434/", "http://0x7f.2/", "http://224.0.0.1/", "http://[::1]/",
        "http://[fe80::1]/", "http://[fd00::1]/", "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::a00:1]/", "http://[ff02::1]/",
    ])
    func `Nobody inside is asked`(url: String) async throws {
        let fixture = try await ImportFixture()
        let report = try await fixture.run(project([[picture(url)]]))
        #expect(report.problems.count == 1, "\(report.problems)")
        #expect(report.problems.allSatisfy { $0.contains("which is not a public address but ") }, "\(report.problems)")
    }

    @Test func `A private host is asked when the user says so`() async throws {
        let server = try ScriptedServer.pictures()
        let data = project([[picture(server.url("/1", host: "localhost"))]])
        let fixture = try await ImportFixture()
        #expect(try await fixture.run(data) { $0.addressGuard = HTTPClient.Guard() }.importedCount == 0)
        #expect(server.connectionCount == 0)
        #expect(try await fixture.run(data) { $0.addressGuard = nil }.importedCount == 1)
    }

    @Test(arguments: [
        ("https://user:hush@127.0.0.1/a.jpg", "user name or password"), ("https://münchen.example/a.jpg", "not ASCII"),
    ])
    func `Addresses that cannot be fetched are said so, without what is secret in them`(url: String, says: String) async throws {
        let report = try await ImportFixture().run(project([[picture(url)]]))
        #expect(report.problems.count == 1, "\(report.problems)")
        #expect(report.problems.allSatisfy { $0.contains(says) && !$0.contains("hush") }, "\(report.problems)")
    }

    @Test func `What fails for a while is tried again, no sooner than the host wants`() async throws {
        let count = Mutex(0)
        let server = try ScriptedServer.serving { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            switch number {
            case 1: return [.respond(429, ["Retry-After: 1"])]
            case 2: return [.announce(500), .send("x"), .close]
            default: return ScriptedServer.reply(pictureBytes())
            }
        }
        let fixture = try await ImportFixture()
        let start = ContinuousClock.now
        let report = try await fixture.run(project([[picture(server.url("/a"))]]))
        #expect(report.importedCount == 1 && report.manifest != nil, "\(report.problems)")
        #expect(ContinuousClock.now - start >= .seconds(1) && server.requests.count == 3)
    }

    @Test func `A host that wants to be left alone for a week is asked no more`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond(429, ["Retry-After: 604800"])] }
        let pictures = (0..<6).map { picture(server.url("/\($0)")) }
        let report = try await ImportFixture().run(project([pictures]))
        #expect(report.problems.count == 6 && server.requests.count <= 2)
        #expect(report.problems.contains { $0.contains("status 429 (too many requests) and asks to come back in 604800 s") })
        #expect(report.problems.contains { $0.contains("the host has asked to be left alone for another 6047") })
    }

    @Test func `A host that says "later" again and again is given up in the end`() async throws {
        let server = try ScriptedServer.serving { _ in [.respond(429, ["Retry-After: 1"])] }
        let pictures = (0..<20).map { picture(server.url("/\($0)")) }
        let report = try await ImportFixture().run(project([pictures])) { $0.courtesy.longestWaitInAll = .seconds(3) }
        // Each would be asked for four times.
        #expect(report.problems.count == 20 && server.requests.count <= 20, "\(server.requests.count)")
        #expect(report.problems.contains { $0.contains("the host has asked to be left alone again and again, for ") })
    }

    @Test func `A host learns who asks, and is asked for two pictures at once at most`() async throws {
        let server = try ScriptedServer.serving { request in
            [.wait(.milliseconds(20))] + ScriptedServer.reply(pictureBytes(request.target.count))
        }
        let fixture = try await ImportFixture()
        let pictures = (0..<12).map { picture(server.url("/" + String(repeating: "a", count: $0))) }
        let start = SuspendingClock.now
        let report = try await fixture.run(project([pictures]))
        // As many connections as requests at once: they are kept alive, if they are not idle for long.
        #expect(report.importedCount == 12 && (server.connectionCount <= 2 || SuspendingClock.now - start > .seconds(4)))
        #expect(server.requests.allSatisfy { $0["User-Agent"]?.hasPrefix("Burns/") == true })
        #expect(server.requests.allSatisfy { $0["Accept"]?.contains("image/jpeg") == true })
    }
}

/// A PNG whose header says this, and which ends there.
private func png(width: UInt32, height: UInt32) -> [UInt8] {
    func big(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
    func chunk(_ kind: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(kind.utf8) + data
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in body {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return big(UInt32(data.count)) + body + big(~crc)
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", big(width) + big(height) + [8, 2, 0, 0, 0])
        + chunk("IDAT", [0x78, 0x9C, 3, 0, 0, 0, 0, 1]) + chunk("IEND", [])
}
