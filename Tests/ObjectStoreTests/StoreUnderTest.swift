import AWS
import Foundation
import HTTP
import ObjectStore
import Synchronization
import TestSupport
import Testing

/// The stores that have to pass the contract, and where servers are known not to keep to it.
enum StoreUnderTest: String, CaseIterable, CustomTestStringConvertible {
    case folder, ceph, moto

    var testDescription: String { rawValue }

    static let servers: [StoreUnderTest] = [.ceph, .moto]

    /// Ceph 16 forgets the tags with which an upload in parts was begun.
    var keepsTagsOfParts: Bool { self != .ceph }
    /// moto 5 does not find the way to keys with line feeds.
    var takesLineFeeds: Bool { self != .moto }
    /// moto 5 takes no tags beyond ASCII.
    var takesTagsBeyondASCII: Bool { self != .moto }
    /// moto 5 takes any signature, also of an expired URL.
    var verifiesSignatures: Bool { self == .ceph }

    /// An empty store that nobody else has.
    func make(_ limits: S3Store.Limits = S3Store.Limits()) async throws -> any ObjectStore {
        switch self {
        case .folder:
            let folder = try TemporaryFolder()
            StoreUnderTest.keep(folder)
            return try FolderStore(root: folder.path)
        case .ceph: return try await s3(S3TestServer.ceph.value.place, limits)
        case .moto: return try await s3(S3TestServer.moto.value.place, limits)
        }
    }

    /// Folders stay until the process ends: a store does not own its folder.
    private static func keep(_ folder: TemporaryFolder) {
        let isFirst = kept.withLock { kept in
            kept.append(folder)
            return kept.count == 1
        }
        if isFirst { atexit { StoreUnderTest.kept.withLock { $0 = [] } } }
    }

    private static let kept = Mutex<[TemporaryFolder]>([])

    /// - Parameter variables: go before the usual ones.
    func s3(
        _ place: S3TestServer.Place, _ limits: S3Store.Limits = S3Store.Limits(), variables: [String: String] = [:],
        clock: AWSClock = AWSClock()
    ) async throws -> S3Store {
        let prefix = "tests/\(UUID().uuidString)/"
        let store = try await S3Store(
            .s3(bucket: "burns-test", prefix: prefix), configuration: try configuration(place, variables), network: .direct,
            retry: .quick, clock: clock, limits: limits)
        try await store.createBucket()
        return store
    }

    private func configuration(_ place: S3TestServer.Place, _ others: [String: String]) throws -> AWSConfiguration {
        var variables = [
            "AWS_ENDPOINT_URL_S3": place.endpoint, "AWS_ACCESS_KEY_ID": place.access_key,
            "AWS_SECRET_ACCESS_KEY": place.secret_key, "AWS_REGION": "us-east-1",
        ]
        // moto knows checksums as AWS does; Ceph 16 does not.
        if self == .moto { variables["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_supported" }
        return try AWSConfiguration(environment: AWSEnvironment(variables.merging(others) { $1 }, homeFolder: nil))
    }
}

extension HTTPClient.Configuration {
    /// Asks no proxy.
    static var direct: Self {
        var configuration = Self()
        configuration.usesProxy = false
        return configuration
    }
}

extension RetryPolicy {
    /// Waits next to nothing.
    static var quick: Self {
        var policy = Self()
        policy.base = .milliseconds(1)
        return policy
    }
}

/// The error that an operation must fail with.
@discardableResult
func refusal(
    _ kind: StoreError.Kind, sourceLocation: SourceLocation = #_sourceLocation, of body: () async throws -> Any
) async throws -> StoreError {
    do {
        let result = try await body()
        Issue.record("\(result) where an error was expected", sourceLocation: sourceLocation)
        throw UnexpectedSuccess()
    } catch let error as StoreError {
        #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
        #expect(
            !error.description.contains("\n") && !error.description.hasSuffix("."), "\(error)", sourceLocation: sourceLocation)
        return error
    }
}

struct UnexpectedSuccess: Error {}

/// The same bytes in every run, no block like another.
func content(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes += $0 } }
    return Array(bytes.prefix(count))
}

extension TemporaryFolder {
    func file(_ bytes: [UInt8], _ name: String = "file") throws -> String {
        try write(Data(bytes), name)
        return path + "/" + name
    }

    func bytes(_ name: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path + "/" + name))) }

    /// All that is there, hidden files included.
    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}
