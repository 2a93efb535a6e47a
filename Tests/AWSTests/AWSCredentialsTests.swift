import AWS
import Testing

@Suite struct AWSCredentialsTests {
    @Test func `A session token is optional`() {
        #expect(AWSCredentials(accessKeyID: "a", secretAccessKey: "b").sessionToken == nil)
    }
}
