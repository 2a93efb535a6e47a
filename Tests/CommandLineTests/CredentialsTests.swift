import Foundation
import Glibc
import TestSupport
import Testing

/// Where commands have their credentials from, and how long they wait for them.
@Suite struct CredentialsTests {
    private static let keys = ["AWS_ACCESS_KEY_ID": "AKIDOWN", "AWS_SECRET_ACCESS_KEY": "hush"]
    private static let role = """
        [default]
        role_arn = arn:aws:iam::123456789012:role/One
        source_profile = base
        region = eu-west-1
        [profile base]
        aws_access_key_id = BASE
        aws_secret_access_key = hush
        """

    /// A home folder with settings. `PLACE` in them is where the sandbox is.
    private func sandbox(_ config: String) throws -> Sandbox {
        let sandbox = try Sandbox()
        try Files.makeFolder(sandbox.root + "/.aws")
        try Files.write(config.replacingOccurrences(of: "PLACE", with: sandbox.root), sandbox.root + "/.aws/config")
        return sandbox
    }

    private func wait(_ condition: () throws -> Bool) throws {
        let deadline = Date().addingTimeInterval(30)
        while try !condition(), Date() < deadline { usleep(2000) }
        #expect(try condition())
    }

    // MARK: Waiting

    @Test(arguments: [(SIGINT, "ls"), (SIGTERM, "ls"), (SIGTERM, "doctor")])
    func `A program that gives no credentials is not waited for after a signal`(signal: Int32, command: String) throws {
        let sandbox = try sandbox(
            "[default]\nregion = eu-west-1\ncredential_process = sh -c 'echo $$ > PLACE/pid; exec sleep 1000'\n")
        let running = try sandbox.start([Burns.path, command, "--store", "s3://bucket"])
        let file = sandbox.root + "/pid"
        try wait { try Files.exists(file) && !Files.read(file).isEmpty }
        let program = try #require(pid_t(String(decoding: try Files.read(file), as: UTF8.self).dropLast()))
        let sent = Date()
        running.send(signal)
        let done = try running.wait()
        #expect(done.status == 130 && done.error.hasPrefix("cancelled; "), "\(done.status) \(done.error)")
        #expect(Date().timeIntervalSince(sent) < 5)
        try wait { kill(program, 0) != 0 }
    }

    @Test func `An STS that says nothing is not waited for after a signal`() throws {
        let sandbox = try sandbox(Self.role)
        let silent = try ScriptedServer { _ in [.readRequest, .stall] }
        let running = try sandbox.start(
            [Burns.path, "ls", "--store", "s3://bucket"], environment: ["AWS_ENDPOINT_URL_STS": "http://127.0.0.1:\(silent.port)"])
        try wait { !silent.requests.isEmpty }
        let sent = Date()
        running.send(SIGTERM)
        let done = try running.wait()
        #expect(done.status == 130, "\(done.status) \(done.error)")
        #expect(Date().timeIntervalSince(sent) < 5)
    }

    // MARK: Doctor

    @Test func `Doctor says who one is also without a bucket`() async throws {
        let moto = try await S3TestServer.moto.value.place.endpoint
        let sandbox = try Sandbox()
        let environment = Self.keys.merging(["AWS_ENDPOINT_URL_STS": moto]) { $1 }
        try Files.makeFolder(sandbox.root + "/store/projects")
        for store in [[], ["--store", sandbox.root + "/store"]] {
            let done = try sandbox.start([Burns.path, "doctor"] + store, environment: environment).wait()
            #expect(done.status == 0 && done.out.contains("ok   credentials: AKIDOWN from environment"), "\(done.out)")
            #expect(done.out.contains("ok   identity: arn:aws:") && !done.out.contains("hush"))
            let none = try sandbox.start([Burns.path, "doctor"] + store).wait()
            #expect(none.status == 0 && none.out.contains("--   credentials: there are no AWS credentials"), "\(none.out)")
            #expect(!none.out.contains("identity: "))
        }
        // What is set up and does not work is.
        let half = try sandbox.burns("doctor", environment: ["AWS_ACCESS_KEY_ID": "AKIDOWN"])
        #expect(half.status == 1 && half.out.contains("FAIL credentials: "))
    }

    @Test func `Doctor does not wait long for metadata that are not there`() throws {
        let sandbox = try Sandbox()
        let usual = try sandbox.burns("doctor").wallSeconds
        let silent = try ScriptedServer { _ in [.readRequest, .stall] }
        let done = try sandbox.burns(
            "doctor", environment: [
                "AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:\(silent.port)",
            ])
        #expect(done.status == 0 && done.out.contains("--   credentials: there are no AWS credentials"), "\(done.out)")
        #expect(silent.requests.count == 1)
        // A second, and what a busy machine adds.
        #expect(done.wallSeconds < usual + 4)
    }

    @Test(arguments: [("https://s3.eu-west-1.amazonaws.com", true), ("https://storage.example", false)])
    func `Doctor asks STS about keys of AWS alone`(endpoint: String, isAsked: Bool) throws {
        let sandbox = try Sandbox()
        let proxy = try ScriptedServer.serving { _ in [.respond(503), .close] }
        let done = try sandbox.burns(
            "doctor", "--store", "s3://bucket", "--endpoint-url", endpoint,
            environment: Self.keys.merging(
                ["https_proxy": "http://127.0.0.1:\(proxy.port)", "AWS_MAX_ATTEMPTS": "1", "AWS_REGION": "eu-west-1"]) { $1 })
        #expect(done.out.contains("--   identity: not asked for") == !isAsked, "\(done.out)")
        #expect(proxy.requests.contains { $0.target == "sts.eu-west-1.amazonaws.com:443" } == isAsked)
    }

    @Test func `Doctor says which region is taken where none is set`() throws {
        let sandbox = try Sandbox()
        let proxy = try ScriptedServer.serving { _ in [.respond(503), .close] }
        for region in [nil, "eu-west-1"] {
            var environment = Self.keys
            (environment["https_proxy"], environment["AWS_MAX_ATTEMPTS"]) = ("http://127.0.0.1:\(proxy.port)", "1")
            environment["AWS_REGION"] = region
            let done = try sandbox.burns("doctor", "--store", "s3://bucket", environment: environment)
            #expect(done.out.contains("--   region: none is set") == (region == nil), "\(done.out)")
            #expect(proxy.requests.contains { $0.target == "bucket.s3.\(region ?? "us-east-1").amazonaws.com:443" })
        }
    }

    @Test(arguments: [(-300, "300 s fast"), (90, "90 s slow"), (5, "")])
    func `Doctor says that the clock is wrong`(seconds: Int, words: String) throws {
        let sandbox = try Sandbox()
        let format = DateFormatter()
        (format.locale, format.timeZone) = (Locale(identifier: "en_US_POSIX"), TimeZone(identifier: "GMT"))
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let header = { @Sendable in "Date: " + format.string(from: Date(timeIntervalSinceNow: Double(seconds) + 0.5)) }
        let server = try ScriptedServer.serving { _ in
            [.respond(200, [header()], body: "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>")]
        }
        let done = try sandbox.burns(
            "doctor", "--store", "s3://bucket", "--endpoint-url", "http://127.0.0.1:\(server.port)", environment: Self.keys)
        #expect(done.out.contains("ok   store: s3://bucket can be listed"), "\(done.out)")
        let line = done.out.split(separator: "\n").first { $0.contains("clock") }
        if words.isEmpty {
            #expect(line == nil)
        } else {
            let number = try #require(words.split(separator: " ").first.flatMap { Int($0) })
            let near = (number - 2...number + 2).map { "\($0)" + words.drop { $0 != " " } }
            #expect(line?.hasPrefix("--   clock: ") == true && near.contains { line?.contains(" \($0)") == true }, "\(done.out)")
        }
    }

    // MARK: Once

    @Test func `A program is asked for credentials once`() async throws {
        let bucket = try await BucketFixture(.moto)
        let project = try ProjectFixture.make(in: bucket.sandbox)
        #expect(try bucket.burns("push", project).status == 0)
        let sandbox = try sandbox("""
            [default]
            region = us-east-1
            credential_process = sh -c 'echo . >> PLACE/asked; echo "{\\"Version\\": 1, \
            \\"AccessKeyId\\": \\"\(bucket.place.access_key)\\", \\"SecretAccessKey\\": \\"\(bucket.place.secret_key)\\"}"'

            """)
        var environment = bucket.place.environment(["BURNS_STORE": bucket.url])
        (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]) = (nil, nil)
        let render = ["render", "\(bucket.url)/projects/p", "-o", "\(bucket.url)/more/"] + BucketFixture.small
        for arguments in [["doctor"], ["ls"], ["pull", "p"], ["push", "p", "--project", "q"], render] {
            let done = try sandbox.start([Burns.path] + arguments, environment: environment).wait(secondsAllowed: 90)
            #expect(done.status == 0, "\(arguments) \(done.error) \(done.out)")
            let asked = try Files.read(sandbox.root + "/asked")
            #expect(String(decoding: asked, as: UTF8.self) == ".\n", "\(arguments)")
            unlink(sandbox.root + "/asked")
        }
    }
}
