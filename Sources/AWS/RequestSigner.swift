import Digest
import HTTP

/// Signs requests with AWS Signature Version 4. A pure function of what it is given: the time comes from outside.
public struct RequestSigner: Sendable {
    public var credentials: AWSCredentials
    public var scope: SigningScope
    public var date: AWSDate

    public init(credentials: AWSCredentials, scope: SigningScope, date: AWSDate) {
        self.credentials = credentials
        self.scope = scope
        self.date = date
    }

    /// The request with `X-Amz-Date`, `Authorization` and, where they belong, `X-Amz-Security-Token` and
    /// `X-Amz-Content-SHA256`. Those it has already are replaced; all its other headers are signed, except those that change
    /// on the way.
    public func sign(_ request: HTTPRequest, payload: SignedPayload) -> HTTPRequest {
        var signed = prepare(request, payload: payload)
        let canonical = CanonicalRequest(signed, isS3: scope.isS3, payload: payload.text)
        signed.headers["Authorization"] = "\(Self.algorithm) Credential=\(credential), "
            + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature(of: stringToSign(canonical)))"
        return signed
    }

    /// The request with the signature in its query: whoever has the URL can make the request, for `expiresSeconds` (1 to
    /// 604,800, a week) and not longer than the credentials hold. Headers it has must be sent with it. The body stays open with
    /// S3, and must be empty with other services.
    public func presign(_ request: HTTPRequest, expiresSeconds: Int) -> HTTPRequest {
        var signed = prepare(request, expiresSeconds: expiresSeconds)
        let canonical = CanonicalRequest(signed, isS3: scope.isS3, payload: presignedPayload)
        let signature = signature(of: stringToSign(canonical))
        signed.address.query = "\(signed.address.query ?? "")&X-Amz-Signature=\(signature)"
        return signed
    }

    // MARK: Steps, for tests

    package func prepare(_ request: HTTPRequest, payload: SignedPayload) -> HTTPRequest {
        var request = request
        request.headers["Authorization"] = nil
        request.headers["X-Amz-Date"] = date.basic
        request.headers["X-Amz-Security-Token"] = credentials.sessionToken
        if scope.isS3 { request.headers["X-Amz-Content-SHA256"] = payload.text }
        return request
    }

    package func prepare(_ request: HTTPRequest, expiresSeconds: Int) -> HTTPRequest {
        var request = request
        var parameters = [
            (name: "X-Amz-Algorithm", value: Self.algorithm), (name: "X-Amz-Credential", value: credential),
            (name: "X-Amz-Date", value: date.basic), (name: "X-Amz-Expires", value: String(expiresSeconds)),
            (name: "X-Amz-SignedHeaders", value: CanonicalRequest(request, isS3: scope.isS3, payload: "").signedHeaders),
        ]
        if let token = credentials.sessionToken { parameters.append((name: "X-Amz-Security-Token", value: token)) }
        let given = request.address.query.map { $0.isEmpty ? "" : $0 + "&" } ?? ""
        request.address.query = given + PercentEncoding.query(parameters)
        return request
    }

    package var presignedPayload: String { scope.isS3 ? SignedPayload.unsigned.text : SignedPayload.empty.text }

    package func stringToSign(_ canonical: CanonicalRequest) -> String {
        var hash = SHA256()
        hash.update(canonical.text)
        return "\(Self.algorithm)\n\(date.basic)\n\(scope.text(on: date))\n\(hash.finish())"
    }

    private static let algorithm = "AWS4-HMAC-SHA256"

    private var credential: String { "\(credentials.accessKeyID)/\(scope.text(on: date))" }

    package func signature(of text: String) -> String {
        let key = ["\(date.basicDay)", scope.region, scope.service, "aws4_request"]
            .reduce(Array("AWS4\(credentials.secretAccessKey)".utf8)) { HMACSHA256.code(for: $1, key: $0) }
        return Hexadecimal.encode(HMACSHA256.code(for: text, key: key))
    }
}
