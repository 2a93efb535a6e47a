import AWS
import Foundation
import HTTP
import JSON
import ObjectStore
import TestSupport
import Testing

/// The same settings, read by Burns and by botocore, which is under the AWS CLI.
@Suite struct BotocoreTests {
    private struct Case: CustomStringConvertible {
        var variables: [String: String] = [:]
        var config = ""
        var credentials = ""
        var profile: String?

        var description: String { "\(variables) \(config.debugDescription) \(credentials.debugDescription) \(profile ?? "-")" }
    }

    private static let keys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "hush"]
    private static let file = "[default]\naws_access_key_id = FILE\naws_secret_access_key = hush\n"

    private static let listed: [Case] = [
        Case(), Case(variables: keys), Case(credentials: file), Case(variables: keys, credentials: file),
        Case(config: file, credentials: file.replacingOccurrences(of: "FILE", with: "OTHER")),
        Case(variables: keys.merging(["AWS_SESSION_TOKEN": "t"]) { $1 }),
        Case(variables: ["AWS_ACCESS_KEY_ID": "ENV"], credentials: file),
        Case(credentials: file + "aws_session_token =\n"), Case(credentials: file + "aws_session_token = t\n"),
        Case(config: "[profile a]\nregion = eu-west-1\n", profile: "a"), Case(config: "[profile a]\n", profile: "b"),
        Case(variables: ["AWS_PROFILE": "b"], config: "[profile a]\nregion = eu-west-1\n"),
        Case(variables: ["AWS_CONFIG_FILE": "$BASE/c", "BASE": "HOME", "AWS_SHARED_CREDENTIALS_FILE": "${BASE}/d"]),
        Case(variables: ["AWS_CONFIG_FILE": "~/$NOWHERE/c", "AWS_SHARED_CREDENTIALS_FILE": "$SQUIGGLE/d", "SQUIGGLE": "~"]),
        Case(variables: ["AWS_CONFIG_FILE": "${BASE", "BASE": "HOME"], credentials: file),
        Case(variables: keys.merging(["AWS_REGION": "aws-global"]) { $1 }),
        Case(variables: keys.merging(["AWS_REGION": "fips-us-gov-west-1"]) { $1 }),
        Case(variables: keys.merging(["AWS_DEFAULT_REGION": "us-gov-west-1-fips"]) { $1 }),
        Case(variables: keys.merging(["AWS_REGION": "fips-us-east-1", "AWS_USE_DUALSTACK_ENDPOINT": "true"]) { $1 }),
        Case(variables: keys.merging(["AWS_REGION": "cn-north-1"]) { $1 }),
        Case(variables: keys, config: "[default]\nregion = eu-west-1\ns3 =\n  use_dualstack_endpoint = true\n"),
        Case(
            variables: keys.merging(["AWS_USE_DUALSTACK_ENDPOINT": "true"]) { $1 },
            config: "[default]\nregion = eu-west-1\ns3 =\n  use_dualstack_endpoint = false\n"),
        Case(variables: keys, config: "[default]\nregion = eu-west-1\ns3 =\n  use_accelerate_endpoint = true\n"),
        Case(
            variables: keys, config: "[default]\nregion = eu-west-1\ns3 =\n  use_accelerate_endpoint = true\n"
                + "  use_dualstack_endpoint = true\n  addressing_style = path\n"),
        Case(variables: ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "MOTO", "AWS_EC2_METADATA_DISABLED": "false"]),
        Case(
            variables: ["AWS_EC2_METADATA_SERVICE_ENDPOINT": "MOTO", "AWS_EC2_METADATA_DISABLED": "false"],
            config: "[default]\nregion = eu-west-1\n"),
    ]

    @Test func `Credentials, region and endpoints are those of botocore`() async throws {
        var random = SeededGenerator(seed: 29)
        let moto = try await S3TestServer.moto.value.place.endpoint
        let cases = Self.listed + (0..<80).map { _ in Self.random(&random) }
        let fixtures = try cases.map { one in
            // Other tests keep moto busy.
            var variables = [
                "PATH": "/usr/bin:/bin", "AWS_EC2_METADATA_DISABLED": "true", "AWS_METADATA_SERVICE_TIMEOUT": "60",
            ].merging(one.variables) { $1 }
            for (name, value) in variables where value == "MOTO" { variables[name] = moto }
            let elsewhere = ["c": "[default]\nregion = sa-east-1\n", "d": Self.file]
            return try AWSFixture(variables, config: one.config, credentials: one.credentials, files: elsewhere) { _, _ in
                (403, [:], "")
            }
        }
        let input = zip(cases, fixtures).map { one, fixture -> JSON in
            var variables = JSON.Object()
            for (name, value) in fixture.variables { variables[name] = .string(value) }
            return [
                "variables": .object(variables), "home": .string(fixture.home), "profile": one.profile.map(JSON.string) ?? .null,
            ]
        }
        let answers = try python(
            "resolve_with_botocore.py", [packageFile(".build/test-python").path], input: JSON.array(input).serialized()).elements
        #expect(answers.count == cases.count)
        for ((one, fixture), answer) in zip(zip(cases, fixtures), answers) {
            for (part, ours) in await Self.resolve(fixture, profile: one.profile) {
                #expect(Self.plain(ours) == answer[part].map(Self.plain), "\(part) of \(one)")
            }
        }
    }

    /// With one name for what has two: the first region, and all of AWS.
    private static func plain(_ answer: JSON) -> String {
        answer.serialized().replacing("aws-global", with: "us-east-1").replacing("s3.amazonaws", with: "s3.us-east-1.amazonaws")
            .replacing("sts.amazonaws", with: "sts.us-east-1.amazonaws")
    }

    private static func resolve(_ fixture: AWSFixture, profile: String?) async -> [(part: String, ours: JSON)] {
        let configuration: AWSConfiguration
        let client: HTTPClient
        do {
            (configuration, client) = (try fixture.configuration(profile: profile), try makeClient())
        } catch {
            return [("region", "refused"), ("s3", "refused"), ("sts", "refused")]
        }
        let provider = CredentialsProvider(configuration: configuration, sender: client, clock: AWSClock())
        let keys = await attempt {
            do {
                let found = try await provider.credentials()
                let token = found.sessionToken.map(JSON.string) ?? .null
                return [.string(found.accessKeyID), .string(found.secretAccessKey), token]
            } catch let error as AWSError where error.kind == .noCredentials {
                return "none"
            }
        }
        // Without credentials botocore signs nothing, and so sends nothing.
        guard case .array = keys else { return [("keys", keys)] }
        let s3 = await attempt {
            let store = try await S3Store(.s3(bucket: "films", prefix: ""), configuration: configuration, provider: provider)
            return [.string(try store.address(of: "a b").withoutQuery), .string(store.region)]
        }
        let sts = await attempt {
            let client = STSClient(configuration: configuration, sender: fixture, clock: fixture.clock())
            _ = try? await client.getCallerIdentity(AWSCredentials(accessKeyID: "A", secretAccessKey: "hush"))
            guard let sent = fixture.requests.last(where: { $0.request.method == "POST" })?.request else { throw Nothing() }
            let scope = sent.headers["Authorization"]?.split(separator: "/").dropFirst(2).first.map(String.init)
            return [.string(sent.address.withoutQuery), .string(scope ?? "")]
        }
        return [("keys", keys), ("s3", s3), ("sts", sts)]
    }

    private struct Nothing: Error {}

    private static func attempt(_ work: () async throws -> JSON) async -> JSON {
        do { return try await work() } catch { return "refused" }
    }

    /// Settings that go together, or do not.
    private static func random(_ random: inout SeededGenerator) -> Case {
        func maybe(_ pairs: [(String, [String])]) -> [(String, String)] {
            pairs.compactMap { name, values in
                Int.random(in: 0...3, using: &random) == 0
                    ? (name, values.randomElement(using: &random) ?? "") : nil
            }
        }
        let endpoints = ["http://127.0.0.1:9000", "https://storage.example/base", "http://localhost"]
        let flags = ["true", "false", "True", "1"]
        let regions = ["eu-west-1", "us-east-1", "us-gov-west-1", "fips-us-east-2"]
        func section(_ name: String, _ id: String) -> String {
            var lines = maybe([
                ("region", regions), ("endpoint_url", endpoints), ("services", ["v", "nowhere"]), ("aws_session_token", ["t", ""]),
                ("use_fips_endpoint", flags), ("use_dualstack_endpoint", flags), ("ignore_configured_endpoint_urls", flags),
                ("credential_process", [
                    #"echo '{"Version": 1, "AccessKeyId": "P", "SecretAccessKey": "hush", "SessionToken": ""}'"#,
                ]),
            ]).map { "\($0) = \($1)" }
            if Bool.random(using: &random) { lines += ["aws_access_key_id = \(id)", "aws_secret_access_key = hush"] }
            let block = maybe([("addressing_style", ["path", "virtual", "auto"]), ("use_dualstack_endpoint", flags)])
            if !block.isEmpty { lines += ["s3 ="] + block.map { "  \($0) = \($1)" } }
            return ([name] + lines).joined(separator: "\n") + "\n"
        }
        var one = Case()
        one.config = section("[default]", "C") + section("[profile a]", "CA")
            + "[services v]\ns3 =\n  endpoint_url = http://127.0.0.1:9001/v\nsts =\n  endpoint_url = http://127.0.0.1:9002\n"
        if Bool.random(using: &random) { one.credentials = section("[default]", "D") + section("[a]", "DA") }
        one.variables = Dictionary(
            maybe([
                ("AWS_PROFILE", ["a", "default"]), ("AWS_DEFAULT_PROFILE", ["a"]), ("AWS_REGION", regions),
                ("AWS_DEFAULT_REGION", regions), ("AWS_ENDPOINT_URL", endpoints), ("AWS_ENDPOINT_URL_S3", endpoints),
                ("AWS_ENDPOINT_URL_STS", endpoints), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", flags),
                ("AWS_USE_FIPS_ENDPOINT", flags), ("AWS_USE_DUALSTACK_ENDPOINT", flags), ("AWS_SESSION_TOKEN", ["t"]),
                ("AWS_CONFIG_FILE", ["$BASE/.aws/config", "~/c"]), ("AWS_SHARED_CREDENTIALS_FILE", ["${BASE}/d", "~/none"]),
            ]), uniquingKeysWith: { $1 })
        one.variables["BASE"] = "HOME"
        if Bool.random(using: &random) { one.variables.merge(keys) { $1 } }
        if Int.random(in: 0...3, using: &random) == 0 { one.profile = "a" }
        return one
    }
}
