/// A role that a token in a file is good for: what EKS gives its pods, and OpenID Connect.
struct WebIdentityCredentials: CredentialsSource {
    let profile: String
    /// Not for a profile that was chosen in spite of the environment.
    let usesEnvironment: Bool

    func load(_ context: CredentialsContext) async throws -> CredentialsOutcome {
        let settings = Settings(
            environment: usesEnvironment ? context.configuration.environment : AWSEnvironment([:], homeFolder: nil),
            profile: profile, section: context.configuration.shared.profiles[profile] ?? [:])
        guard let (place, path) = settings.find(["AWS_WEB_IDENTITY_TOKEN_FILE"], "web_identity_token_file") else {
            return .absent("neither AWS_WEB_IDENTITY_TOKEN_FILE nor web_identity_token_file of the profile \"\(profile)\" is set")
        }
        guard let role = settings.find(["AWS_ROLE_ARN"], "role_arn")?.value else {
            throw AWSError(
                .configuration,
                "\(place) is set, and there is no role for it: set AWS_ROLE_ARN, or role_arn in the profile \"\(profile)\"")
        }
        let tokenPath = context.configuration.environment.expandingTilde(path)
        // Read each time: the file is replaced before the token in it expires.
        guard let bytes = try AWSError.content(of: tokenPath, maximumBytes: 64 << 10) else {
            throw AWSError(.credentials, "\(place) names \(tokenPath), which does not exist")
        }
        guard let token = String(validating: bytes, as: UTF8.self), !token.isEmpty else {
            throw AWSError(.credentials, "\(tokenPath), which \(place) names, holds no token")
        }
        let session = settings.find(["AWS_ROLE_SESSION_NAME"], "role_session_name")?.value
        let loaded = try await STSClient(context).assumeRole(
            "AssumeRoleWithWebIdentity",
            [
                ("RoleArn", role), ("RoleSessionName", session ?? AssumeRoleCredentials.sessionName(context)),
                ("WebIdentityToken", token),
            ],
            credentials: nil, source: "role \(role) by the token in \(tokenPath)")
        return .found(loaded)
    }
}
