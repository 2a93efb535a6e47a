import HTTP

/// What the environment and the shared files say, as the AWS CLI understands them.
///
/// Of two places that set a thing, the environment goes before the profile.
public struct AWSConfiguration: Sendable {
    public enum AddressingStyle: String, Sendable, CaseIterable {
        case auto, virtual, path
    }

    /// When bodies go with checksums of their own.
    public enum ChecksumPolicy: String, Sendable, CaseIterable {
        case whenSupported = "when_supported"
        /// Servers other than AWS may not know them.
        case whenRequired = "when_required"
    }

    /// How often the AWS CLI tries where no number of attempts is set.
    private enum RetryMode: String, CaseIterable {
        case legacy, standard, adaptive

        var attempts: Int { self == .legacy ? 5 : 3 }
    }

    public let environment: AWSEnvironment
    /// "default" where none is chosen.
    public let profileName: String
    /// The profile was chosen by the caller: credentials in the environment are not meant then.
    public let isProfileExplicit: Bool
    /// `nil`: nothing says. See ``resolveRegion(sender:)``. Names that mean another region are replaced by its own.
    public let region: String?
    public let addressingStyle: AddressingStyle
    /// Where no endpoint is set; S3 has its own.
    public let endpointVariant: Region.Variant
    public let s3EndpointVariant: Region.Variant
    /// A file with certificates to trust in place of the system's.
    public let certificateBundle: String?
    /// `nil`: nothing says.
    public let requestChecksums: ChecksumPolicy?
    /// `nil`: nothing says.
    public let responseChecksums: ChecksumPolicy?
    /// Of one request, the first included: as set, or as many as the retry mode that is set has by itself. `nil`: nothing says.
    public let maximumAttempts: Int?
    /// Of S3, as the caller chose it.
    private let s3Endpoint: HTTPAddress?
    /// Shared by copies.
    private let machineRegion = MachineRegion()
    package let shared: SharedConfig
    /// Paths of the files, for messages.
    package let configPath: String
    package let credentialsPath: String

    /// Reads the files.
    /// - Parameters: what the caller chooses goes before everything else.
    public init(
        environment: AWSEnvironment, profile: String? = nil, region: String? = nil, s3Endpoint: String? = nil
    ) throws(AWSError) {
        let configPath = environment.expanding(environment["AWS_CONFIG_FILE"] ?? "~/.aws/config")
        let credentialsPath = environment.expanding(environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "~/.aws/credentials")
        let shared = SharedConfig(
            config: try AWSConfiguration.file(configPath), credentials: try AWSConfiguration.file(credentialsPath))
        let chosen = profile.map { (name: "--profile", value: $0) }
            ?? environment.first(["AWS_DEFAULT_PROFILE", "AWS_PROFILE"])
        if let chosen, shared.profiles[chosen.value] == nil {
            let known = shared.profiles.keys.sorted().prefix(10).joined(separator: ", ")
            throw AWSError(
                .configuration,
                "there is no profile \"\(chosen.value)\", which \(chosen.name) names, in \(configPath) or \(credentialsPath)"
                    + (known.isEmpty ? "" : "; there are: \(known)"))
        }
        let name = chosen?.value ?? "default"
        let section = shared.profiles[name] ?? [:]
        let settings = Settings(environment: environment, profile: name, section: section)

        self.s3Endpoint = if let s3Endpoint { try EndpointAddress.parse(s3Endpoint, setting: "--endpoint-url") } else { nil }
        self.environment = environment
        self.shared = shared
        self.configPath = configPath
        self.credentialsPath = credentialsPath
        profileName = name
        isProfileExplicit = profile != nil
        let found = region.map { (place: "--region", value: $0) }
            ?? settings.find(["AWS_REGION", "AWS_DEFAULT_REGION"], "region")
        let named = if let found { try Region.check(found.value, setting: found.place) } else { String?.none }
        let pseudonym = named.map(Region.resolved)
        self.region = pseudonym?.region
        addressingStyle = try settings.choice([], "addressing_style", in: "s3") ?? .auto
        let isFIPS = settings.flag(["AWS_USE_FIPS_ENDPOINT"], "use_fips_endpoint") || pseudonym?.isFIPS ?? false
        let isDualStack = settings.flag(["AWS_USE_DUALSTACK_ENDPOINT"], "use_dualstack_endpoint")
        endpointVariant = Region.Variant(isFIPS: isFIPS, isDualStack: isDualStack)
        let isAccelerated = settings.flag("use_accelerate_endpoint", in: "s3")
        guard !isFIPS || !isAccelerated else {
            throw AWSError(
                .configuration,
                "the profile \"\(name)\" has s3 use_accelerate_endpoint, and there is no such endpoint of FIPS: one must go")
        }
        s3EndpointVariant = Region.Variant(
            isFIPS: isFIPS, isDualStack: isDualStack || settings.flag("use_dualstack_endpoint", in: "s3"),
            isAccelerated: isAccelerated)
        certificateBundle = settings.find(["AWS_CA_BUNDLE"], "ca_bundle").map { environment.expandingTilde($0.value) }
        requestChecksums = try settings.choice(["AWS_REQUEST_CHECKSUM_CALCULATION"], "request_checksum_calculation")
        responseChecksums = try settings.choice(["AWS_RESPONSE_CHECKSUM_VALIDATION"], "response_checksum_validation")
        let retryMode: RetryMode? = try settings.choice(["AWS_RETRY_MODE"], "retry_mode")
        maximumAttempts = try settings.number(["AWS_MAX_ATTEMPTS"], "max_attempts", in: 1...1000) ?? retryMode?.attempts
    }

    /// The chosen profile's settings.
    var profile: SharedFile.Section { shared.profiles[profileName] ?? [:] }

    var settings: Settings { Settings(environment: environment, profile: profileName, section: profile) }

    /// Where a service is, if somebody says so; otherwise see ``Region/address(of:in:)``.
    /// - Parameter service: "s3", "sts", "sso_oidc" …
    public func endpoint(of service: String) throws(AWSError) -> HTTPAddress? {
        if service == "s3", let s3Endpoint { return s3Endpoint }
        if settings.flag(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], "ignore_configured_endpoint_urls") { return nil }
        if let (name, value) = environment.first(["AWS_ENDPOINT_URL_\(service.uppercased())", "AWS_ENDPOINT_URL"]) {
            return try EndpointAddress.parse(value, setting: name)
        }
        if let name = profile.text("services") {
            guard let services = shared.services[name] else {
                throw AWSError(
                    .configuration,
                    "the profile \"\(profileName)\" names the services \"\(name)\", and \(configPath) has no [services \(name)]")
            }
            if let value = services.text("endpoint_url", in: service), !value.isEmpty {
                return try EndpointAddress.parse(value, setting: "endpoint_url of \(service) in [services \(name)]")
            }
        }
        guard let value = profile.text("endpoint_url"), !value.isEmpty else { return nil }
        return try EndpointAddress.parse(value, setting: "endpoint_url of the profile \"\(profileName)\"")
    }

    /// A region, and whether anybody has named it.
    public struct ResolvedRegion: Hashable, Sendable {
        public let name: String
        /// Nobody has: it is the one that the AWS CLI takes then.
        public let isFallback: Bool
    }

    /// ``region``, or else what the instance metadata of the machine says, which is asked for once, or else "us-east-1": for AWS
    /// itself.
    public func resolveRegion(sender: any HTTPSending) async throws -> ResolvedRegion {
        if let region {
            guard region == region.lowercased() else {
                throw AWSError(.configuration, "\"\(region)\" is not the name of a region of AWS, such as eu-central-1")
            }
            return ResolvedRegion(name: region, isFallback: false)
        }
        let found = try await machineRegion.find(self, sender: sender)
        return ResolvedRegion(name: found ?? "us-east-1", isFallback: found == nil)
    }

    private static func file(_ path: String) throws(AWSError) -> SharedFile {
        guard let bytes = try AWSError.content(of: path) else { return SharedFile() }
        return try SharedFile(parsing: bytes, path: path)
    }
}
