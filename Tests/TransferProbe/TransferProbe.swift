import AWS
import HTTP
import ObjectStore

/// Moves one file, to be killed by tests while it does: transfer-probe up|down STORE KEY FILE PART_BYTES JOURNAL_FOLDER
///
/// Where the store is and who asks comes from the environment, as with every client of AWS.
@main struct TransferProbe {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 7, let partBytes = Int64(arguments[5]) else { throw Wrong() }
        var network = HTTPClient.Configuration()
        network.usesProxy = false
        let store = try await S3Store(
            StoreLocation(parsing: arguments[2]), configuration: AWSConfiguration(environment: .ofProcess()), network: network)
        var options = TransferOptions()
        (options.partBytes, options.parallel, options.journalFolder) = (partBytes, 2, arguments[6])
        if arguments[1] == "up" {
            try await store.upload(arguments[4], to: arguments[3], options: options)
        } else {
            _ = try await store.download(arguments[3], to: arguments[4], options: options)
        }
    }

    struct Wrong: Error {}
}
