import HTTP
import Media

/// How a project is imported.
public struct ImportOptions: Sendable {
    /// Instead of the narration that the data name.
    public var narration: NarrationChoice?
    /// Fetches also what the store has already.
    public var refetches = false
    /// Writes the manifest without the pictures that could not be had, instead of not writing it.
    public var allowsMissing = false
    /// Of the presigned URLs in the manifest: 1 second to a week.
    public var expiresSeconds = 24 * 3600

    /// Pictures at once, of all hosts.
    public var parallel = 8
    public var courtesy = HostCourtesy.Limits()
    /// Who may be connected to; `nil`: anybody, and proxies of the environment are used.
    public var addressGuard: HTTPClient.Guard? = HTTPClient.Guard()
    public var retry: RetryPolicy
    /// A folder for notes on uploads, by which the next import throws away what one that was killed has left. `nil`: none are
    /// taken.
    public var journalFolder: String?
    /// Of all that is fetched; the store has a limit of its own.
    public var maximumBytesPerSecond: Int?

    /// Of a picture's file.
    public var maximumPictureBytes: Int64 = 100_000_000
    public var maximumNarrationBytes: Int64 = 1 << 30
    public var pictureLimits = PictureLimits()
    /// For one file, with all its redirects and attempts; waiting for a host's turn does not count.
    public var fileTimeout = Duration.seconds(120)

    /// Told of each picture that is done, from any thread.
    public var progress: (@Sendable (ImportProgress) -> Void)?

    public init() {
        // Strangers' servers are given more time than a store is.
        retry = RetryPolicy()
        retry.maximumAttempts = 4
        retry.base = .seconds(1)
    }
}

/// A narration that the user names, and not the data.
public enum NarrationChoice: Hashable, Sendable {
    /// Any file here.
    case file(String)
    /// http or https.
    case url(String)

    /// Reads what people write: a URL, or the name of a file.
    public init(parsing text: String) {
        let start = text.prefix(8).lowercased()
        self = start.hasPrefix("http://") || start.hasPrefix("https://") ? .url(text) : .file(text)
    }
}

/// How far an import is.
public struct ImportProgress: Hashable, Sendable {
    public var done: Int
    public var total: Int
    /// The picture that is done now.
    public var picture: ImportReport.Picture
}
