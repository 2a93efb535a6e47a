import HTTP

/// The metadata service of EC2 instances, version 2: a session token first, then what one asks for.
struct InstanceMetadata {
    /// There is none, it is switched off, or it does not know.
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private let address: HTTPAddress
    private let timeoutSeconds: Double
    private let attempts: Int

    /// - Throws: ``Unavailable`` where it is switched off, `AWSError` where its settings are wrong.
    init(_ configuration: AWSConfiguration) throws {
        let settings = configuration.settings
        if configuration.environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true" {
            throw Unavailable("the instance metadata service is switched off by AWS_EC2_METADATA_DISABLED")
        }
        let mode = settings.find(["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"], "ec2_metadata_service_endpoint_mode")?.value
        if let (place, value) = settings.find(["AWS_EC2_METADATA_SERVICE_ENDPOINT"], "ec2_metadata_service_endpoint") {
            address = try EndpointAddress.parse(value, setting: place)
        } else {
            address = HTTPAddress(scheme: "http", host: mode?.lowercased() == "ipv6" ? "[fd00:ec2::254]" : "169.254.169.254")
        }
        timeoutSeconds =
            Double(try settings.number(["AWS_METADATA_SERVICE_TIMEOUT"], "metadata_service_timeout", in: 1...60) ?? 1)
        attempts = try settings.number(["AWS_METADATA_SERVICE_NUM_ATTEMPTS"], "metadata_service_num_attempts", in: 1...100) ?? 1
    }

    /// What stands at a path ("latest/meta-data/placement/region"), not empty.
    func get(_ path: String, sender: any HTTPSending) async throws -> [UInt8] {
        var request = request("PUT", "latest/api/token")
        request.headers["X-aws-ec2-metadata-token-ttl-seconds"] = "21600"
        let token = String(decoding: try await send(request, sender: sender), as: UTF8.self)
        guard token.utf8.allSatisfy({ 0x20 < $0 && $0 < 0x7F }) else {
            throw Unavailable("the instance metadata service gave a token that cannot be sent back")
        }
        request = self.request("GET", path)
        request.headers["X-aws-ec2-metadata-token"] = token
        return try await send(request, sender: sender)
    }

    private func request(_ method: String, _ path: String) -> HTTPRequest {
        var address = address
        address.path += (address.path.hasSuffix("/") ? "" : "/") + path
        return HTTPRequest(method: method, address: address)
    }

    private func send(_ request: HTTPRequest, sender: any HTTPSending) async throws -> [UInt8] {
        var reason = ""
        for _ in 0..<attempts {
            do {
                let (status, _, body) = try await sender.send(request, body: [], timeoutSeconds: timeoutSeconds)
                if status == 200, !body.isEmpty { return body }
                if status == 404 { throw Unavailable("the instance metadata service does not have \(request.address.path)") }
                reason = status == 200 ? "answers with nothing" : "answers with status \(status)"
            } catch let error as Unavailable {
                throw error
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                reason = "does not answer (\(error))"
            }
        }
        throw Unavailable("the instance metadata service at \(address.host) \(reason)")
    }
}
