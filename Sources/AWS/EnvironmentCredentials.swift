/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialsSource {
    func load(_ context: CredentialsContext) throws -> CredentialsOutcome {
        let environment = context.configuration.environment
        guard let id = environment["AWS_ACCESS_KEY_ID"] else { return .absent("AWS_ACCESS_KEY_ID is not set") }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw AWSError(.credentials, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not: set both, or neither")
        }
        let token = environment.first(["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"])?.value
        var expiration: AWSDate?
        if let text = environment["AWS_CREDENTIAL_EXPIRATION"] {
            expiration = AWSDate(iso8601: text)
            guard let expiration else { throw AWSError(.credentials, "AWS_CREDENTIAL_EXPIRATION is not a date in ISO 8601") }
            guard expiration > context.clock.now else {
                throw AWSError(
                    .credentials, "the credentials in the environment expired at \(expiration): set newer ones, or unset them")
            }
        }
        let credentials = AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token)
        return .found(try LoadedCredentials(credentials, expiration: expiration, source: "environment"))
    }
}
