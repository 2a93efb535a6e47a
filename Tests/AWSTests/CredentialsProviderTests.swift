import AWS
import Foundation
import Glibc
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite struct CredentialsProviderTests {
    /// STS that numbers the credentials it gives, each good for so long from the time at which they were asked for.
    private final class Role: Sendable {
        private let seconds: Int
        private let count = Atomic<Int>(0)
        private let failing = Atomic<Bool>(false)

        init(seconds: Int) { self.seconds = seconds }

        func fails(_ flag: Bool) { failing.store(flag, ordering: .sequentiallyConsistent) }

        func fixture() throws -> AWSFixture {
            let config = "[default]\nregion = eu-west-1\nrole_arn = arn:r\nsource_profile = base\n[profile base]\n"
                + "aws_access_key_id = B\naws_secret_access_key = hush\n"
            return try AWSFixture(config: config) { request, _ in
                if self.failing.load(ordering: .sequentiallyConsistent) {
                    return (403, [:], "<E><Error><Code>AccessDenied</Code></Error></E>")
                }
                let now = AWSDate(iso8601: request.headers["X-Amz-Date"] ?? "") ?? .now
                let number = self.count.add(1, ordering: .sequentiallyConsistent).newValue
                return assumed("AssumeRole", id: "N\(number)", expiration: now.adding(seconds: self.seconds).description)
            }
        }
    }

    /// An hour: five minutes before its end. Six minutes: at the half.
    @Test(arguments: [(3600, 3299, 3300), (360, 179, 180)])
    func `Renewed before they expire`(seconds: Int, lastKept: Int, renewed: Int) async throws {
        let fixture = try Role(seconds: seconds).fixture()
        let provider = try fixture.provider()
        #expect(try await provider.credentials().accessKeyID == "N1")
        fixture.advance(seconds: lastKept)
        #expect(try await provider.credentials().accessKeyID == "N1")
        fixture.advance(seconds: renewed - lastKept)
        #expect(try await provider.credentials().accessKeyID == "N2")
        #expect(fixture.requests.count == 2)
    }

    @Test func `Many who ask at once wait for one search`() async throws {
        let fixture = try Role(seconds: 3600).fixture()
        let provider = try fixture.provider()
        let names = try await withThrowingTaskGroup { group in
            for _ in 0..<100 { group.addTask { try await provider.credentials().accessKeyID } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(names == ["N1"])
        #expect(fixture.requests.count == 1)
    }

    @Test func `A renewal that fails is tried again while the old ones hold, and then it is an error`() async throws {
        let role = Role(seconds: 3600)
        let fixture = try role.fixture()
        let provider = try fixture.provider()
        _ = try await provider.credentials()
        role.fails(true)
        fixture.advance(seconds: 3400)
        #expect(try await provider.credentials().accessKeyID == "N1")
        #expect(await provider.renewalError.map { "\($0)" }?.contains("AccessDenied") == true)
        // Not at once.
        #expect(try await provider.credentials().accessKeyID == "N1")
        #expect(fixture.requests.count == 2)
        fixture.advance(seconds: 30)
        #expect(try await provider.credentials().accessKeyID == "N1")
        #expect(fixture.requests.count == 3)
        fixture.advance(seconds: 170)
        await #expect(throws: AWSError.self) { try await provider.credentials() }
        role.fails(false)
        #expect(try await provider.credentials().accessKeyID == "N2")
        #expect(await provider.renewalError == nil)
    }

    @Test func `A renewal that failed just before the end does not outlive it`() async throws {
        let role = Role(seconds: 3600)
        let fixture = try role.fixture()
        let provider = try fixture.provider()
        _ = try await provider.credentials()
        role.fails(true)
        fixture.advance(seconds: 3590)
        _ = try await provider.credentials()
        fixture.advance(seconds: 15)
        await #expect(throws: AWSError.self) { try await provider.credentials() }
    }

    @Test func `Refused ones are not given again`() async throws {
        let fixture = try Role(seconds: 3600).fixture()
        let provider = try fixture.provider()
        let first = try await provider.credentials()
        await provider.discard(first)
        #expect(try await provider.credentials().accessKeyID == "N2")
        // Another task is late with the same refusal.
        await provider.discard(first)
        #expect(try await provider.credentials().accessKeyID == "N2")
    }

    @Test func `Lasting ones are looked for once`() async throws {
        let fixture = try AWSFixture(credentials: "[default]\naws_access_key_id = A\naws_secret_access_key = hush\n")
        let provider = try fixture.provider()
        _ = try await provider.credentials()
        fixture.advance(seconds: 1 << 40)
        #expect(try await provider.load().expiration == nil)
    }

    @Test func `Who is cancelled does not take the search from the others`() async throws {
        let fixture = try Role(seconds: 3600).fixture()
        let provider = try fixture.provider()
        let cancelled = Task { try await provider.credentials() }
        cancelled.cancel()
        _ = try? await cancelled.value
        #expect(try await provider.credentials().accessKeyID == "N1")
    }

    /// A service that says nothing, and who has noticed that nobody waits any more.
    private final class Silence: HTTPSending {
        let asked = Atomic<Int>(0)
        let left = Atomic<Int>(0)

        func send(
            _ request: HTTPRequest, body: [UInt8], timeoutSeconds: Double
        ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
            asked.add(1, ordering: .sequentiallyConsistent)
            defer { left.add(1, ordering: .sequentiallyConsistent) }
            try await Task.sleep(for: .seconds(1000))
            return (500, HTTPHeaders(), [])
        }
    }

    private func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test(.timeLimit(.minutes(1))) func `Who is cancelled waits no longer, and the last one ends the search`() async throws {
        let (silence, fixture) = (Silence(), try Role(seconds: 3600).fixture())
        let provider = CredentialsProvider(configuration: try fixture.configuration(), sender: silence, clock: fixture.clock())
        let waiting = (0..<3).map { _ in Task { try await provider.credentials() } }
        try await until { silence.asked.load(ordering: .sequentiallyConsistent) == 1 }
        for (number, task) in waiting.enumerated() {
            #expect(silence.left.load(ordering: .sequentiallyConsistent) == 0, "\(number)")
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        try await until { silence.left.load(ordering: .sequentiallyConsistent) == 1 }
        #expect(await provider.renewalError == nil)
        // The next one begins anew.
        let next = Task { try await provider.credentials() }
        try await until { silence.asked.load(ordering: .sequentiallyConsistent) == 2 }
        next.cancel()
        await #expect(throws: CancellationError.self) { try await next.value }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["exec sleep 1000", "exec >&-; exec sleep 1000"])
    func `The last one takes the program along`(command: String) async throws {
        let config = "[default]\ncredential_process = sh -c 'echo $$ > \"$HERE\"; \(command)'\n"
        let folder = try TemporaryFolder()
        let file = folder.path + "/pid"
        let fixture = try AWSFixture(config: config.replacingOccurrences(of: "$HERE", with: file))
        let provider = try fixture.provider()
        let waiting = Task { try await provider.credentials() }
        func identifier() -> pid_t? {
            let text = try? String(contentsOfFile: file, encoding: .utf8)
            return text.flatMap { $0.hasSuffix("\n") ? pid_t($0.dropLast()) : nil }
        }
        try await until { identifier() != nil }
        let program = try #require(identifier())
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await until { kill(program, 0) != 0 && errno == ESRCH }
    }
}

@Suite struct SecrecyTests {
    private func shown(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(describing: value)) \(String(reflecting: value)) \(dumped)"
    }

    private struct Silence: HTTPSending {
        func send(
            _ request: HTTPRequest, body: [UInt8], timeoutSeconds: Double
        ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) { throw AWSFixture.Unreachable() }
    }

    @Test func `No description shows a secret`() async throws {
        let config = "[default]\naws_access_key_id = AKIA\naws_secret_access_key = hush\naws_session_token = hush\n"
        let fixture = try AWSFixture(["AWS_SECRET_ACCESS_KEY": "hush", "AWS_SESSION_TOKEN": "hush"], config: config)
        let credentials = AWSCredentials(accessKeyID: "AKIA", secretAccessKey: "hush", sessionToken: "hush")
        let configuration = try fixture.configuration()
        let clock = AWSClock()
        let provider = CredentialsProvider(configuration: configuration, sender: Silence(), clock: clock, explicit: credentials)
        let signer = RequestSigner(
            credentials: credentials, scope: SigningScope(region: "r", service: "s3"), date: AWSDate(secondsSince1970: 0))
        let values: [Any] = [
            credentials, Optional(credentials) as Any, [credentials], ["a": credentials], Secret("hush"), fixture.environment,
            configuration, configuration.shared, try SharedFile(parsing: Array(config.utf8), path: "f"),
            try await provider.load(),
            provider, signer, STSClient(configuration: configuration, sender: Silence(), clock: clock),
        ]
        for value in values { #expect(!shown(value).contains("hush"), "\(type(of: value))") }
        #expect(shown(credentials).contains("AKIA"))
    }
}
