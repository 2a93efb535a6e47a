import ArgumentParser
import Library
import ObjectStore
import Rendering

/// How buckets are reached.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "Where the S3 server is, if it is not AWS (default: $AWS_ENDPOINT_URL_S3, $AWS_ENDPOINT_URL, the profile's).")
    var endpointUrl: String?

    @Option(help: "The AWS region (default: $AWS_REGION, $AWS_DEFAULT_REGION, the profile's, this machine's, us-east-1).")
    var region: String?

    @Option(help: "The profile of ~/.aws/config and ~/.aws/credentials (default: $AWS_PROFILE, else the environment's keys).")
    var profile: String?

    @Option(help: "The most bytes that move in a second, such as 500k or 10M; of an import, to the store and from the hosts each.")
    var maxRate: String?

    func validate() throws {
        if let maxRate, ByteRate.parse(maxRate) == nil {
            throw ValidationError("--max-rate \(maxRate): say bytes in a second, 1k to 1000G, like 500k or 10M.")
        }
    }

    /// Credentials are looked for once in a process.
    private static let common = StoreSettings()

    var settings: StoreSettings {
        var settings = Self.common
        settings.endpoint = endpointUrl
        settings.region = region
        settings.profile = profile
        settings.maximumBytesPerSecond = maxRate.flatMap(ByteRate.parse)
        return settings
    }

}

/// Which store, and how it is reached.
struct StoreOptions: ParsableArguments {
    @Option(
        help: "What holds projects/ and videos/: s3://BUCKET[/PREFIX], or a folder (default: $BURNS_STORE, else s3://$S3_BUCKET).")
    var store: String?

    @OptionGroup var connection: ConnectionOptions

    var settings: StoreSettings { connection.settings }

    /// The store that is named, or why that cannot be one; `nil`: none is.
    func named() -> Result<StoreLocation, StoreError>? {
        (store ?? Environment.value("BURNS_STORE") ?? Environment.value("S3_BUCKET").map { "s3://" + $0 }).map { text in
            Result { () throws(StoreError) in try StoreLocation(parsing: text) }
        }
    }

    func location() throws -> StoreLocation? { try named()?.get() }

    /// Of a project that is named by its id in the store, or as s3://BUCKET[/PREFIX]/projects/ID, which needs no store.
    func project(_ argument: String) throws -> (id: String, location: StoreLocation) {
        if let url = try ProjectLocation.projectURL(argument) { return (url.id, url.store) }
        return (argument, try requiredLocation())
    }

    /// For commands that are about a store.
    func requiredLocation() throws -> StoreLocation {
        guard let location = try location() else {
            throw Failure("no store is named; name one with --store or BURNS_STORE: s3://BUCKET, or a folder")
        }
        return location
    }
}
