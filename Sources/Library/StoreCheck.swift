import AWS
import HTTP
import ObjectStore

/// Something that was looked at, and whether it works.
public struct Finding: Sendable {
    public enum State: String, Sendable {
        case works
        /// Not there, or not as it should be; work goes on all the same.
        case absent
        case broken
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
    private let location: StoreLocation?
    private let settings: StoreSettings
    /// A clock that is wrong by no more is not worth a word.
    private static let clockToleranceSeconds = 60

    /// - Parameter location: a bucket; `nil`: none is named, and so credentials may be missing.
    public init(_ location: StoreLocation?, _ settings: StoreSettings) { (self.location, self.settings) = (location, settings) }

    /// Shows no secret. Writes nothing: an upload is begun and thrown away.
    public func run() async -> [Finding] {
        let access: StoreAccess
        do {
            access = try settings.access()
        } catch {
            return [Finding(topic: "AWS settings", state: .broken, text: "\(error)")]
        }
        var findings = await identity(access)
        if let location {
            let (found, store) = await bucket(location, access)
            findings += found + clock(access.clock, store)
        } else {
            findings += clock(access.clock, nil)
        }
        return findings
    }

    private func identity(_ access: StoreAccess) async -> [Finding] {
        let topic = "credentials"
        let loaded: LoadedCredentials
        do {
            loaded = try await access.credentials.load()
        } catch {
            let isNone = (error as? AWSError)?.kind == .noCredentials
            return [Finding(topic: topic, state: isNone && location == nil ? .absent : .broken, text: "\(error)")]
        }
        let end = loaded.expiration.map { ", until \($0)" } ?? ""
        let found = Finding(topic: topic, state: .works, text: "\(loaded.credentials.accessKeyID) from \(loaded.source)\(end)")
        return [found, await caller(loaded.credentials, access)]
    }

    private func caller(_ credentials: AWSCredentials, _ access: StoreAccess) async -> Finding {
        let topic = "identity"
        do {
            // Keys of another server's are none of AWS's business.
            let isElsewhere = try access.configuration.endpoint(of: "s3").map { !Region.isOfAWS($0) } ?? false
            if isElsewhere, try access.configuration.endpoint(of: "sts") == nil {
                let text = "not asked for: the S3 server is not AWS, and no STS server is set"
                return Finding(topic: topic, state: .absent, text: text)
            }
            let sts = STSClient(
                configuration: access.configuration, sender: access.client, clock: access.clock, timeoutSeconds: 5)
            let caller = try await sts.getCallerIdentity(credentials)
            return Finding(topic: topic, state: .works, text: "\(caller.arn), account \(caller.account)")
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

    /// What is signed has the right time all the same.
    private func clock(_ clock: AWSClock, _ store: S3Store?) -> [Finding] {
        let seconds = store.map { $0.now.seconds(since: .now) } ?? clock.correctionSeconds
        guard abs(seconds) > Self.clockToleranceSeconds else { return [] }
        let text = "this machine's is \(abs(seconds)) s \(seconds > 0 ? "slow" : "fast"), as the server's goes; set it right"
        return [Finding(topic: "clock", state: .absent, text: text)]
    }

    /// Where nobody names a region of AWS.
    private func region(_ access: StoreAccess) async throws -> [Finding] {
        guard try access.configuration.endpoint(of: "s3") == nil,
            try await access.configuration.resolveRegion(sender: access.client).isFallback
        else { return [] }
        let text = "none is set, and so new buckets are made in us-east-1; set AWS_REGION, or region in "
            + access.configuration.configPath
        return [Finding(topic: "region", state: .absent, text: text)]
    }

    /// - Returns: also the store, once it has answered.
    private func bucket(_ location: StoreLocation, _ access: StoreAccess) async -> ([Finding], S3Store?) {
        let (store, region): (S3Store, [Finding])
        do {
            (store, region) = (try await settings.openBucket(location), try await self.region(access))
        } catch {
            return ([Finding(topic: "store", state: .broken, text: "\(error)")], nil)
        }
        let name = "\(store.location)"
        do {
            _ = try await store.page(of: Listing(prefix: StoreLayout.projects, pageSize: 1), after: nil)
        } catch {
            let text = "\(error)\(remedy(error, store.bucket))"
            return (region + [Finding(topic: "store", state: .broken, text: text)], store)
        }
        let server = (try? store.address(of: "x").origin) ?? ""
        let listed = Finding(topic: "store", state: .works, text: "\(name) can be listed: region \(store.region), \(server)")
        let topic = "store, writing"
        do {
            let mayAbort = try await store.checkWritable(StoreLayout.films + "doctor")
            let rest = mayAbort ? "" : "; uploads that fail stay in it until its lifecycle rules take them away, as these "
                + "credentials lack s3:AbortMultipartUpload"
            return (region + [listed, Finding(topic: topic, state: .works, text: "\(name) can be written\(rest)")], store)
        } catch {
            let hint = remedy(error, store.bucket)
            return (region + [listed, Finding(topic: topic, state: .broken, text: "\(error)\(hint)")], store)
        }
    }

    private func remedy(_ error: any Error, _ bucket: String) -> String {
        switch (error as? StoreError)?.kind {
        case .notFound: "; make it with: burns bucket create \(bucket)"
        case .credentials: "; renew the credentials, or choose others with --profile"
        case .unavailable: "; is the server there? --endpoint-url names another"
        default: ""
        }
    }
}
