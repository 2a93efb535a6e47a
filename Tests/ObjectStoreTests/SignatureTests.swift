import AWS
import HTTP
import ObjectStore
import TestSupport
import Testing

/// What only a server that verifies signatures can show.
@Suite(.timeLimit(.minutes(2))) struct SignatureTests {
    private var place: S3TestServer.Place { get async throws { try await S3TestServer.ceph.value.place } }

    @Test(arguments: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    func `Wrong keys are said so`(variable: String) async throws {
        let error = try await refusal(.credentials) { try await StoreUnderTest.ceph.s3(place, variables: [variable: "wrong"]) }
        #expect(!error.description.contains("wrong"))
    }

    @Test(arguments: [-1200, 1200])
    func `A clock that is twenty minutes off is corrected`(offset: Int) async throws {
        let clock = AWSClock { AWSDate.now.adding(seconds: offset) }
        let store = try await StoreUnderTest.ceph.s3(place, clock: clock)
        try await store.put([1, 2], to: "a")
        #expect(try await store.read("a") == [1, 2])
        #expect(abs(clock.correctionSeconds + offset) < 10)
    }

    @Test func `A bucket that is not there is said so`() async throws {
        let place = try await place
        let store = try await S3Store(
            .s3(bucket: "burns-nowhere", prefix: ""), configuration: AWSConfiguration(environment: AWSEnvironment([
                "AWS_ENDPOINT_URL": place.endpoint, "AWS_ACCESS_KEY_ID": place.access_key,
                "AWS_SECRET_ACCESS_KEY": place.secret_key,
            ], homeFolder: nil)), network: .direct)
        try await refusal(.noStore) { try await store.read("a") }
        try await refusal(.noStore) { try await store.list().allObjects() }
        try await refusal(.noStore) { try await store.put([1], to: "a") }
    }
}
