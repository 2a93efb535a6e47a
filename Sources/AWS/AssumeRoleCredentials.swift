/// The role that a profile names, taken with the credentials of another profile or of the machine.
struct AssumeRoleCredentials: CredentialsSource {
    let profile: String
    /// Profiles that led here, this one not included.
    var visited: [String] = []

    func load(_ context: CredentialsContext) async throws -> CredentialsOutcome {
        let profiles = context.configuration.shared.profiles
        let section = profiles[profile] ?? [:]
        guard let role = section.text("role_arn") else { return .absent("the profile \"\(profile)\" has no role_arn") }
        // A role for a token is another source's.
        guard section["web_identity_token_file"] == nil else {
            return .absent("the profile \"\(profile)\" has its role_arn for a web_identity_token_file")
        }
        if section["mfa_serial"] != nil {
            throw AWSError(
                .credentials,
                "the profile \"\(profile)\" asks for a code of an MFA device (mfa_serial), for which Burns cannot ask: "
                    + "get temporary credentials with the AWS CLI (aws configure export-credentials --profile \(profile) "
                    + "--format env) and set them in the environment")
        }
        let duration = try Settings(environment: AWSEnvironment([:], homeFolder: nil), profile: profile, section: section)
            .number([], "duration_seconds", in: 900...43200)
        let source = try await sourceCredentials(section, context)
        var parameters = [
            (name: "RoleArn", value: role),
            (name: "RoleSessionName", value: section.text("role_session_name") ?? AssumeRoleCredentials.sessionName(context)),
        ]
        if let id = section.text("external_id") { parameters.append((name: "ExternalId", value: id)) }
        if let duration { parameters.append((name: "DurationSeconds", value: String(duration))) }
        do {
            let loaded = try await STSClient(context).assumeRole(
                "AssumeRole", parameters, credentials: source.credentials,
                source: "profile \(profile): role \(role) from \(source.source)")
            return .found(loaded)
        } catch let error as AWSError {
            throw AWSError(error.kind, "the profile \"\(profile)\" cannot take the role \(role): \(error)")
        }
    }

    /// "burns-1700000000": a name for the logs of the account.
    static func sessionName(_ context: CredentialsContext) -> String { "burns-\(context.clock.now.secondsSince1970)" }

    private func sourceCredentials(
        _ section: SharedFile.Section, _ context: CredentialsContext
    ) async throws -> LoadedCredentials {
        switch (section.text("source_profile"), section.text("credential_source")) {
        case (_?, _?):
            throw AWSError(
                .configuration, "the profile \"\(profile)\" has both source_profile and credential_source: one must go")
        case (nil, nil):
            throw AWSError(
                .configuration, "the profile \"\(profile)\" has a role_arn and neither source_profile nor credential_source")
        case (nil, let name?): return try await machineCredentials(name, context)
        case (let name?, nil): return try await profileCredentials(name, context)
        }
    }

    private func machineCredentials(_ name: String, _ context: CredentialsContext) async throws -> LoadedCredentials {
        let source: any CredentialsSource
        switch name {
        case "Environment": source = EnvironmentCredentials()
        case "EcsContainer": source = ContainerCredentials()
        case "Ec2InstanceMetadata": source = InstanceCredentials()
        default:
            throw AWSError(
                .configuration,
                "the profile \"\(profile)\" has the credential_source \"\(name)\", which is none of Environment, EcsContainer, "
                    + "Ec2InstanceMetadata")
        }
        switch try await source.load(context) {
        case .found(let loaded): return loaded
        case .absent(let reason):
            throw AWSError(
                .credentials, "the profile \"\(profile)\" has the credential_source \(name), which has no credentials: \(reason)")
        }
    }

    private func profileCredentials(_ name: String, _ context: CredentialsContext) async throws -> LoadedCredentials {
        guard let section = context.configuration.shared.profiles[name] else {
            throw AWSError(
                .configuration, "the profile \"\(profile)\" has the source_profile \"\(name)\", which does not exist")
        }
        let hasKeys = section["aws_access_key_id"] != nil || section["aws_secret_access_key"] != nil
        let path = visited + [profile]
        // A profile may take its role with keys of its own; that is not a circle.
        guard !path.contains(name) || name == profile && hasKeys else {
            throw AWSError(.configuration, "source_profile leads in a circle: \((path + [name]).joined(separator: " → "))")
        }
        let isRole = section["role_arn"] != nil && section["web_identity_token_file"] == nil
        if isRole && !hasKeys {
            let role = AssumeRoleCredentials(profile: name, visited: path)
            if case .found(let loaded) = try await role.load(context) { return loaded }
        }
        for source in CredentialsChain.ofProfile(name, usesEnvironment: false) {
            if case .found(let loaded) = try await source.load(context) { return try loaded.renamed("profile \(name)") }
        }
        throw AWSError(
            .credentials, "the profile \"\(profile)\" has the source_profile \"\(name)\", which has no credentials")
    }
}
