import Digest
import HTTP
import XML

/// The Security Token Service: who one is, and roles one takes.
public struct STSClient: Sendable {
    /// Who a request is from.
    public struct CallerIdentity: Hashable, Sendable {
        /// "arn:aws:iam::123456789012:user/anna"
        public let arn: String
        /// Twelve digits.
        public let account: String
        public let userID: String
    }

    private let context: CredentialsContext
    private let timeoutSeconds: Double

    /// - Parameter timeoutSeconds: of one attempt.
    public init(configuration: AWSConfiguration, sender: any HTTPSending, clock: AWSClock, timeoutSeconds: Double = 20) {
        self.init(
            CredentialsContext(configuration: configuration, sender: sender, clock: clock, sleep: CredentialsProvider.sleep),
            timeoutSeconds: timeoutSeconds)
    }

    init(_ context: CredentialsContext, timeoutSeconds: Double = 20) {
        (self.context, self.timeoutSeconds) = (context, timeoutSeconds)
    }

    public func getCallerIdentity(_ credentials: AWSCredentials) async throws -> CallerIdentity {
        let result = try await call("GetCallerIdentity", [], credentials: credentials)
        return CallerIdentity(
            arn: try STSClient.text("Arn", in: result), account: try STSClient.text("Account", in: result),
            userID: try STSClient.text("UserId", in: result))
    }

    /// - Parameter credentials: `nil` for what a token proves.
    func assumeRole(
        _ action: String, _ parameters: [(name: String, value: String)], credentials: AWSCredentials?, source: String
    ) async throws -> LoadedCredentials {
        let result = try await call(action, parameters, credentials: credentials)
        guard let part = result["Credentials"] else {
            throw AWSError(.credentials, "the answer of STS to \(action) has no Credentials")
        }
        guard let expiration = AWSDate(iso8601: try STSClient.text("Expiration", in: part)) else {
            throw AWSError(.credentials, "the answer of STS to \(action) has no valid date as Expiration")
        }
        let credentials = AWSCredentials(
            accessKeyID: try STSClient.text("AccessKeyId", in: part),
            secretAccessKey: try STSClient.text("SecretAccessKey", in: part),
            sessionToken: try STSClient.text("SessionToken", in: part))
        return try LoadedCredentials(credentials, expiration: expiration, source: source)
    }

    /// Throttling, passing faults and a clock that was wrong get another attempt; what STS refuses is thrown at once.
    private func call(
        _ action: String, _ parameters: [(name: String, value: String)], credentials: AWSCredentials?
    ) async throws -> XMLElement {
        let (address, region) = try await place()
        let attempts = context.configuration.maximumAttempts ?? 3
        var request = HTTPRequest(method: "POST", address: address)
        request.headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        let body = Array(PercentEncoding.query([("Action", action), ("Version", "2011-06-15")] + parameters).utf8)
        var attempt = 1
        while true {
            let date = context.clock.now
            let signed = credentials.map {
                RequestSigner(credentials: $0, scope: SigningScope(region: region, service: "sts"), date: date)
                    .sign(request, payload: .sha256(SHA256.hexadecimal(of: body)))
            }
            let failure: AWSError
            do {
                let answer = try await context.sender.send(signed ?? request, body: body, timeoutSeconds: timeoutSeconds)
                if answer.status == 200 { return try STSClient.result(of: action, answer.body) }
                let error = STSClient.error(action, address, answer.status, answer.body)
                guard case .service(let code, let status) = error.kind else { throw error }
                let isPassing = status >= 500 || status == 429
                    || ["Throttling", "ThrottlingException", "RequestThrottled", "IDPCommunicationError"].contains(code)
                guard context.clock.correct(code: code, headers: answer.headers, signedAt: date) || isPassing else { throw error }
                failure = error
            } catch let error as AWSError {
                throw error
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                failure = AWSError(.credentials, "STS at \(address.host) does not answer to \(action): \(error)")
            }
            guard attempt < attempts else { throw failure }
            try await context.sleep(Double.random(in: 0...1) * min(20, Double(1 << min(30, attempt - 1))))
            attempt += 1
        }
    }

    /// Where requests go, and the region that they are signed for.
    private func place() async throws -> (address: HTTPAddress, region: String) {
        let configuration = context.configuration
        if let address = try configuration.endpoint(of: "sts") { return (address, configuration.region ?? "us-east-1") }
        let (region, variant) = (try await configuration.resolveRegion(sender: context.sender), configuration.endpointVariant)
        // Without a region, the one address that serves all of them.
        let address = region.isFallback && variant == Region.Variant()
            ? HTTPAddress(scheme: "https", host: "sts.amazonaws.com") : Region.address(of: "sts", in: region.name, variant)
        return (address, region.name)
    }

    private static func result(of action: String, _ body: [UInt8]) throws(AWSError) -> XMLElement {
        do {
            let root = try XMLElement(parsing: body, maximumBytes: 1 << 20)
            if let result = root["\(action)Result"] { return result }
        } catch {
            throw AWSError(.credentials, "the answer of STS to \(action) cannot be read: \(error)")
        }
        throw AWSError(.credentials, "the answer of STS to \(action) has no \(action)Result")
    }

    /// What STS says of a refusal; of anything else that answers with an error, the status.
    private static func error(_ action: String, _ address: HTTPAddress, _ status: Int, _ body: [UInt8]) -> AWSError {
        let part = (try? XMLElement(parsing: body, maximumBytes: 1 << 20))?["Error"]
        let code = part?["Code"]?.text ?? ""
        let message = part?["Message"]?.text ?? ""
        let words = code.isEmpty ? "status \(status)" : message.isEmpty ? code : "\(code): \(message)"
        return AWSError(.service(code: code, status: status), "STS at \(address.host) refuses \(action): \(words)")
    }

    private static func text(_ name: String, in element: XMLElement) throws(AWSError) -> String {
        guard let text = element[name]?.text, !text.isEmpty else {
            throw AWSError(.credentials, "the answer of STS has no \(name)")
        }
        return text
    }
}
