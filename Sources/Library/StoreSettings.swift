import AWS
import HTTP
import ObjectStore

/// How stores are reached. What is `nil` is left to the environment and the shared files, as the AWS CLI understands them.
///
/// Copies look for credentials once together, as long as they name the same.
public struct StoreSettings: Sendable {
    /// Of a server that speaks S3.
    public var endpoint: String?
    public var region: String?
    public var profile: String?
    /// All transfers of a store together, both directions.
    public var maximumBytesPerSecond: Int?
    public var environment = AWSEnvironment.ofProcess()
    /// A folder for notes on uploads, by which the next command goes on with those that were killed. `nil`: none are taken.
    public var journalFolder: String?

    /// A folder for records of what was pulled and pushed, by which edits are known. `nil`: none are kept, see `ProjectTransfer`.
    public var recordFolder: String?

    private let memo = StoreAccess.Memo()

    public init() {}

    public func configuration() throws -> AWSConfiguration {
        try AWSConfiguration(environment: environment, profile: profile, region: region, s3Endpoint: endpoint)
    }

    public var network: HTTPClient.Configuration {
        var network = HTTPClient.Configuration()
        network.maximumBytesPerSecond = maximumBytesPerSecond
        return network
    }

    /// The store that is there. Whether a bucket is, the first request tells.
    public func open(_ location: StoreLocation) async throws -> any ObjectStore {
        switch location {
        case .folder(let path): try FolderStore(root: path)
        case .s3: try await openBucket(location)
        }
    }

    public func openBucket(_ location: StoreLocation) async throws -> S3Store {
        let access = try access()
        return try await S3Store(
            location, configuration: access.configuration, provider: access.credentials, network: network, clock: access.clock)
    }

    func access() throws -> StoreAccess {
        let key = StoreAccess.Memo.Key(endpoint: endpoint, region: region, profile: profile, environment: environment)
        return try memo.access(key) {
            let configuration = try configuration()
            var network = HTTPClient.Configuration()
            network.certificateAuthorities = configuration.certificateBundle
            return try StoreAccess(configuration, network)
        }
    }
}
