import Glibc
import HTTP

/// The credentials endpoint that ECS, EKS and others give their containers.
struct ContainerCredentials: CredentialsSource {
    private static let relativeVariable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    private static let fullVariable = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    private static let attempts = 3
    private static let timeoutSeconds = 2.0

    func load(_ context: CredentialsContext) async throws -> CredentialsOutcome {
        let environment = context.configuration.environment
        let address: HTTPAddress
        if let path = environment[Self.relativeVariable] {
            guard path.hasPrefix("/") else { throw AWSError(.configuration, "\(Self.relativeVariable) does not start with /") }
            address = try EndpointAddress.parse("http://169.254.170.2\(path)", setting: Self.relativeVariable)
        } else if let text = environment[Self.fullVariable] {
            address = try EndpointAddress.parse(text, setting: Self.fullVariable)
            guard address.scheme == "https" || Self.isTrusted(address.host) else {
                throw AWSError(
                    .configuration,
                    "\(Self.fullVariable) names the host \(address.host), to which no token is sent without https: "
                        + "use https, a loopback address, or the endpoints of ECS and EKS")
            }
        } else {
            return .absent("\(Self.relativeVariable) and \(Self.fullVariable) are not set")
        }
        var request = HTTPRequest(method: "GET", address: address)
        request.headers["Accept"] = "application/json"
        request.headers["Authorization"] = try Self.token(environment)
        let body = try await Self.send(request, context)
        let document = try CredentialsDocument(body, origin: "the answer of the container's credentials endpoint")
        let credentials = AWSCredentials(
            accessKeyID: try document.required("AccessKeyId"), secretAccessKey: try document.required("SecretAccessKey"),
            sessionToken: try document.optional("Token"))
        return .found(
            try LoadedCredentials(credentials, expiration: try document.date("Expiration"), source: "container endpoint"))
    }

    /// Hosts that plain http may go to: this machine, and the link-local addresses of ECS and EKS.
    static func isTrusted(_ host: String) -> Bool {
        if ["localhost", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"].contains(host) { return true }
        var address = in_addr()
        if inet_pton(AF_INET, host, &address) == 1 { return UInt32(bigEndian: address.s_addr) >> 24 == 127 }
        var long = in6_addr()
        guard host.hasPrefix("["), host.hasSuffix("]"),
            inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &long) == 1
        else { return false }
        return withUnsafeBytes(of: long) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }

    private static func token(_ environment: AWSEnvironment) throws(AWSError) -> String? {
        let variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
        var (place, token) = ("AWS_CONTAINER_AUTHORIZATION_TOKEN", environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"])
        if let path = environment[variable] {
            guard let bytes = try AWSError.content(of: path, maximumBytes: 64 << 10) else {
                throw AWSError(.credentials, "\(variable) names \(path), which does not exist")
            }
            (place, token) = (path, String(decoding: bytes, as: UTF8.self))
        }
        guard token?.utf8.allSatisfy({ 0x20 <= $0 && $0 < 0x7F }) != false else {
            throw AWSError(.credentials, "the token in \(place) has a line break or other characters that no header can carry")
        }
        return token
    }

    private static func send(_ request: HTTPRequest, _ context: CredentialsContext) async throws -> [UInt8] {
        var reason = ""
        for attempt in 1...attempts {
            do {
                let answer = try await context.sender.send(request, body: [], timeoutSeconds: timeoutSeconds)
                if answer.status == 200 { return answer.body }
                reason = "answers with status \(answer.status)"
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // Not the address: its path alone may let somebody in.
                reason = "does not answer (\((error as? HTTPError)?.cause ?? "\(error)"))"
            }
            if attempt < attempts { try await context.sleep(1) }
        }
        throw AWSError(.credentials, "the container's credentials endpoint at \(request.address.host) \(reason)")
    }
}
