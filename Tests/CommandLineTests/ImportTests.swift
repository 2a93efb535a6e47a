import Foundation
import TestSupport
import Testing

/// `burns import`, from the data file to a project that can be rendered.
@Suite(.timeLimit(.minutes(2))) struct ImportTests {
    private func data(_ server: ScriptedServer, _ paths: [String]) throws -> Data {
        let segments = paths.enumerated().map { number, path -> [String: Any] in
            [
                "id": number, "start_time": Double(number), "end_time": Double(number + 1),
                "generated_images": [["url": "http://127.0.0.1:\(server.port)\(path)", "query": "A query", "provider": "test"]],
            ]
        }
        return try JSONSerialization.data(withJSONObject: ["segments": segments])
    }

    @Test func `What was imported is a project`() throws {
        let server = try ScriptedServer.serving { request in
            guard request.target.hasPrefix("/good") else { return [.respond(404)] }
            let picture = bitmap(width: 64, height: 36) { x, y in (UInt8(x), UInt8(y), UInt8(request.target.utf8.count)) }
            return [.announce(picture.count), .send(picture)]
        }
        let sandbox = try Sandbox()
        let (store, file) = (sandbox.root + "/store", sandbox.root + "/data.json")
        try Files.makeFolder(store)
        try Files.write(try data(server, ["/good/1?token=hush", "/bad?token=hush"]), file)

        // Loopback is no public address.
        var done = try sandbox.burns("import", file, "--project", "p", "--store", store)
        #expect(done.status == 1 && server.requests.isEmpty, "\(done.error)")
        #expect(done.error.contains("not a public address but loopback"), "\(done.error)")

        done = try sandbox.burns("import", file, "--project", "p", "--store", store, "--allow-private-hosts")
        #expect(done.status == 1 && done.out == "", "\(done.error)")
        #expect(done.error.contains("$.segments[1].generated_images[0]: ") && done.error.contains("status 404"), "\(done.error)")
        #expect(!Files.exists(store + "/projects/p/manifest.json"))

        done = try sandbox.burns(
            "import", file, "--project", "p", "--store", store, "--allow-private-hosts", "--allow-missing", "--json")
        #expect(done.status == 0, "\(done.error)")
        let report = try #require(try JSONSerialization.jsonObject(with: Data(done.out.utf8)) as? [String: Any])
        let outcomes = (report["pictures"] as? [[String: Any]])?.map { $0["outcome"] as? String }
        #expect(outcomes == ["kept", "failed"])
        #expect(!(done.out + done.error).contains("hush"))

        try Files.write(try data(server, ["/good/1?token=hush", "/good/two"]), file)
        done = try sandbox.burns("import", file, "--project", "p", "--store", store, "--allow-private-hosts")
        #expect(done.status == 0, "\(done.error)")
        #expect(server.requests.filter { $0.target.hasPrefix("/good/1") }.count == 1)
        let validated = try sandbox.burns("validate", "p", "--store", store)
        #expect(validated.status == 0 && validated.error.contains("0 errors, 0 warnings"), "\(validated.error)")
        #expect(sandbox.leftovers == [])
    }

    /// Whoever is on the way could change what comes without TLS, or by another's certificate.
    @Test func `Certificates are verified, and https is not left for http`() throws {
        let (sandbox, plain) = (try Sandbox(), try ScriptedServer.serving { _ in [.respond(404)] })
        let (root, store) = (sandbox.root, sandbox.root + "/store")
        try Files.makeFolder(store)
        try Files.write(Data(bitmap(width: 6, height: 4) { x, y in (UInt8(x), UInt8(y), 0) }), root + "/picture.bmp")
        _ = try tool(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", root + "/key.pem", "-out", root + "/certificate.pem")
        let script = """
            import http.server, os, ssl, sys
            root, plain = sys.argv[1:]
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    leaves = self.path.startswith("/leaves")
                    with open(root + "/picture.bmp", "rb") as file:
                        body = b"" if leaves else file.read()
                    self.send_response(302 if leaves else 200)
                    if leaves:
                        self.send_header("Location", plain)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(root + "/certificate.pem", root + "/key.pem")
            server.socket = context.wrap_socket(server.socket, server_side=True)
            with open(root + "/port.new", "w") as file:
                file.write(str(server.server_port))
            os.rename(root + "/port.new", root + "/port")
            server.serve_forever()
            """
        let server = try sandbox.start(["/usr/bin/python3", "-c", script, root, "http://127.0.0.1:\(plain.port)/"])
        defer {
            server.send(SIGKILL)
            _ = try? server.wait()
        }
        for _ in 0..<1000 where !Files.exists(root + "/port") { usleep(10_000) }
        let port = String(decoding: try Files.read(root + "/port"), as: UTF8.self)
        let segments = ["/stays", "/leaves"].enumerated().map { number, path -> [String: Any] in
            ["start": number, "end": number + 1, "generated_images": [["url": "https://127.0.0.1:\(port)\(path)"]]]
        }
        try Files.write(try JSONSerialization.data(withJSONObject: ["segments": segments]), root + "/data.json")
        let command = ["import", root + "/data.json", "--project", "p", "--store", store, "--allow-private-hosts", "--json"]

        let unknown = try sandbox.start([Burns.path] + command).wait()
        #expect(unknown.status == 1 && !Files.exists(store + "/projects"), "\(unknown.error)")
        #expect(unknown.error.split(separator: "\n").count { $0.contains("certificate") } == 2, "\(unknown.error)")

        let known = try sandbox.start([Burns.path] + command, environment: ["SSL_CERT_FILE": root + "/certificate.pem"]).wait()
        #expect(known.status == 1 && known.out.contains("\"imported\""), "\(known.error)")
        #expect(known.error.contains("it redirects from https to http, where anybody could change it"), "\(known.error)")
        #expect(plain.requests.isEmpty)
    }

    @Test func `A terminal shows a bar, and nothing else does`() throws {
        let server = try ScriptedServer.serving { _ in
            let picture = bitmap(width: 6, height: 4) { x, y in (UInt8(x), UInt8(y), 0) }
            return [.announce(picture.count), .send(picture)]
        }
        let sandbox = try Sandbox()
        try Files.makeFolder(sandbox.root + "/store")
        try Files.write(try data(server, ["/1", "/2"]), sandbox.root + "/data.json")
        func shown(_ more: String) throws -> String {
            let arguments = "import ../data.json --project p --store ../store --allow-private-hosts --refetch"
            let command = "'\(Burns.path)' \(arguments) \(more)"
            let done = try sandbox.start(["script", "-qec", command, "/dev/null"]).wait()
            #expect(done.status == 0, "\(done.out)\(done.error)")
            return done.out
        }
        let bar = try shown("")
        #expect(bar.contains("━") && bar.contains("2/2 pictures") && bar.contains("manifest.json is written"), "\(bar)")
        let lines = try shown("--verbose")
        #expect(!lines.contains("━") && lines.contains("2/2 projects/p/images/"), "\(lines)")
        #expect(try !shown("--quiet").contains("pictures"))
        let plain = try sandbox.burns(
            "import", sandbox.root + "/data.json", "--project", "p", "--store", sandbox.root + "/store", "--allow-private-hosts")
        #expect(plain.status == 0 && !plain.error.contains("\r") && plain.error.split(separator: "\n").count == 1)
    }

    @Test(arguments: [
        (["--project", "../p"], 1, "is no project id"), (["--project", "p", "--expires", "8d"], 64, "--expires"),
        ([], 64, "--project"),
        (["--project", "p", "--max-megabytes", "0"], 64, "--max-megabytes"),
    ] as [([String], Int32, String)])
    func `What cannot be is said`(arguments: [String], status: Int32, says: String) throws {
        let sandbox = try Sandbox()
        try Files.write("{}", sandbox.root + "/data.json")
        try Files.makeFolder(sandbox.root + "/store")
        let command = [Burns.path, "import", sandbox.root + "/data.json", "--store", sandbox.root + "/store"]
        let done = try sandbox.start(command + arguments).wait()
        #expect(done.status == status && done.error.contains(says), "\(done.error)")
    }
}
