import Files
import Glibc
import HTTP
import JSON

/// What `aws sso login` left behind in a file, and how it is renewed.
/// - Source: botocore's `tokens.SSOTokenProvider`.
struct SSOToken {
    let accessToken: Secret
    let expiration: AWSDate
    /// What renews it; `nil` where the file does not have all of it.
    private let registration: Registration?
    private let path: String

    private struct Registration {
        let clientID: String
        let clientSecret: Secret
        let refreshToken: Secret
        let expirationText: String
        let expiration: AWSDate
    }

    /// It is renewed when it ends sooner.
    private static let marginSeconds = 900
    private static let timeoutSeconds = 20.0

    /// - Returns: `nil` where there is no such file.
    init?(path: String, profile: String) throws(AWSError) {
        guard let bytes = try AWSError.content(of: path, maximumBytes: 1 << 20) else { return nil }
        let origin = "\(path), the token of the profile \"\(profile)\","
        let document = try CredentialsDocument(bytes, origin: origin)
        let token = try document.required("accessToken")
        guard let expiration = try document.date("expiresAt") else { throw AWSError(.credentials, "\(origin) has no expiresAt") }
        guard token.utf8.allSatisfy({ 0x20 < $0 && $0 < 0x7F }) else {
            throw AWSError(.credentials, "\(origin) has characters that no header can carry")
        }
        (accessToken, self.expiration, self.path) = (Secret(token), expiration, path)
        if let clientID = try document.optional("clientId"), let secret = try document.optional("clientSecret"),
            let refresh = try document.optional("refreshToken"), let text = try document.optional("registrationExpiresAt"),
            let end = try document.date("registrationExpiresAt")
        {
            registration = Registration(
                clientID: clientID, clientSecret: Secret(secret), refreshToken: Secret(refresh), expirationText: text,
                expiration: end)
        } else {
            registration = nil
        }
    }

    private init(_ old: SSOToken, _ token: String, expiration: AWSDate) {
        (accessToken, self.expiration, registration, path) = (Secret(token), expiration, old.registration, old.path)
    }

    func isWorthRenewing(at now: AWSDate) -> Bool {
        expiration < now.adding(seconds: SSOToken.marginSeconds) && registration != nil
    }

    /// Asks for another one and keeps it in the file, for the next process and for the AWS CLI.
    ///
    /// - Returns: the old one where that does not work, and why.
    func renewed(
        in region: String, startURL: String, _ context: CredentialsContext
    ) async throws -> (token: SSOToken, obstacle: String?) {
        guard let registration else { return (self, nil) }
        guard registration.expiration > context.clock.now else {
            return (self, "the registration of this machine expired at \(registration.expiration)")
        }
        // Before the old one is used up.
        let file: StagedFile
        do {
            file = try StagedFile(for: path, mode: 0o600)
        } catch {
            return (self, error.description)
        }
        let answer: (status: Int, headers: HTTPHeaders, body: [UInt8])
        do {
            answer = try await context.sender.send(
                try request(registration, region, context), body: SSOToken.body(registration),
                timeoutSeconds: SSOToken.timeoutSeconds)
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as AWSError {
            throw error
        } catch {
            return (self, "IAM Identity Center does not answer: \(error)")
        }
        guard answer.status == 200 else { return (self, "IAM Identity Center answers with status \(answer.status)") }
        let document = try CredentialsDocument(answer.body, origin: "the answer of IAM Identity Center with a new token")
        let token = try document.required("accessToken")
        guard let seconds = document.integer("expiresIn"), 0..<1 << 32 ~= seconds,
            token.utf8.allSatisfy({ 0x20 < $0 && $0 < 0x7F })
        else { throw AWSError(.credentials, "the answer of IAM Identity Center has no token that can be used") }
        let new = SSOToken(self, token, expiration: context.clock.now.adding(seconds: Int(seconds)))
        var kept = JSON.Object()
        for (name, value) in [
            ("startUrl", startURL), ("region", region), ("accessToken", token), ("expiresAt", new.expiration.description),
            ("clientId", registration.clientID), ("clientSecret", registration.clientSecret.value),
            ("registrationExpiresAt", registration.expirationText), ("refreshToken", try document.optional("refreshToken")),
        ] { kept[name] = value.map(JSON.string) }
        let bytes = JSON.object(kept).serializedBytes()
        guard write(file.descriptor, bytes, bytes.count) == bytes.count else {
            throw AWSError(.credentials, "\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        do { try file.commit() } catch { throw AWSError(.credentials, error.description) }
        return (new, nil)
    }

    private func request(
        _ registration: Registration, _ region: String, _ context: CredentialsContext
    ) throws(AWSError) -> HTTPRequest {
        var address = try context.configuration.endpoint(of: "sso_oidc") ?? Region.address(of: "oidc", in: region)
        address.path = (address.path.hasSuffix("/") ? String(address.path.dropLast()) : address.path) + "/token"
        var request = HTTPRequest(method: "POST", address: address)
        request.headers["Content-Type"] = "application/json"
        return request
    }

    private static func body(_ registration: Registration) -> [UInt8] {
        let body: JSON = [
            "grantType": "refresh_token", "clientId": .string(registration.clientID),
            "clientSecret": .string(registration.clientSecret.value), "refreshToken": .string(registration.refreshToken.value),
        ]
        return body.serializedBytes()
    }
}
