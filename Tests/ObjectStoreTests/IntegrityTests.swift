import Foundation
import HTTP
import ObjectStore
import TestSupport
import Testing

/// Servers that say something else than what was sent, where nothing but the ETag tells.
@Suite(.timeLimit(.minutes(1))) struct IntegrityTests {
    /// Over TLS, to a server that is not AWS's: nothing is signed of the content, and no checksum goes along.
    static func store(_ fake: FakeS3, _ proxy: SecureProxy) async throws -> S3Store {
        try await fake.store(variables: [
            "AWS_ENDPOINT_URL_S3": "https://127.0.0.1:\(proxy.port)", "AWS_CA_BUNDLE": proxy.certificate,
            "AWS_REQUEST_CHECKSUM_CALCULATION": "",
        ])
    }

    @Test(arguments: ["PUT", "PUT part"], [1, Int.max])
    func `A wrong ETag is a failure that passes`(name: String, times: Int) async throws {
        let fake = try FakeS3()
        let proxy = try SecureProxy(to: fake.server.port)
        let (store, folder) = (try await IntegrityTests.store(fake, proxy), try TemporaryFolder())
        var options = TransferOptions()
        (options.partBytes, options.parallel) = (64 << 10, 1)
        let bytes = content(name == "PUT" ? 1000 : 100_000)
        let path = try folder.file(bytes)
        fake.setFault { request, number, answer in
            guard FakeS3.name(request) == name, number < times else { return nil }
            _ = answer()
            return [.send(FakeS3.response(200, ["ETag: \"0123456789abcdef0123456789abcdef\""]))]
        }
        if times == 1 {
            try await store.upload(path, to: "a", options: options)
            #expect(fake.bytes("a") == bytes && fake.names.count { $0 == name } == (name == "PUT" ? 2 : 3))
        } else {
            let error = try await refusal(.corrupted) { [options] in try await store.upload(path, to: "a", options: options) }
            #expect(error.description.contains("MD5") && error.description.contains("s3://bucket/a"), "\(error)")
            #expect(fake.state.withLock { $0.uploads.isEmpty })
        }
        let sent = fake.server.requests.filter { FakeS3.name($0) == name }
        #expect(sent.allSatisfy { $0["Content-MD5"] != nil && $0["x-amz-checksum-crc32c"] == nil })
    }

    /// With a key of the owner's, an ETag is no MD5.
    @Test func `Encrypted content has any ETag`() async throws {
        let fake = try FakeS3 { request, _, _ in
            guard request.method == "PUT" else { return nil }
            let headers = ["ETag: \"0123456789abcdef0123456789abcdef\"", "x-amz-server-side-encryption: aws:kms"]
            return [.send(FakeS3.response(200, headers))]
        }
        let proxy = try SecureProxy(to: fake.server.port)
        try await IntegrityTests.store(fake, proxy).put(content(1000), to: "a")
        #expect(fake.names == ["PUT"])
    }

    @Test(arguments: [1, Int.max])
    func `Content that is not what its ETag says is read again`(times: Int) async throws {
        let fake = try FakeS3()
        let proxy = try SecureProxy(to: fake.server.port)
        let store = try await IntegrityTests.store(fake, proxy)
        let etag = try await store.put(content(1000), to: "a")
        let wrong = content(1000, seed: 2)
        fake.setFault { request, number, _ in
            guard request.method == "GET" else { return nil }
            return [.send(FakeS3.response(200, ["ETag: \"\(etag)\""], number < times ? wrong : content(1000)))]
        }
        if times == 1 {
            #expect(try await store.read("a") == content(1000))
        } else {
            let error = try await refusal(.corrupted) { try await store.read("a") }
            #expect(error.description.contains("MD5"))
        }
    }
}

/// Files that come in ranges from a server that states no checksum.
@Suite(.timeLimit(.minutes(1))) struct RangeIntegrityTests {
    /// How the object was sent.
    enum Sender: CaseIterable {
        case atOnce, inOwnParts, inPartsThatTheServerTells, inPartsThatNobodyTells, inPartsWithoutPlan

        func put(_ bytes: [UInt8], in fake: FakeS3) {
            switch self {
            case .atOnce: fake.put(bytes, "a")
            case .inOwnParts: fake.put(bytes, "a", parts: [65_536, 65_536, 65_536, 65_536, 37_856], telling: false)
            case .inPartsThatTheServerTells: fake.put(bytes, "a", parts: [70_000, 60_000, 70_000, 40_000, 60_000], telling: true)
            case .inPartsThatNobodyTells: fake.put(bytes, "a", parts: [70_000, 60_000, 70_000, 40_000, 60_000], telling: false)
            case .inPartsWithoutPlan: fake.put(bytes, "a", parts: [150_000, 150_000], telling: false)
            }
        }
    }

    private let bytes = content(300_000)
    private let (fake, folder): (FakeS3, TemporaryFolder)
    private let proxy: SecureProxy
    private var options = TransferOptions()

    init() throws {
        (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.state(checksum: nil)
        proxy = try SecureProxy(to: fake.server.port)
        (options.partBytes, options.parallel) = (64 << 10, 1)
    }

    /// - Parameter flip: which byte of the answer to GET number … from its end is to be wrong.
    private func download(_ sender: Sender, wrong flip: @escaping @Sendable (_ number: Int) -> Int?) async throws {
        sender.put(bytes, in: fake)
        fake.setFault { request, number, answer in
            guard request.method == "GET", let place = flip(number) else { return nil }
            var bytes = answer()
            bytes[bytes.count - place] ^= 1
            return [.send(bytes)]
        }
        let store = try await IntegrityTests.store(fake, proxy)
        _ = try await store.download("a", to: folder.path + "/b", options: options)
    }

    private var getCount: Int { fake.names.count { $0 == "GET" } }

    @Test(arguments: Sender.allCases)
    func `What is right becomes a file`(sender: Sender) async throws {
        try await download(sender) { _ in nil }
        #expect(try folder.bytes("b") == bytes && folder.names == ["b"])
        // Where nobody can tell, what comes twice is the object.
        #expect(getCount == (sender == .inPartsThatNobodyTells ? 10 : 5))
    }

    @Test(arguments: Sender.allCases.filter { $0 != .inPartsWithoutPlan })
    func `A byte that is wrong once is read again`(sender: Sender) async throws {
        let isDoubtful = sender == .inPartsThatNobodyTells
        // Of such an object, two attempts differ then, and nobody knows which of them is right.
        if isDoubtful {
            let error = try await refusal(.corrupted) { try await download(sender) { $0 == 2 ? 1 : nil } }
            #expect(error.description.contains("ETag"))
            #expect(try folder.names == [])
        } else {
            try await download(sender) { $0 == 2 ? 1 : nil }
            #expect(try folder.bytes("b") == bytes && folder.names == ["b"])
        }
        #expect(getCount == 10)
    }

    /// Where the server does not tell of parts, what comes twice counts as the object: others may have sent it in any parts.
    @Test(arguments: [Sender.atOnce, .inPartsThatTheServerTells])
    func `What is always wrong does not become a file`(sender: Sender) async throws {
        let error = try await refusal(.corrupted) { try await download(sender) { $0 % 5 == 2 ? 1 : nil } }
        #expect(error.description.contains("s3://bucket/a") && error.description.contains("ETag"), "\(error)")
        #expect(try folder.names == [])
    }

    @Test func `Content is compared in the parts that the server tells`() async throws {
        Sender.inPartsThatTheServerTells.put(bytes, in: fake)
        let store = try await IntegrityTests.store(fake, proxy)
        let listed = ListedObject(try await store.head("a"))
        let other = try folder.file(content(300_000, seed: 2), "other")
        #expect(try await store.holds(listed, contentOf: try folder.file(bytes), partBytes: 64 << 10) == true)
        #expect(try await store.holds(listed, contentOf: other, partBytes: 64 << 10) == false)
    }
}

/// Takes the TLS off what goes to a server on loopback.
final class SecureProxy: Sendable {
    /// Who has signed its certificate.
    let certificate: String
    let port: Int
    private let folder: TemporaryFolder
    private let process = Process()
    /// Its end is the sign to stop.
    private let lifeline = Pipe()

    init(to port: Int) throws {
        folder = try TemporaryFolder()
        certificate = folder.path + "/certificate.pem"
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", SecureProxy.program, folder.path, "\(port)"]
        process.standardInput = lifeline
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        self.port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private static let program = """
        import os, socket, ssl, subprocess, sys, threading
        folder, port = sys.argv[1], int(sys.argv[2])
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder + "/key.pem",
             "-out", folder + "/certificate.pem"], check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/certificate.pem", folder + "/key.pem")
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        def copy(source, sink):
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        def serve(plain):
            try:
                client = context.wrap_socket(plain, server_side=True)
                server = socket.create_connection(("127.0.0.1", port))
            except OSError:
                return
            threading.Thread(target=copy, args=(client, server), daemon=True).start()
            copy(server, client)
        def accept():
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        sys.stdin.read()
        """
}
