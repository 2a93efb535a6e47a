import AWS
import HTTP

/// A bucket, or what is below a prefix in it: at AWS, or at a server that speaks S3.
///
/// - Addresses have the bucket in the host's name at AWS, and in the path where the endpoint is one's own or the bucket's name
///   has dots, unless the profile's `addressing_style` says otherwise. The bucket's region is found out and remembered.
/// - Metadata beyond ASCII go as RFC 2047 says, and come back as the text that they were.
/// - Content goes up with a CRC-32C to AWS, to others with an MD5, which the ETag then has to be, or over plain HTTP with a
///   signed SHA-256. It comes down compared with the checksum that the server states, or else with the ETag, if
///   that is its MD5 or that of its parts (`AWS_REQUEST_CHECKSUM_CALCULATION`, `AWS_RESPONSE_CHECKSUM_VALIDATION`).
/// - Conditions of writes hold also at servers that cannot compare, but for the moment between a look and the write.
/// - What may get better is tried again; a conditional write whose answer got lost may therefore find its own object there.
public struct S3Store: ObjectStore {
    /// What S3 allows, and from where on work is divided.
    public struct Limits: Hashable, Sendable {
        /// The longest object that is copied in one request.
        public var singleCopyBytes: Int64 = 5 << 30
        /// The parts of longer ones.
        public var copyPartBytes: Int64 = 512 << 20
        /// So long a server may say nothing while it copies an object or puts one together.
        public var silence = Duration.seconds(120)
        /// A server that has done nothing for so long, whatever it was asked to, is asked only once for each thing.
        public var patience = Duration.seconds(300)

        public init() {}
    }

    public let bucket: String
    /// Empty, or ends with "/"; in front of every key.
    public let prefix: String
    let session: S3Session
    let limits: Limits

    public var location: StoreLocation { .s3(bucket: bucket, prefix: prefix) }

    /// Makes no request, except for the region where nothing names it.
    ///
    /// - Parameters:
    ///   - location: "s3://bucket/prefix"
    ///   - credentials: go before all that the configuration says.
    ///   - provider: one that other stores use, too, in place of a new one.
    ///   - network: also limits the bandwidth, of all transfers of this store together.
    ///   - clock: one for all that is signed; it learns how wrong the machine's is.
    public init(
        _ location: StoreLocation, configuration: AWSConfiguration, credentials: AWSCredentials? = nil,
        provider: CredentialsProvider? = nil,
        network: HTTPClient.Configuration = HTTPClient.Configuration(), retry: RetryPolicy = RetryPolicy(),
        clock: AWSClock = AWSClock(), limits: Limits = Limits()
    ) async throws {
        guard case .s3(let bucket, let prefix) = location else {
            throw StoreError(.invalidRequest, "\(location) is a folder and no bucket")
        }
        (self.bucket, self.prefix, self.limits) = (bucket, prefix, limits)
        var (network, retry) = (network, retry)
        network.certificateAuthorities = network.certificateAuthorities ?? configuration.certificateBundle
        retry.maximumAttempts = configuration.maximumAttempts ?? retry.maximumAttempts
        do {
            let client = try HTTPClient(network)
            let custom = try configuration.endpoint(of: "s3")
            var region = configuration.region ?? "us-east-1"
            if custom == nil { region = try await configuration.resolveRegion(sender: client).name }
            session = S3Session(
                client: client,
                credentials: provider ?? CredentialsProvider(
                    configuration: configuration, sender: client, clock: clock, explicit: credentials),
                clock: clock, retry: retry,
                endpoint: S3Endpoint(
                    bucket: bucket, region: region, custom: custom, style: configuration.addressingStyle,
                    variant: configuration.s3EndpointVariant),
                configuration: configuration, limits: limits)
        } catch let error as AWSError {
            throw StoreError(.credentials, error.description).at("\(location)")
        } catch let error as HTTPError {
            throw StoreError(error).at("\(location)")
        }
    }

    /// A key with the store's prefix, as the bucket knows it.
    func whole(_ key: String) throws(StoreError) -> String {
        let whole = prefix + key
        guard !key.isEmpty, whole.utf8.count <= 1024 else {
            throw StoreError(
                .invalidKey, "\(location.naming(key)): a key of \(whole.utf8.count) bytes is not one; allowed are 1 to 1024")
        }
        return whole
    }

    /// The other way round; `nil` for what is not below the prefix.
    package func inner(_ whole: String) -> String? {
        whole.utf8.starts(with: prefix.utf8) ? String(Substring(whole.utf8.dropFirst(prefix.utf8.count))) : nil
    }
}

extension StoreLocation {
    /// The store that is there.
    public func open(configuration: @autoclosure () throws -> AWSConfiguration) async throws -> any ObjectStore {
        switch self {
        case .folder(let path): return try FolderStore(root: path)
        case .s3: return try await S3Store(self, configuration: try configuration())
        }
    }
}
