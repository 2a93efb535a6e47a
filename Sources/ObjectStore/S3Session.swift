import AWS
import Digest
import Files
import HTTP
import Synchronization

/// Sends requests to one bucket: signs them, corrects what the server teaches (region, clock, credentials), and sends again what
/// may get better.
final class S3Session: Sendable {
    private let client: HTTPClient
    private let credentials: CredentialsProvider
    private let clock: AWSClock
    private let retry: RetryPolicy
    private let place: Mutex<S3Endpoint>
    /// The server has taken a request, and so the region that it was signed for.
    private let isRegionKnown = Mutex(false)
    private let limits: S3Store.Limits
    /// Since when the server has done nothing that it was asked to; `nil`: it has done the last thing.
    private let failingSince = Mutex<ContinuousClock.Instant?>(nil)
    /// By how much the server's last answer was ahead of `clock`.
    private let serverOffsetSeconds = Mutex(0)
    let conditions: WriteConditions
    /// Content goes up with a CRC-32C.
    let sendsChecksums: Bool
    /// Content that comes down is compared with the checksum that the server states, or with its ETag, where that is an MD5.
    let verifiesContent: Bool

    init(
        client: HTTPClient, credentials: CredentialsProvider, clock: AWSClock, retry: RetryPolicy, endpoint: S3Endpoint,
        configuration: AWSConfiguration, limits: S3Store.Limits
    ) {
        (self.client, self.credentials, self.clock, self.retry) = (client, credentials, clock, retry)
        place = Mutex(endpoint)
        self.limits = limits
        conditions = WriteConditions(isAWS: endpoint.isAWS)
        // Servers other than AWS may not know them.
        let usual: AWSConfiguration.ChecksumPolicy = endpoint.isAWS ? .whenSupported : .whenRequired
        sendsChecksums = (configuration.requestChecksums ?? usual) == .whenSupported
        verifiesContent = (configuration.responseChecksums ?? .whenSupported) == .whenSupported
    }

    var endpoint: S3Endpoint { place.withLock { $0 } }

    /// What the server's clock says, as far as its answers have told.
    var serverNow: AWSDate { clock.now.adding(seconds: serverOffsetSeconds.withLock { $0 }) }

    /// - Returns: a success.
    /// - Throws: `StoreError`, which names the place, and `CancellationError`.
    func send(_ request: S3Request) async throws -> HTTPResponse {
        let name = name(of: request)
        let isLate = request.mayFailLate
        do {
            let isSecure = endpoint.address(nil, query: []).scheme == "https"
            // Over plain HTTP, the signature covers the content.
            let digest: S3Payload.Digest = sendsChecksums ? .crc32c : isSecure && !endpoint.isAWS ? .md5 : .none
            let payload = try S3Payload(of: request.body, isSecure: isSecure, with: request.isContent ? digest : .none)
            let last = LastAttempt()
            let response = try await retry.perform(
                judging: { self.verdict(on: $0, isLate: isLate) },
                retrying: { error in
                    S3Session.isTransient(error) && !(request.goesOnOtherwise?() ?? false)
                        && self.isWorthAnotherAttempt(
                            movedAt: (error as? HTTPError)?.kind == .stalled ? nil : last.movedAt)
                }
            ) { _ in
                if last.mayHaveDoneIt { try await request.undoing?() }
                return try await last.watching(request) { try await self.attempt($0, payload) }
            }
            if let failure = S3Failure(response, isLate: isLate) {
                throw failure.error(at: name, needing: request.permission, of: endpoint.bucket)
            }
            return response
        } catch let error as HTTPError {
            throw StoreError(error).at(name)
        } catch let error as AWSError {
            throw StoreError(.credentials, error.description).at(name)
        } catch let error as FileError {
            throw StoreError(.file, error.description)
        }
    }

    /// For messages.
    func name(of request: S3Request) -> String {
        let bucket = StoreLocation.s3(bucket: endpoint.bucket, prefix: "")
        return request.key.map(bucket.naming) ?? bucket.description
    }

    /// Asks for the bucket, unless a request has shown its region before: a signature for another one would be refused when it is
    /// too late.
    func findRegion() async throws {
        guard !isRegionKnown.withLock({ $0 }) else { return }
        do {
            _ = try await send(S3Request("HEAD", nil))
        } catch let error as StoreError where ![.unavailable, .credentials, .other].contains(error.kind) {
            // Whoever may sign need not be allowed to look; the refusal came from the right region.
            isRegionKnown.withLock { $0 = true }
        }
    }

    /// For whoever has the address, until it expires. What is signed with credentials that end is good no longer than they are,
    /// and says so.
    func presign(_ method: String, _ key: String, expiresSeconds: Int) async throws -> HTTPAddress {
        do {
            try await findRegion()
            let loaded = try await credentials.load()
            // The server counts from then on by its own clock.
            let date = serverNow
            let seconds = min(expiresSeconds, loaded.expiration.map { max(1, $0.seconds(since: date)) } ?? expiresSeconds)
            let endpoint = endpoint
            let request = HTTPRequest(method: method, address: endpoint.address(key, query: []))
            return signer(loaded.credentials, endpoint, date).presign(request, expiresSeconds: seconds).address
        } catch let error as AWSError {
            throw StoreError(.credentials, error.description)
        }
    }

    // MARK: Steps

    /// Sends once, and again at once where the refusal says what was wrong.
    private func attempt(_ request: S3Request, _ payload: S3Payload) async throws -> HTTPResponse {
        var corrections = 0
        while true {
            let endpoint = endpoint
            let credentials = try await credentials.credentials()
            var plain = HTTPRequest(
                method: request.method, address: endpoint.address(request.key, query: request.query), headers: request.headers)
            if let crc = payload.crc32c {
                plain.headers["x-amz-sdk-checksum-algorithm"] = crc.kind.rawValue
                plain.headers[crc.kind.header] = crc.text
            }
            if let md5 = payload.md5 { plain.headers["Content-MD5"] = Base64.encode(md5) }
            var options = HTTPClient.TransferOptions()
            options.expectsContinue = request.isContent && request.body.count > 1 << 20
            options.progress = request.progress
            if request.mayFailLate { options.stall = HTTPClient.StallLimit(duration: limits.silence) }
            let signedAt = Mutex(clock.now)
            let response = try await client.perform(
                plain, sending: request.body, receiving: request.destination, options: options
            ) { plain in
                let date = self.clock.now
                signedAt.withLock { $0 = date }
                return self.signer(credentials, endpoint, date).sign(plain, payload: payload.signed)
            }
            if let date = response.headers["Date"].flatMap(AWSDate.init(http:)) {
                serverOffsetSeconds.withLock { $0 = date.seconds(since: clock.now) }
            }
            if response.isSuccess { isRegionKnown.withLock { $0 = true } }
            // There are servers that take signatures for any region.
            if response.isSuccess, request.key == nil, let region = response.headers["x-amz-bucket-region"].flatMap(Region.validated) {
                place.withLock { $0 = $0.moved(to: region) }
            }
            if response.isSuccess, let sent = payload.md5, let arrived = response.headers.md5, arrived != sent {
                throw StoreError(
                    .corrupted, "what arrived is not what was sent: the server's ETag is \(Hexadecimal.encode(arrived)), and the "
                        + "content's MD5 \(Hexadecimal.encode(sent))").at(name(of: request))
            }
            guard corrections < 3, let failure = S3Failure(response),
                await correct(failure, response, request, (endpoint, credentials, signedAt.withLock { $0 }))
            else { return response }
            corrections += 1
        }
    }

    /// - Returns: whether the same request, signed anew, may succeed.
    private func correct(
        _ failure: S3Failure, _ response: HTTPResponse, _ request: S3Request,
        _ signed: (endpoint: S3Endpoint, credentials: AWSCredentials, date: AWSDate)
    ) async -> Bool {
        if failure.isAboutRegion, let region = failure.region.flatMap(Region.validated), region != signed.endpoint.region {
            place.withLock { $0 = $0.moved(to: region) }
            return true
        }
        // What has no body has no code; the time then tells whether it can have been that.
        let isMute = failure.code.isEmpty && failure.status == 403
        let code = isMute ? "RequestTimeTooSkewed" : failure.code
        if clock.correct(code: code, headers: response.headers, signedAt: signed.date) { return true }
        let mayBeExpired = failure.code.isEmpty && failure.status == 400 && signed.credentials.sessionToken != nil
        if failure.isAboutExpiredCredentials || mayBeExpired {
            await credentials.discard(signed.credentials)
            // Others only: the same would be refused once more.
            let next = try? await credentials.credentials()
            return next.map { $0 != signed.credentials } ?? false
        }
        return false
    }

    private func signer(_ credentials: AWSCredentials, _ endpoint: S3Endpoint, _ date: AWSDate) -> RequestSigner {
        RequestSigner(credentials: credentials, scope: SigningScope(region: endpoint.region, service: "s3"), date: date)
    }

    private func verdict(on response: HTTPResponse, isLate: Bool) -> RetryPolicy.Verdict {
        let verdict: RetryPolicy.Verdict =
            if let failure = S3Failure(response, isLate: isLate) {
                failure.isPassing ? .again(after: retry.retryAfter(response)) : retry.verdict(on: response)
            } else {
                .done
            }
        if verdict == .done {
            failingSince.withLock { $0 = nil }
            return .done
        }
        return isWorthAnotherAttempt() ? verdict : .done
    }

    /// Many things to do would keep a server that is asked to wait for, again and again, from ever being given up.
    ///
    /// - Parameter movedAt: when bytes of what broke off have moved last: until then, the server was at work.
    private func isWorthAnotherAttempt(movedAt: ContinuousClock.Instant? = nil) -> Bool {
        let now = ContinuousClock.now
        let since = failingSince.withLock { since in
            var first = since ?? now
            if let movedAt, movedAt > first { first = now }
            since = first
            return first
        }
        return now - since < limits.patience
    }

    private static func isTransient(_ error: any Error) -> Bool {
        if let error = error as? HTTPError { return error.isTransient || error.kind == .unexpectedLength }
        return (error as? StoreError)?.kind == .corrupted
    }
}

extension StoreError {
    init(_ error: HTTPError) {
        let kind: Kind = switch error.kind {
        case .couldNotResolve, .couldNotConnect, .handshake, .stalled, .timedOut, .interrupted: .unavailable
        case .tooLarge: .tooLarge
        case .unexpectedLength, .malformed: .corrupted
        case .file: .file
        case .request: .invalidRequest
        case .proxy, .refusedAddress, .certificate, .closed, .other: .other
        }
        self.init(kind, error.cause)
    }
}
