import ArgumentParser
import Library
import ObjectStore
import Rendering

struct ShareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Print a URL by which anybody can get an object for a while.",
        discussion: """
            Example: burns share videos/earthrise_final_video.mp4 --expires 7d --store s3://burns-videos

            The URL needs no credentials: whoever has it has the object. It ends with the credentials that signed it, if those \
            end earlier.
            """)

    @Argument(help: "A key in the store, or s3://BUCKET/KEY.")
    var key: String
    @OptionGroup var store: StoreOptions
    @Option(help: "How long it is good: 90s, 15m, 1h, 7d; at most 7 days.")
    var expires: String = "1h"
    @Flag(help: "A URL to put the object with, instead of getting it.")
    var put = false

    func validate() throws {
        guard let seconds = TimeSpan.parse(expires), seconds <= 604_800 else {
            throw ValidationError("--expires \(expires): say 1s to 7d, like 15m or 1h.")
        }
    }

    func run() throws {
        let object = try ObjectName(parsing: self.key)
        let location = try object.map { StoreLocation.s3(bucket: $0.bucket, prefix: "") } ?? store.requiredLocation()
        let key = object?.key ?? self.key
        let (method, seconds) = (put ? PresignedMethod.put : .get, TimeSpan.parse(expires) ?? 3600)
        let url = try store.withStore(location) { store in
            // A URL of nothing is found out when it is too late.
            if method == .get { _ = try await store.head(key) }
            return try await store.presign(method, key, expiresSeconds: seconds)
        }
        if let shorter = url.presignedSeconds, shorter < seconds {
            Console.warning("the URL is good for \(shorter) s only: as long as the credentials that signed it")
        }
        try Console.print(url.text)
    }
}
