import ArgumentParser
import Library
import ObjectStore
import Rendering

struct BucketCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bucket", abstract: "Make a bucket for projects and films.", subcommands: [Create.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a bucket, or correct one that is there: private, encrypted, tidied up by itself.",
            discussion: """
                Example: burns bucket create burns-videos --region eu-central-1 --lifecycle-days 14

                Says what was created, corrected and left alone. Rules of others, and keys for encryption, stay as they are. \
                videos/ is kept for ever.
                """)

        @Argument(help: "The bucket's name, or s3://NAME.")
        var name: String
        @Option(
            help: "Days after which projects/ and segments/ are deleted (default: $S3_LIFECYCLE_DAYS, else as it is, else 14).")
        var lifecycleDays: Int?
        @Flag(help: "Keep earlier versions of objects.")
        var versioning = false
        @Option(help: "Web pages that may use presigned URLs, like https://example.org, or *. May be given several times.")
        var cors: [String] = []
        @OptionGroup var connection: ConnectionOptions

        func validate() throws {
            if let lifecycleDays, !(1...3650).contains(lifecycleDays) {
                throw ValidationError("--lifecycle-days \(lifecycleDays): allowed are 1 to 3650.")
            }
            for origin in cors where !BucketSetup.isOrigin(origin) {
                throw ValidationError("--cors \(origin): say an origin like https://example.org, or *.")
            }
        }

        func run() throws {
            guard case .s3(let bucket, "") = try StoreLocation(parsing: StoreLocation.afterScheme(name) == nil ? "s3://" + name : name) else {
                throw Failure("\(name): a bucket has no slashes in its name")
            }
            var setup = BucketSetup()
            setup.lifecycleDays = try days()
            setup.isVersioned = versioning
            setup.origins = cors
            try connection.run(resume: "the same command goes on from there") { [setup] settings in
                let bucket = try await settings.openBucket(.s3(bucket: bucket, prefix: ""))
                try await setup.run(bucket) { step in
                    let line = "\(step.subject): \(step.outcome.rawValue): \(step.text)"
                    if step.outcome == .unavailable { Console.warning(line) } else { Console.note(line) }
                }
            }
        }

        private func days() throws -> Int? {
            if let lifecycleDays { return lifecycleDays }
            guard let text = Environment.value("S3_LIFECYCLE_DAYS") else { return nil }
            guard let days = Int(text), 1...3650 ~= days else {
                throw Failure("S3_LIFECYCLE_DAYS is \"\(text)\"; allowed are 1 to 3650 days")
            }
            return days
        }
    }
}
