import AWS
import HTTP
import ObjectStore

/// Something that was looked at, and whether it works.
public struct Finding: Sendable {
    public enum State: String, Sendable {
        case works, absent, broken
    }
    public let topic: String
    public let state: State
    /// What was found, and where it does not work, what to do.
    public let text: String

    public init(topic: String, state: State, text: String) {
        self.topic = topic
        self.state = state
        self.text = text
    }
}

/// Looks at everything that work with a bucket relies on: who one is, where it is, whether it can be listed and written.
public struct StoreCheck: Sendable {
    private let location: StoreLocation
    private let settings: StoreSettings

    public init(_ location: StoreLocation, _ settings: StoreSettings) { (self.location, self.settings) = (location, settings) }

    /// Shows no secret. Writes nothing: an upload is begun and thrown away.
    public func run() async -> [Finding] {
        let configuration: AWSConfiguration
        let client: HTTPClient
        do {
            configuration = try settings.configuration()
            var network = settings.network
            network.certificateAuthorities = configuration.certificateBundle
            client = try HTTPClient(network)
        } catch {
            return [Finding(topic: "AWS settings", state: .broken, text: "\(error)")]
        }
        return await identity(configuration, client) + bucket()
    }

    private func identity(_ configuration: AWSConfiguration, _ client: HTTPClient) async -> [Finding] {
        let clock = AWSClock()
        let provider = CredentialsProvider(configuration: configuration, sender: client, clock: clock)
        let loaded: LoadedCredentials
        do {
            loaded = try await provider.load()
        } catch {
            return [Finding(topic: "credentials", state: .broken, text: "\(error)")]
        }
        let end = loaded.expiration.map { ", until \($0)" } ?? ""
        let found = Finding(
            topic: "credentials", state: .works, text: "\(loaded.credentials.accessKeyID) from \(loaded.source)\(end)")
        return [found, await caller(loaded.credentials, configuration, client, clock)]
    }

    private func caller(
        _ credentials: AWSCredentials, _ configuration: AWSConfiguration, _ client: HTTPClient, _ clock: AWSClock
    ) async -> Finding {
        let topic = "identity"
        do {
            // Keys of another server's are none of AWS's business.
            let isElsewhere = try configuration.endpoint(of: "s3") != nil
            if isElsewhere, try configuration.endpoint(of: "sts") == nil {
                let text = "not asked for: the S3 server is not AWS, and no STS server is set"
                return Finding(topic: topic, state: .absent, text: text)
            }
            let sts = STSClient(configuration: configuration, sender: client, clock: clock)
            let caller = try await sts.getCallerIdentity(credentials)
            let late = abs(clock.correctionSeconds)
            let clockText = late >= 60 ? "; this machine's clock is wrong by \(late) s" : ""
            return Finding(topic: topic, state: .works, text: "\(caller.arn), account \(caller.account)\(clockText)")
        } catch let error as AWSError {
            // Whoever may use a bucket need not be allowed to ask, or be able to reach STS.
            let codes = ["InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken"]
            if case .service(let code, _) = error.kind, codes.contains(code) {
                return Finding(topic: topic, state: .broken, text: "\(error); renew the credentials, or choose others")
            }
            return Finding(topic: topic, state: .absent, text: "\(error)")
        } catch {
            return Finding(topic: topic, state: .absent, text: "\(error)")
        }
    }

    private func bucket() async -> [Finding] {
        let store: S3Store
        do {
            store = try await settings.openBucket(location)
        } catch {
            return [Finding(topic: "store", state: .broken, text: "\(error)")]
        }
        let name = "\(store.location)"
        do {
            _ = try await store.page(of: Listing(prefix: StoreLayout.projects, pageSize: 1), after: nil)
        } catch {
            return [Finding(topic: "store", state: .broken, text: "\(error)\(remedy(error, store.bucket, "s3:ListBucket"))")]
        }
        let server = (try? store.address(of: "x").origin) ?? ""
        let listed = Finding(topic: "store", state: .works, text: "\(name) can be listed: region \(store.region), \(server)")
        let topic = "store, writing"
        do {
            let mayAbort = try await store.checkWritable(StoreLayout.films + "doctor")
            let rest = mayAbort ? "" : "; uploads that fail stay in it until its lifecycle rules take them away, as these "
                + "credentials lack s3:AbortMultipartUpload"
            return [listed, Finding(topic: topic, state: .works, text: "\(name) can be written\(rest)")]
        } catch {
            let hint = remedy(error, store.bucket, "s3:PutObject")
            return [listed, Finding(topic: topic, state: .broken, text: "\(error)\(hint)")]
        }
    }

    private func remedy(_ error: any Error, _ bucket: String, _ permission: String) -> String {
        switch (error as? StoreError)?.kind {
        case .noStore, .notFound: "; make it with: burns bucket create \(bucket)"
        case .accessDenied: "; these credentials need \(permission)"
        case .credentials: "; renew the credentials, or choose others with --profile"
        case .unavailable: "; is the server there? --endpoint-url names another"
        default: ""
        }
    }
}
