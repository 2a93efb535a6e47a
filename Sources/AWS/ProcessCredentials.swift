/// What the program prints that `credential_process` names.
struct ProcessCredentials: CredentialsSource {
    let profile: String

    func load(_ context: CredentialsContext) async throws -> CredentialsOutcome {
        let section = context.configuration.shared.profiles[profile] ?? [:]
        guard let command = section.text("credential_process") else {
            return .absent("the profile \"\(profile)\" has no credential_process")
        }
        let name = "the credential_process of the profile \"\(profile)\""
        guard let words = ShellWords.split(command), !words.isEmpty else {
            throw AWSError(.configuration, "\(name) is not a command: a quote is not closed, or it is empty")
        }
        let (status, output) = try await ChildProcess.run(words, named: name)
        guard status == 0 else {
            throw AWSError(.credentials, "\(name) failed with status \(status); what it has to say stands above")
        }
        let document = try CredentialsDocument(output, origin: "the output of \(name)")
        guard document.integer("Version") == 1 else {
            throw AWSError(.credentials, "the output of \(name) is not of Version 1, the only one there is")
        }
        let expiration = try document.date("Expiration")
        if let expiration, expiration <= context.clock.now {
            throw AWSError(.credentials, "\(name) gives credentials that expired at \(expiration)")
        }
        let credentials = AWSCredentials(
            accessKeyID: try document.required("AccessKeyId"), secretAccessKey: try document.required("SecretAccessKey"),
            sessionToken: try document.optional("SessionToken"))
        return .found(
            try LoadedCredentials(credentials, expiration: expiration, source: "credential_process of profile \(profile)"))
    }
}
