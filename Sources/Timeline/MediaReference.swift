/// Where a picture or a narration is to be found: one file, by up to five addresses.
///
/// Equal when they name the same file: by `path`, `s3Key`, `s3URL` and `url`. A presigned URL changes with every signature, so it
/// counts only where nothing else is given; `jsonPath` never counts.
public struct MediaReference: Sendable {
    /// Relative to the manifest's folder.
    public var path: String?
    /// Relative to the store's root.
    public var s3Key: String?
    /// `s3://bucket/key`.
    public var s3URL: String?
    /// http or https.
    public var url: String?
    /// http or https, with an expiring signature.
    public var presignedURL: String?
    /// Where the manifest names it, for messages.
    public var jsonPath: String

    public init(
        path: String? = nil, s3Key: String? = nil, s3URL: String? = nil, url: String? = nil, presignedURL: String? = nil,
        jsonPath: String
    ) {
        self.path = path
        self.s3Key = s3Key
        self.s3URL = s3URL
        self.url = url
        self.presignedURL = presignedURL
        self.jsonPath = jsonPath
    }

    public enum Candidate: Hashable, Sendable {
        /// Relative to the manifest's folder; no `..`, not absolute.
        case path(String)
        /// Relative to the store's root; no `..`, not absolute.
        case s3Key(String)
        /// `s3://bucket/key`; no `..` in the key.
        case s3URL(String)
        /// http or https; fetched only where the user allows it.
        case url(String)
    }

    /// The addresses in the order in which they are tried.
    public var candidatesInOrder: [Candidate] {
        [
            path.map(Candidate.path), s3Key.map(Candidate.s3Key), s3URL.map(Candidate.s3URL), url.map(Candidate.url),
            presignedURL.map(Candidate.url),
        ].compactMap { $0 }
    }

    /// For messages: the first address, of a URL without user, password, query and fragment, which may let somebody in.
    public var displayName: String {
        if let local = path ?? s3Key ?? s3URL { return local }
        return MediaReference.withoutSecrets(url ?? presignedURL ?? "(nothing)")
    }

    /// A text that may be a URL, without user, password, query and fragment.
    package static func withoutSecrets(_ text: String) -> String {
        let remote = text.utf8.prefix { !"?#".utf8.contains($0) }
        guard let start = remote.firstRange(of: "//".utf8)?.upperBound else { return String(Substring(remote)) }
        // Browsers take backslashes for slashes.
        let end = remote[start...].firstIndex { "/\\".utf8.contains($0) } ?? remote.endIndex
        let host = remote[start..<end].lastIndex(of: UInt8(ascii: "@")).map { remote.index(after: $0) } ?? start
        return String(Substring(remote[..<start])) + String(Substring(remote[host...]))
    }

    var isEmpty: Bool { path == nil && s3Key == nil && s3URL == nil && url == nil && presignedURL == nil }

    /// The same for equal references, for hashing that must last.
    var identityText: String { identity.map { $0.map { "=" + $0 } ?? "-" }.joined(separator: "\u{0}") }

    fileprivate var identity: [String?] {
        let lasting = [path, s3Key, s3URL, url]
        return lasting.allSatisfy { $0 == nil } ? [presignedURL] : lasting
    }
}

extension MediaReference: Hashable {
    public static func == (left: Self, right: Self) -> Bool { left.identityBytes == right.identityBytes }
    public func hash(into hasher: inout Hasher) { hasher.combine(identityBytes) }

    /// Files and objects are told apart by bytes. Swift's texts are equal where they look alike: "é" as one character, and as a
    /// letter with an accent.
    private var identityBytes: [[UInt8]?] { identity.map { $0.map { Array($0.utf8) } } }
}
