/// The role of the EC2 instance that this runs on.
struct InstanceCredentials: CredentialsSource {
    func load(_ context: CredentialsContext) async throws -> CredentialsOutcome {
        do {
            let metadata = try InstanceMetadata(context.configuration)
            let folder = "latest/meta-data/iam/security-credentials/"
            let roles = String(decoding: try await metadata.get(folder, sender: context.sender), as: UTF8.self)
            // There is one; lines after it would be others that nobody chose.
            let role = roles.split(whereSeparator: \.isNewline).first.map { String($0) } ?? ""
            let body = try await metadata.get(folder + PercentEncoding.encode(role), sender: context.sender)
            let document = try CredentialsDocument(body, origin: "the answer of the instance metadata service")
            if let code = try document.optional("Code"), code != "Success" {
                return .absent("the instance metadata service has no credentials for the role \(role)")
            }
            let credentials = AWSCredentials(
                accessKeyID: try document.required("AccessKeyId"), secretAccessKey: try document.required("SecretAccessKey"),
                sessionToken: try document.required("Token"))
            guard let expiration = try document.date("Expiration") else {
                throw AWSError(.credentials, "the answer of the instance metadata service has no Expiration")
            }
            return .found(try LoadedCredentials(credentials, expiration: expiration, source: "role \(role) of this instance"))
        } catch let error as InstanceMetadata.Unavailable {
            return .absent(error.description)
        }
    }
}
