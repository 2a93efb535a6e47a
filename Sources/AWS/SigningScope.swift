/// Where a signature holds.
public struct SigningScope: Hashable, Sendable {
    /// "us-east-1"
    public var region: String
    /// "s3", "sts", "iam" …
    public var service: String

    public init(region: String, service: String) {
        self.region = region
        self.service = service
    }

    /// S3 takes paths as they are, has the body's hash in a header, and lets presigned requests leave it open.
    var isS3: Bool { service == "s3" }

    func text(on date: AWSDate) -> String { "\(date.basicDay)/\(region)/\(service)/aws4_request" }
}

/// What a signature says of the body.
public enum SignedPayload: Hashable, Sendable {
    /// Not covered: for S3 over https only, with a checksum in a header.
    case unsigned
    /// The SHA-256, as 64 lower-case hexadecimal digits.
    case sha256(String)

    public static let empty = SignedPayload.sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")

    package var text: String {
        switch self {
        case .unsigned: "UNSIGNED-PAYLOAD"
        case .sha256(let digits): digits
        }
    }
}
