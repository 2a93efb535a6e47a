import Digest
import HTTP

/// IAM Identity Center: the token that `aws sso login` left behind, exchanged for a role's credentials.
struct SSOCredentials: CredentialsSource {
    let profile: String
    private static let timeoutSeconds = 20.0

    /// A profile's settings for it, complete.
    private struct Login {
        let role, account, region, startURL: String
        /// `nil`: the legacy form, without a session of its own.
        let session: String?

        /// The token's file is named by this.
        var cacheKey: String { session ?? startURL }
    }

    func load(_ context: CredentialsContext) async throws -> CredentialsOutcome {
        guard let login = try login(context.configuration) else {
            return .absent("the profile \"\(profile)\" has no sso_account_id and sso_role_name")
        }
        let token = try await token(login, context)
        var address = try context.configuration.endpoint(of: "sso")
            ?? Region.address(of: "portal.sso", in: login.region, context.configuration.endpointVariant)
        address.path = (address.path.hasSuffix("/") ? String(address.path.dropLast()) : address.path) + "/federation/credentials"
        address.query = PercentEncoding.query([("role_name", login.role), ("account_id", login.account)])
        var request = HTTPRequest(method: "GET", address: address)
        request.headers["x-amz-sso_bearer_token"] = token.value
        let answer: (status: Int, headers: HTTPHeaders, body: [UInt8])
        do {
            answer = try await context.sender.send(request, body: [], timeoutSeconds: Self.timeoutSeconds)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw AWSError(.credentials, "IAM Identity Center at \(address.host) does not answer: \(error)")
        }
        if answer.status == 401 { throw signIn("IAM Identity Center does not accept it any more") }
        guard answer.status == 200 else {
            throw AWSError(
                .service(code: "", status: answer.status),
                "IAM Identity Center at \(address.host) gives the profile \"\(profile)\" no credentials for the role "
                    + "\(login.role) in the account \(login.account): status \(answer.status)")
        }
        let document = try CredentialsDocument(answer.body, origin: "the answer of IAM Identity Center").member("roleCredentials")
        guard let milliseconds = document.integer("expiration") else {
            throw AWSError(.credentials, "the answer of IAM Identity Center has no expiration")
        }
        let credentials = AWSCredentials(
            accessKeyID: try document.required("accessKeyId"), secretAccessKey: try document.required("secretAccessKey"),
            sessionToken: try document.required("sessionToken"))
        return .found(
            try LoadedCredentials(
                credentials, expiration: AWSDate(secondsSince1970: Int(milliseconds / 1000)),
                source: "profile \(profile): SSO role \(login.role) in account \(login.account)"))
    }

    private func login(_ configuration: AWSConfiguration) throws(AWSError) -> Login? {
        var section = configuration.shared.profiles[profile] ?? [:]
        guard section["sso_account_id"] != nil || section["sso_role_name"] != nil else { return nil }
        let session = section.text("sso_session")
        if let session {
            guard let settings = configuration.shared.ssoSessions[session] else {
                throw AWSError(
                    .configuration,
                    "the profile \"\(profile)\" has the sso_session \"\(session)\", and \(configuration.configPath) has no "
                        + "[sso-session \(session)]")
            }
            for (name, value) in settings {
                guard section[name] == nil || section[name] == value else {
                    throw AWSError(
                        .configuration, "the profile \"\(profile)\" and its sso_session \"\(session)\" differ in \(name)")
                }
                section[name] = value
            }
        }
        func required(_ name: String) throws(AWSError) -> String {
            guard let value = section.text(name), !value.isEmpty else {
                throw AWSError(.configuration, "the profile \"\(profile)\" signs in by SSO and has no \(name)")
            }
            return value
        }
        let region = try Region.check(try required("sso_region"), setting: "sso_region of the profile \"\(profile)\"")
        return Login(
            role: try required("sso_role_name"), account: try required("sso_account_id"), region: region,
            startURL: try required("sso_start_url"), session: session)
    }

    private func token(_ login: Login, _ context: CredentialsContext) async throws -> Secret {
        let name = Hexadecimal.encode(SHA1.digest(of: Array(login.cacheKey.utf8)))
        let path = context.configuration.environment.expandingTilde("~/.aws/sso/cache/\(name).json")
        guard var token = try SSOToken(path: path, profile: profile) else { throw signIn("there is none in ~/.aws/sso/cache") }
        var obstacle: String?
        // The legacy form's tokens are not renewed.
        if login.session != nil, token.isWorthRenewing(at: context.clock.now) {
            (token, obstacle) = try await token.renewed(in: login.region, startURL: login.startURL, context)
        }
        guard token.expiration > context.clock.now else {
            throw signIn("it expired at \(token.expiration)" + (obstacle.map { " and cannot be renewed: \($0)" } ?? ""))
        }
        return token.accessToken
    }

    private func signIn(_ why: String) -> AWSError {
        AWSError(
            .credentials,
            "the profile \"\(profile)\" needs a token of IAM Identity Center, and \(why): "
                + "run 'aws sso login --profile \(profile)'")
    }
}
