import Foundation
import HTTP
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    @Test func `A certificate that nobody has signed is refused`() async throws {
        let server = try SecureServer()
        let client = try makeClient()
        let error = try await failure { try await client.perform(server.request("localhost")) }
        #expect(error.kind == .certificate && !error.isTransient && error.cause.contains("self-signed"), "\(error)")
    }

    @Test func `It is accepted where its authority is given`() async throws {
        let server = try SecureServer()
        let client = try makeClient { $0.certificateAuthorities = server.certificate }
        for host in ["localhost", "127.0.0.1"] { #expect(try await client.perform(server.request(host)).status == 200) }
    }

    @Test func `A certificate of another name is refused`() async throws {
        let server = try SecureServer(names: "DNS:example.org")
        let client = try makeClient { $0.certificateAuthorities = server.certificate }
        try await failure(.certificate) { try await client.perform(server.request("localhost")) }
    }

    @Test func `Authorities that are not there are said so`() async throws {
        let server = try SecureServer()
        let client = try makeClient { $0.certificateAuthorities = "/nowhere.pem" }
        let error = try await failure { try await client.perform(server.request("localhost")) }
        #expect(error.kind == .certificate && error.cause.contains("/nowhere.pem"), "\(error)")
    }

    @Test func `Old versions of TLS are refused`() async throws {
        let server = try SecureServer(options: ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
        let client = try makeClient { $0.certificateAuthorities = server.certificate }
        try await failure(.handshake) { try await client.perform(server.request("localhost")) }
    }

    @Test func `A server that does not speak TLS is said so`() async throws {
        let server = try ScriptedServer(.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"), .wait(.seconds(1)))
        var request = server.request()
        request.address.scheme = "https"
        try await failure(.handshake) { [request] in try await makeClient().perform(request) }
    }
}

/// OpenSSL's own server with a fresh certificate.
private final class SecureServer {
    let certificate: String
    private let folder: String
    private let process = Process()
    private let port: Int

    init(names: String = "DNS:localhost,IP:127.0.0.1", options: [String] = []) throws {
        folder = NSTemporaryDirectory() + "/burns-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        certificate = folder + "/certificate.pem"
        let key = folder + "/key.pem"
        let request = Process()
        request.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        request.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test",
            "-addext", "subjectAltName=" + names, "-keyout", key, "-out", certificate,
        ]
        request.standardError = FileHandle.nullDevice
        try request.run()
        request.waitUntilExit()
        try #require(request.terminationStatus == 0)

        process.executableURL = request.executableURL
        process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www"] + options
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // "ACCEPT 127.0.0.1:45678"
        var text = ""
        while !text.contains("\n") || !text.contains("ACCEPT") {
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty)
            text += String(decoding: more, as: UTF8.self)
        }
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("ACCEPT") })
        port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
    }

    deinit {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func request(_ host: String) -> HTTPRequest {
        HTTPRequest(method: "GET", address: HTTPAddress(scheme: "https", host: host, port: port))
    }
}
