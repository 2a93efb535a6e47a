import AWS
import Foundation
import HTTP
import TestSupport
import Testing

/// Sources of credentials that are services, against moto's, over a real client.
@Suite struct MotoTests {
    private static let config = """
        [profile base]
        aws_access_key_id = BASE
        aws_secret_access_key = hush
        [profile one]
        role_arn = arn:aws:iam::123456789012:role/One
        source_profile = base
        role_session_name = me
        region = eu-central-1
        [profile two]
        role_arn = arn:aws:iam::123456789012:role/Two
        source_profile = one
        role_session_name = you
        duration_seconds = 900
        region = eu-central-1
        """

    private func load(
        _ fixture: AWSFixture, profile: String? = nil
    ) async throws -> (loaded: LoadedCredentials, arn: String) {
        let (configuration, client) = (try fixture.configuration(profile: profile), try makeClient())
        let loaded = try await CredentialsProvider(configuration: configuration, sender: client, clock: AWSClock()).load()
        let sts = STSClient(configuration: configuration, sender: client, clock: AWSClock())
        return (loaded, try await sts.getCallerIdentity(loaded.credentials).arn)
    }

    @Test(arguments: [("one", "One/me", 3600), ("two", "Two/you", 900)])
    func `Roles`(profile: String, session: String, seconds: Int) async throws {
        let place = try await S3TestServer.moto.value.place
        let fixture = try AWSFixture(["AWS_ENDPOINT_URL_STS": place.endpoint], config: Self.config)
        let (loaded, arn) = try await load(fixture, profile: profile)
        #expect(loaded.credentials.accessKeyID.hasPrefix("ASIA") && loaded.credentials.sessionToken?.isEmpty == false)
        #expect(arn == "arn:aws:sts::123456789012:assumed-role/\(session)")
        let left = try #require(loaded.expiration).seconds(since: .now)
        #expect(seconds - 60...seconds + 1 ~= left)
    }

    @Test func `A role for a token`() async throws {
        let place = try await S3TestServer.moto.value.place
        let fixture = try AWSFixture(
            ["AWS_ENDPOINT_URL_STS": place.endpoint, "AWS_WEB_IDENTITY_TOKEN_FILE": "HOME/token",
                "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/Web", "AWS_ROLE_SESSION_NAME": "pod"],
            files: ["token": "eyJhbGciOiJub25lIn0.e30.x+/="])
        let (loaded, arn) = try await load(fixture)
        #expect(loaded.source == "role arn:aws:iam::123456789012:role/Web by the token in \(fixture.home)/token")
        #expect(loaded.credentials.accessKeyID.hasPrefix("ASIA") && loaded.expiration != nil)
        #expect(arn == "arn:aws:sts::123456789012:assumed-role/Web/pod")
    }

    @Test func `An instance's role and region`() async throws {
        let place = try await S3TestServer.moto.value.place
        // Other tests keep the server busy.
        let fixture = try AWSFixture(
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT": place.endpoint, "AWS_METADATA_SERVICE_TIMEOUT": "60"])
        let (configuration, client) = (try fixture.configuration(), try makeClient())
        let loaded = try await CredentialsProvider(configuration: configuration, sender: client, clock: AWSClock()).load()
        #expect(loaded.credentials == AWSCredentials(
            accessKeyID: "test-key", secretAccessKey: "test-secret-key", sessionToken: "test-session-token"))
        #expect(loaded.source == "role default-role of this instance")
        #expect(try #require(loaded.expiration).seconds(since: .now) > 80_000)
        let region = try await configuration.resolveRegion(sender: client)
        #expect(region.name == "us-east-1" && !region.isFallback)
    }
}

/// A client that asks no proxy.
func makeClient() throws -> HTTPClient {
    var configuration = HTTPClient.Configuration()
    configuration.usesProxy = false
    return try HTTPClient(configuration)
}
