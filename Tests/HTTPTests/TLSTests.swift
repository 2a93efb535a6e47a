import Glibc
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

    @Test func `The system's authorities are in the first of its places that is there`() async throws {
        let server = try SecureServer()
        let client = try makeClient { $0.systemAuthorities = ["/nowhere.pem", server.certificate, "/nowhere-else.pem"] }
        #expect(try await client.perform(server.request("localhost")).status == 200)
    }

    @Test func `A system without authorities is said so`() async throws {
        let server = try SecureServer()
        let client = try makeClient { $0.systemAuthorities = ["/nowhere.pem"] }
        let error = try await failure { try await client.perform(server.request("localhost")) }
        let asked = error.cause.contains("/nowhere.pem") && error.cause.contains("SSL_CERT_FILE")
        #expect(error.kind == .certificate && !error.isTransient && asked, "\(error)")
    }

    @Test func `Old versions of TLS are refused`() async throws {
        let server = try SecureServer(options: "-tls1_1 -cipher DEFAULT@SECLEVEL=0")
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
    private let output: UnsafeMutablePointer<FILE>
    private let process: pid_t
    private let port: Int

    init(names: String = "DNS:localhost,IP:127.0.0.1", options: String = "") throws {
        var template = Array("/tmp/burns-test-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        certificate = folder + "/certificate.pem"
        let make = """
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test \
            -addext subjectAltName=\(names) -keyout \(folder)/key.pem -out \(certificate) 2>\(folder)/log
            """
        let maker = try #require(popen(make, "r"))
        try #require(pclose(maker) == 0)
        let serve = """
            echo $$; exec openssl s_server -accept 127.0.0.1:0 -cert \(certificate) -key \(folder)/key.pem -www \(options) \
            </dev/null 2>\(folder)/log
            """
        output = try #require(popen(serve, "r"))
        process = try #require(pid_t(SecureServer.line(output) ?? ""))
        // "ACCEPT 127.0.0.1:45678"
        var line = SecureServer.line(output)
        while let other = line, !other.hasPrefix("ACCEPT") { line = SecureServer.line(output) }
        port = try #require(line?.split(separator: ":").last.flatMap { Int($0) })
    }

    deinit {
        // What a task starts ignores milder signals: they are blocked on its thread.
        kill(process, SIGKILL)
        pclose(output)
        for name in ["key.pem", "certificate.pem", "log"] { unlink(folder + "/" + name) }
        rmdir(folder)
    }

    private static func line(_ stream: UnsafeMutablePointer<FILE>) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(text) }
        guard getline(&text, &capacity, stream) > 0, let text else { return nil }
        return String(String(cString: text).dropLast())
    }

    func request(_ host: String) -> HTTPRequest {
        HTTPRequest(method: "GET", address: HTTPAddress(scheme: "https", host: host, port: port))
    }
}
