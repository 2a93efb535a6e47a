import AWS
import Foundation
import HTTP
import Synchronization
import Testing

/// A home folder with shared files, an environment, and a network that answers as the test says.
final class AWSFixture: HTTPSending {
    typealias Answer = (status: Int, headers: [String: String], body: String)

    let home: String
    /// With the home folder in the place of "HOME".
    let variables: [String: String]
    private let answer: @Sendable (HTTPRequest, String) throws -> Answer
    private let received = Mutex<[(request: HTTPRequest, body: String)]>([])
    private let time = Mutex(AWSFixture.start)
    private let slept = Mutex<[Double]>([])

    /// 2023-11-14T22:13:20Z
    static let start = 1_700_000_000

    struct Unreachable: Error, CustomStringConvertible { let description = "connection refused" }

    init(
        _ variables: [String: String] = [:], config: String = "", credentials: String = "", files: [String: String] = [:],
        answer: @escaping @Sendable (HTTPRequest, String) throws -> Answer = { _, _ in throw Unreachable() }
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("burns aws 'home' \(UUID().uuidString)")
        home = folder.path
        self.variables = variables.mapValues { [home] in $0.replacingOccurrences(of: "HOME", with: home) }
        self.answer = answer
        for (name, text) in files.merging([".aws/config": config, ".aws/credentials": credentials],
            uniquingKeysWith: { a, _ in a })
        where !text.isEmpty {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: home) }

    var environment: AWSEnvironment { AWSEnvironment(variables, homeFolder: home) }
    /// What was sent, in order.
    var requests: [(request: HTTPRequest, body: String)] { received.withLock { $0 } }
    var sleeps: [Double] { slept.withLock { $0 } }
    func advance(seconds: Int) { time.withLock { $0 += seconds } }
    func clock() -> AWSClock { AWSClock { [self] in AWSDate(secondsSince1970: time.withLock { $0 }) } }

    func configuration(profile: String? = nil) throws -> AWSConfiguration {
        try AWSConfiguration(environment: environment, profile: profile)
    }

    func provider(profile: String? = nil, explicit: AWSCredentials? = nil, clock: AWSClock? = nil) throws -> CredentialsProvider {
        CredentialsProvider(
            configuration: try configuration(profile: profile), sender: self, clock: clock ?? self.clock(), explicit: explicit
        ) { [self] seconds in slept.withLock { $0.append(seconds) } }
    }

    func send(
        _ request: HTTPRequest, body: [UInt8], timeoutSeconds: Double
    ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
        let text = String(decoding: body, as: UTF8.self)
        received.withLock { $0.append((request, text)) }
        let (status, fields, answer) = try answer(request, text)
        var headers = HTTPHeaders()
        for (name, value) in fields { headers.append(name, value) }
        return (status, headers, Array(answer.utf8))
    }
}

/// The error that getting credentials ends with.
func failure(_ fixture: AWSFixture, profile: String? = nil) async -> String {
    do {
        let loaded = try await fixture.provider(profile: profile).load()
        return "no error: \(loaded.source)"
    } catch {
        return "\(error)"
    }
}

/// What STS answers with.
func assumed(_ action: String, id: String, expiration: String = "2023-11-14T23:13:20Z") -> AWSFixture.Answer {
    (
        200, [:],
        """
        <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result><Credentials>
        <AccessKeyId>\(id)</AccessKeyId><SecretAccessKey>hush/\(id)</SecretAccessKey><SessionToken>token-\(id)</SessionToken>
        <Expiration>\(expiration)</Expiration></Credentials></\(action)Result></\(action)Response>
        """
    )
}
