/// What went wrong with AWS: one sentence, which holds no secret.
public struct AWSError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// A setting, a file or a variable is wrong.
        case configuration
        /// No source has any credentials.
        case noCredentials
        /// A source is set up and does not give credentials.
        case credentials
        /// A service refused. The code is the service's own ("AccessDenied"), empty where it gave none.
        case service(code: String, status: Int)
    }

    public let kind: Kind
    public let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
