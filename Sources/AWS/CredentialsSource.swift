/// Credentials, until when, and where they are from.
public struct LoadedCredentials: Sendable {
    public let credentials: AWSCredentials
    /// `nil`: they last.
    public let expiration: AWSDate?
    /// For people: "environment", "profile x: role arn:… from profile y".
    public let source: String

    /// - Throws: where they cannot go into a header, and so cannot be real.
    init(_ credentials: AWSCredentials, expiration: AWSDate? = nil, source: String) throws(AWSError) {
        let parts = [
            ("access key id", credentials.accessKeyID), ("secret access key", credentials.secretAccessKey),
            ("session token", credentials.sessionToken ?? "-"),
        ]
        for (name, value) in parts where value.isEmpty || !value.utf8.allSatisfy({ 0x20 < $0 && $0 < 0x7F }) {
            let problem = value.isEmpty ? "is empty" : "has white space or other characters in it that keys do not have"
            throw AWSError(.credentials, "the \(name) of the credentials from \(source) \(problem)")
        }
        self.credentials = credentials
        self.expiration = expiration
        self.source = source
    }

    /// The same under another name.
    func renamed(_ source: String) throws(AWSError) -> LoadedCredentials {
        try LoadedCredentials(credentials, expiration: expiration, source: source)
    }
}

/// What a source knows.
enum CredentialsOutcome: Sendable {
    case found(LoadedCredentials)
    /// Why not, for the error that is shown when no source has any: "AWS_ACCESS_KEY_ID is not set".
    case absent(String)
}

/// What sources work with.
struct CredentialsContext: Sendable {
    let configuration: AWSConfiguration
    let sender: any HTTPSending
    let clock: AWSClock
    /// Waits between attempts.
    let sleep: @Sendable (_ seconds: Double) async throws -> Void
}

/// A place where credentials may come from. One that is set up and fails throws, so that nobody works with other credentials
/// than those that were meant.
protocol CredentialsSource: Sendable {
    func load(_ context: CredentialsContext) async throws -> CredentialsOutcome
}
