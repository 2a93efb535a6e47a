/// The places where credentials are looked for, in the AWS CLI's order: the first that has any is used.
enum CredentialsChain {
    static func all(_ configuration: AWSConfiguration) -> [any CredentialsSource] {
        let profile = configuration.profileName
        // Whoever names a profile does not mean what happens to be in the environment.
        let environment: [any CredentialsSource] = configuration.isProfileExplicit ? [] : [EnvironmentCredentials()]
        return environment + [AssumeRoleCredentials(profile: profile)]
            + ofProfile(profile, usesEnvironment: !configuration.isProfileExplicit)
            + [ContainerCredentials(), InstanceCredentials()]
    }

    /// Without the role, which is taken with what one of these gives.
    static func ofProfile(_ profile: String, usesEnvironment: Bool) -> [any CredentialsSource] {
        [
            WebIdentityCredentials(profile: profile, usesEnvironment: usesEnvironment), SSOCredentials(profile: profile),
            ProfileKeys(profile: profile, file: .credentials), ProcessCredentials(profile: profile),
            ProfileKeys(profile: profile, file: .config),
        ]
    }

    static func load(_ context: CredentialsContext) async throws -> LoadedCredentials {
        var reasons: [String] = []
        for source in all(context.configuration) {
            switch try await source.load(context) {
            case .found(let loaded): return loaded
            case .absent(let reason): reasons.append(reason)
            }
        }
        throw AWSError(
            .noCredentials,
            "there are no AWS credentials (\(reasons.joined(separator: "; "))): set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                + "or choose a profile with AWS_PROFILE, or run 'aws configure'")
    }
}
