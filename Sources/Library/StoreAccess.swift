import AWS
import HTTP
import Synchronization

/// What all buckets of one group of settings have in common: credentials are looked for once, and one clock learns how wrong the
/// machine's is.
struct StoreAccess: Sendable {
    let configuration: AWSConfiguration
    /// Of credentials, not of content.
    let client: HTTPClient
    let clock: AWSClock
    let credentials: CredentialsProvider

    init(_ configuration: AWSConfiguration, _ network: HTTPClient.Configuration) throws {
        self.configuration = configuration
        client = try HTTPClient(network)
        clock = AWSClock()
        credentials = CredentialsProvider(configuration: configuration, sender: client, clock: clock)
    }

    /// The last one that was made, and for whom.
    final class Memo: Sendable {
        /// What it depends on.
        struct Key: Hashable, Sendable {
            let endpoint, region, profile: String?
            let environment: AWSEnvironment
        }

        private let last = Mutex<(key: Key, access: StoreAccess)?>(nil)

        func access(_ key: Key, else make: () throws -> StoreAccess) throws -> StoreAccess {
            try last.withLock { last in
                if let last, last.key == key { return last.access }
                let made = try make()
                last = (key, made)
                return made
            }
        }
    }
}
