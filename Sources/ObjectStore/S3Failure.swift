import HTTP
import XML

/// What a server says of a request that it did not do.
struct S3Failure: Sendable {
    let status: Int
    /// S3's own, such as "NoSuchKey"; empty where there is none, as after HEAD.
    let code: String
    private let message: String
    /// Of the bucket, where the server says so.
    let region: String?
    /// It answers in words that are not S3's.
    private var isForeign = false

    /// - Parameter isLate: a 200 may hold a failure.
    /// - Returns: `nil` for a success.
    init?(_ response: HTTPResponse, isLate: Bool = false) {
        guard !response.isSuccess || isLate else { return nil }
        let root = try? XMLElement(parsing: response.body, maximumBytes: 64 << 10)
        let error = root?.name == "Error" ? root : nil
        if response.isSuccess, error == nil, !response.body.allSatisfy({ $0 == 0x20 || 0x09...0x0D ~= $0 }) { return nil }
        // A 200 with nothing in it was cut short.
        status = response.isSuccess ? 500 : response.status
        code = error?["Code"]?.text ?? (response.isSuccess ? "InternalError" : "")
        message = error?["Message"]?.text ?? ""
        isForeign = error == nil && status < 500 && !response.body.isEmpty
        region = response.headers["x-amz-bucket-region"] ?? error?["Region"]?.text
            ?? (response.status == 307 ? response.headers["Location"].flatMap(S3Failure.region) : nil)
    }

    /// Of one key in a batch.
    init(code: String, message: String) { (status, self.code, self.message, region) = (0, code, message, nil) }

    /// It may be so because of the region that the request was signed for.
    var isAboutRegion: Bool {
        status == 301 || status == 307 || status == 400 && (code == "AuthorizationHeaderMalformed" || code.isEmpty)
    }

    var isAboutExpiredCredentials: Bool {
        ["ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired"].contains(code)
    }

    /// May be gone by itself, beyond what the status says of that.
    var isPassing: Bool {
        [
            "SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "Throttling", "ThrottlingException",
            "RequestLimitExceeded", "BandwidthLimitExceeded", "OperationAborted", "ConditionalRequestConflict",
            "RequestTimeTooSkewed", "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody",
        ].contains(code)
    }

    /// As one sentence about a place.
    ///
    /// - Parameters:
    ///   - permission: what was needed.
    ///   - bucket: what was asked for it.
    func error(at place: String, needing permission: String? = nil, of bucket: String? = nil) -> StoreError {
        var (kind, what) = meaning
        if kind == .noStore, let bucket { what += "; make it with: burns bucket create \(bucket)" }
        if kind == .accessDenied, let permission { what += "; these credentials need \(permission)" }
        if isForeign { what = "the server does not answer as S3 does; is the endpoint right?" }
        let said = [code, S3Failure.line(message)].filter { !$0.isEmpty }.joined(separator: ": ")
        let answer = said.isEmpty ? "status \(status)" : said
        return StoreError(kind, "\(place): \(what) (\(answer))")
    }

    private var meaning: (StoreError.Kind, String) {
        switch code {
        // Failures within a batch have no status.
        case "AccessDenied", "AllAccessDisabled": return (.accessDenied, "access is denied")
        case "NoSuchBucket": return (.noStore, "there is no such bucket")
        case "BucketAlreadyOwnedByYou", "BucketAlreadyExists": return (.exists, "the bucket is there already")
        case "NoSuchUpload": return (.notFound, "there is no such unfinished upload")
        case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
            return (.credentials, "the credentials are refused")
        case "RequestTimeTooSkewed": return (.credentials, "the clock of this machine is wrong")
        case "KeyTooLongError": return (.invalidKey, "the key is too long")
        case "EntityTooLarge": return (.tooLarge, "it is too large for one request")
        case "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "InvalidDigest":
            return (.corrupted, "what arrived is not what was sent")
        case "NotImplemented": return (.unsupported, "the server cannot do that")
        case _ where isPassing: return (.unavailable, "the server fails")
        default: break
        }
        switch status {
        case 301, 307: return (.other, "the bucket is elsewhere")
        case 401, 403: return (.accessDenied, "access is denied")
        case 404: return (.notFound, "there is no such object")
        case 412: return (.preconditionFailed, "the object is not as it has to be")
        case 416: return (.invalidRange, "the range is not in the object")
        case 501: return (.unsupported, "the server cannot do that")
        case 408, 429, 500...: return (.unavailable, "the server fails")
        case 400..<500: return (.invalidRequest, "the request is refused")
        default: return (.other, "the server does not do it")
        }
    }

    /// What strangers say, on one line and not for ever.
    private static func line(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(words.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200).map(Character.init))
    }

    /// "https://bucket.s3.eu-west-1.amazonaws.com/key", also with a hyphen after "s3", and "s3-fips.dualstack".
    private static func region(ofLocation text: String) -> String? {
        guard let host = try? HTTPAddress(parsing: text).host else { return nil }
        let labels = host.split(separator: ".")
        guard let place = labels.lastIndex(where: { $0 == "s3" || $0.hasPrefix("s3-") }) else { return nil }
        if labels[place] != "s3", labels[place] != "s3-fips" { return String(labels[place].dropFirst(3)) }
        return labels[(place + 1)...].first { $0 != "dualstack" }.flatMap { $0.contains("-") ? String($0) : nil }
    }
}
