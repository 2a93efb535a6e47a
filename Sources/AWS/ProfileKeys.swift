/// `aws_access_key_id` and its siblings in a profile of one of the shared files.
struct ProfileKeys: CredentialsSource {
    let profile: String
    let file: File

    enum File {
        case credentials, config
    }

    func load(_ context: CredentialsContext) throws -> CredentialsOutcome {
        let configuration = context.configuration
        let path = file == .credentials ? configuration.credentialsPath : configuration.configPath
        let sections = file == .credentials ? configuration.shared.credentialsFile : configuration.shared.configFile
        guard let section = sections[profile] else { return .absent("\(path) has no profile \"\(profile)\"") }
        guard let id = section.text("aws_access_key_id") else {
            return .absent("the profile \"\(profile)\" in \(path) has no aws_access_key_id")
        }
        guard let secret = section.text("aws_secret_access_key") else {
            throw AWSError(
                .credentials, "the profile \"\(profile)\" in \(path) has an aws_access_key_id and no aws_secret_access_key")
        }
        let token = section.text("aws_security_token") ?? section.text("aws_session_token")
        let credentials = AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: token)
        return .found(try LoadedCredentials(credentials, source: "profile \(profile) in \(path)"))
    }
}
