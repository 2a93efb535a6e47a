import CCurl
import Glibc

/// One easy handle and what its callbacks gather. Lives on the loop's thread.
final class CurlTransfer {
    /// Kept of the body of a response that is not 2xx: enough for any message.
    private static let mostOfUnsuccessful = 64 << 10
    /// Of all header fields together, interim responses included.
    private static let mostOfHeaders = 256 << 10
    /// Between two calls of the progress callback.
    private static let progressInterval = Duration.milliseconds(100)

    let job: CurlJob
    let easy: UnsafeMutableRawPointer
    var isPaused = false
    private unowned let loop: CurlLoop
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?

    /// Of the request's body.
    private var position: Int64 = 0
    private var head = CurlResponseHead()
    private var received: [UInt8] = []
    private var receivedCount: Int64 = 0
    /// Bytes on the wire, as curl counts them.
    private var progress = HTTPProgress()
    private var reported = (progress: HTTPProgress(), time: SuspendingClock.Instant.now)
    /// When enough had moved last; `nil` while there is no connection.
    private var mark: (bytes: Int64, time: SuspendingClock.Instant)?
    private var failure: (any Error)?
    /// The rest of the body is of no use; what has come is the result.
    private var hasEnough = false
    private var refusedAddress: (address: PeerAddress, reason: String)?
    private var hasPassedGuard = false
    private var hasHadFreshConnection = false
    private var foundLeftovers = false
    /// How often the request went out.
    private var sendingCount = 0
    /// Of its connection, once it has one.
    private var socket: curl_socket_t?

    /// - Throws: `CurlError`
    init(_ job: CurlJob, loop: CurlLoop) throws {
        guard let easy = curl_easy_init() else { throw CurlError(call: "curl_easy_init", code: CURLE_OUT_OF_MEMORY) }
        self.job = job
        self.loop = loop
        self.easy = easy
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        do {
            try setUp()
        } catch {
            cleanUp()
            throw error
        }
    }

    deinit { cleanUp() }

    private func cleanUp() {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    // MARK: Setting up

    private func setUp() throws(CurlError) {
        let configuration = loop.configuration
        try setCallbacks()
        try set(CURLOPT_URL, text: job.request.address.text)
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_PROTOCOLS_STR, text: "http,https")
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_NOSIGNAL, 1)
        // Cancelling does not wait for a name server.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        // Larger blocks where nothing divides them.
        let (small, large) = (16 << 10, configuration.maximumBytesPerSecond == nil ? 256 << 10 : 16 << 10)
        // What answers a body is short.
        try set(CURLOPT_BUFFERSIZE, job.body.count > 0 ? small : large)
        try set(CURLOPT_UPLOAD_BUFFERSIZE, Int(min(max(job.body.count, Int64(small)), Int64(large))))
        // curl reuses what has been idle for less than this + 1 whole seconds.
        try set(CURLOPT_MAXAGE_CONN, max(0, configuration.idleSeconds - 1))
        try set(CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.wholeMilliseconds)
        if let timeout = job.options.timeout { try set(CURLOPT_TIMEOUT_MS, timeout.wholeMilliseconds) }
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = loop.certificateAuthorities { try set(CURLOPT_CAINFO, text: file) }
        // Debian's curl would trust the folder of the system's, too.
        if configuration.certificateAuthorities != nil { try set(CURLOPT_CAPATH, pointer: nil) }
        let isDirect = !configuration.usesProxy || configuration.addressGuard != nil || job.request.address.isOfThisMachine
        if isDirect { try set(CURLOPT_PROXY, text: "") }
        try setMethod()
        try setHeaders()
    }

    private func setMethod() throws(CurlError) {
        try set(CURLOPT_CUSTOMREQUEST, text: job.request.method)
        if job.request.method == "HEAD" {
            try set(CURLOPT_NOBODY, 1)
        } else if case .none = job.body {
            try set(CURLOPT_HTTPGET, 1)
        } else {
            try set(CURLOPT_UPLOAD, 1)
            try check(
                burns_curl_set_large_number(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(job.body.count)),
                "curl_easy_setopt(INFILESIZE_LARGE)")
        }
    }

    private func setHeaders() throws(CurlError) {
        var lines: [String] = []
        for (name, value) in job.request.headers.fields where !HTTPHeaders.equal(name, "Content-Length") {
            // curl's ways to write a header without a value and one that is not to be sent.
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        if job.request.headers["User-Agent"] == nil { lines.append("User-Agent: \(loop.configuration.userAgent)") }
        if job.request.headers["Accept"] == nil { lines.append("Accept:") }
        if job.request.headers["Expect"] == nil { lines.append(job.options.expectsContinue ? "Expect: 100-continue" : "Expect:") }
        for line in lines {
            guard let list = curl_slist_append(headerList, line) else {
                throw CurlError(call: "curl_slist_append", code: CURLE_OUT_OF_MEMORY)
            }
            headerList = list
        }
        try set(CURLOPT_HTTPHEADER, pointer: headerList)
    }

    private func setCallbacks() throws(CurlError) {
        let me = Unmanaged.passUnretained(self).toOpaque()
        try set(CURLOPT_ERRORBUFFER, pointer: errorText)
        try check(burns_curl_set_on_data(easy, CURLOPT_HEADERFUNCTION, onHeader), "curl_easy_setopt(HEADERFUNCTION)")
        try set(CURLOPT_HEADERDATA, pointer: me)
        try check(burns_curl_set_on_data(easy, CURLOPT_WRITEFUNCTION, onBody), "curl_easy_setopt(WRITEFUNCTION)")
        try set(CURLOPT_WRITEDATA, pointer: me)
        try check(burns_curl_set_on_data(easy, CURLOPT_READFUNCTION, onSend), "curl_easy_setopt(READFUNCTION)")
        try set(CURLOPT_READDATA, pointer: me)
        try check(burns_curl_set_on_seek(easy, onSeek), "curl_easy_setopt(SEEKFUNCTION)")
        try set(CURLOPT_SEEKDATA, pointer: me)
        try check(burns_curl_set_on_progress(easy, onProgress), "curl_easy_setopt(XFERINFOFUNCTION)")
        try set(CURLOPT_XFERINFODATA, pointer: me)
        try set(CURLOPT_NOPROGRESS, 0)
        try check(burns_curl_set_on_connected(easy, onConnected), "curl_easy_setopt(PREREQFUNCTION)")
        try set(CURLOPT_PREREQDATA, pointer: me)
        try check(burns_curl_set_on_socket(easy, onSocket), "curl_easy_setopt(OPENSOCKETFUNCTION)")
        try set(CURLOPT_OPENSOCKETDATA, pointer: me)
        // Connections outlive the transfer that made them, but not the loop.
        try check(burns_curl_set_on_socket_close(easy, onSocketClose), "curl_easy_setopt(CLOSESOCKETFUNCTION)")
        try set(CURLOPT_CLOSESOCKETDATA, pointer: Unmanaged.passUnretained(loop).toOpaque())
    }

    private func set(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try check(burns_curl_set_number(easy, option, value), "curl_easy_setopt(\(option.rawValue))")
    }

    private func set(_ option: CURLoption, text: String) throws(CurlError) {
        try check(burns_curl_set_text(easy, option, text), "curl_easy_setopt(\(option.rawValue))")
    }

    private func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) throws(CurlError) {
        try check(burns_curl_set_pointer(easy, option, pointer), "curl_easy_setopt(\(option.rawValue))")
    }

    // MARK: Clocks

    private var stall: HTTPClient.StallLimit { job.options.stall ?? loop.configuration.stall }

    /// When the transfer will have stalled, should no more bytes move.
    var stallDeadline: SuspendingClock.Instant? {
        guard let mark, !isPaused else { return nil }
        return mark.time.advanced(by: stall.duration)
    }

    var stallError: HTTPError {
        let seconds = stall.duration / .seconds(1)
        let shown = seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
        let text = stall.bytes > 1 ? "fewer than \(stall.bytes) bytes have moved" : "nothing has moved"
        return HTTPError(
            .stalled, "\(text) for \(shown) s, after \(progress.sent) bytes sent and \(progress.received) received"
        ).at(job.request.place)
    }

    func unpause() {
        isPaused = false
        if mark != nil { mark = (progress.sent + progress.received, .now) }
        curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    // MARK: Ending

    /// Whether the transfer failed for no other reason than that its connection, used before, was dead by then, or had more to
    /// say of the request before, which curl leaves to be read as this one's response.
    func deservesFreshConnection(after code: CURLcode) -> Bool {
        if foundLeftovers { return true }
        return (code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING) && failure == nil
            && head.byteCount == 0 && receivedCount == 0 && !hasHadFreshConnection && isConnectionUsed
    }

    /// Back to the beginning, for a fresh connection. Nothing has been received.
    func rewind() {
        hasHadFreshConnection = true
        foundLeftovers = false
        burns_curl_set_number(easy, CURLOPT_FRESH_CONNECT, 1)
        errorText.pointee = 0
        position = 0
        progress = HTTPProgress()
        mark = nil
        isPaused = false
    }

    func outcome(of code: CURLcode) -> Result<HTTPResponse, any Error> {
        if code == CURLE_OK { reportProgress(isLast: true) }
        do {
            if let failure { throw failure }
            guard code == CURLE_OK || hasEnough else { throw error(of: code) }
            // curl takes an end within the headers for the end of a body without length.
            guard head.isComplete else { throw HTTPError.interrupted(after: 0, of: nil) }
            if case .sink(let sink) = job.destination, head.response.isSuccess, job.request.method != "HEAD" { try sink.end() }
            var response = head.response
            response.body = received
            response.wasSentTwice = sendingCount > 1
            return .success(response)
        } catch let error as HTTPError {
            return .failure(error.at(job.request.place))
        } catch {
            return .failure(error)
        }
    }

    private func error(of code: CURLcode) -> HTTPError {
        let text = String(cString: errorText)
        let underlying = CurlError(call: "curl_multi_perform", code: code, text: text.isEmpty ? nil : text)
        let host = job.request.address.host
        if let refusedAddress, !hasPassedGuard, code == CURLE_COULDNT_CONNECT {
            let (address, reason) = refusedAddress
            return HTTPError(
                .refusedAddress, "\(host) is at \(address), which is not a public address but \(reason)", underlying: underlying)
        }
        var proxyStatus = 0
        if burns_curl_get_number(easy, CURLINFO_HTTP_CONNECTCODE, &proxyStatus) == CURLE_OK, proxyStatus >= 300 {
            return HTTPError(.proxy, "the proxy refuses to connect to \(host): status \(proxyStatus)", underlying: underlying)
        }
        return switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            HTTPError(.couldNotResolve, underlying.text, underlying: underlying)
        case CURLE_COULDNT_CONNECT:
            HTTPError(.couldNotConnect, underlying.text, underlying: underlying)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            HTTPError(
                .certificate, loop.certificateAuthorities == nil
                    ? SystemAuthorities.noneFound(for: host, in: loop.configuration.systemAuthorities)
                    : "the certificate of \(host) is refused: \(underlying.text)",
                underlying: underlying)
        case CURLE_SSL_CONNECT_ERROR:
            HTTPError(
                .handshake, underlying.text.contains("wrong version number")
                    ? "\(host) does not speak TLS there; is it http:// instead of https://?"
                    : "TLS with \(host) failed: \(underlying.text)", underlying: underlying)
        case CURLE_OPERATION_TIMEDOUT where mark == nil:
            HTTPError(.couldNotConnect, "no connection within the time allowed: \(underlying.text)", underlying: underlying)
        case CURLE_OPERATION_TIMEDOUT:
            HTTPError(.timedOut, "the time allowed is over: \(underlying.text)", underlying: underlying)
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE:
            HTTPError.interrupted(after: receivedCount, of: head.response.contentLength, underlying: underlying)
        case CURLE_SEND_ERROR:
            HTTPError(
                .interrupted, "the connection ended after \(progress.sent) of \(job.body.count) bytes of the request",
                underlying: underlying)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING:
            HTTPError(.malformed, "the response is not HTTP: \(underlying.text)", underlying: underlying)
        default:
            HTTPError(.other, underlying.text, underlying: underlying)
        }
    }

    // MARK: What the callbacks do

    fileprivate func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        let wasComplete = head.isComplete
        if line.starts(with: "HTTP/".utf8), let socket { CurlLoop.acknowledgeAtOnce(socket) }
        head.take(line)
        guard head.byteCount <= CurlTransfer.mostOfHeaders else {
            failure = HTTPError(.tooLarge, "the headers of the response are longer than \(CurlTransfer.mostOfHeaders) bytes")
            return false
        }
        guard head.isComplete, !wasComplete else { return true }
        guard !head.hasBadLength else {
            failure = HTTPError(.malformed, "the response is not HTTP: its Content-Length is not a number")
            return false
        }
        guard head.response.isSuccess, job.request.method != "HEAD" else { return true }
        return attempt {
            switch job.destination {
            case .sink(let sink): try sink.begin(head.response)
            case .bytes(let limit):
                guard let announced = head.response.contentLength else { return }
                if announced > limit { throw HTTPError.tooLarge(limit: Int64(limit)) }
                received.reserveCapacity(Int(announced))
            }
        }
    }

    /// - Returns: what curl wants: the count, or anything else to end or pause the transfer.
    fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard loop.mayMove(self) else { return burns_curl_pause_receiving }
        loop.moved(bytes.count)
        receivedCount += Int64(bytes.count)
        if !head.response.isSuccess {
            received += bytes.prefix(CurlTransfer.mostOfUnsuccessful - received.count)
            hasEnough = received.count == CurlTransfer.mostOfUnsuccessful
            return hasEnough ? 0 : bytes.count
        }
        let isTaken = attempt {
            switch job.destination {
            case .sink(let sink): try sink.write(bytes)
            case .bytes(let limit):
                guard received.count + bytes.count <= limit else { throw HTTPError.tooLarge(limit: Int64(limit)) }
                received += bytes
            }
        }
        return isTaken ? bytes.count : 0
    }

    fileprivate func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = Int(min(Int64(buffer.count), job.body.count - position))
        guard count > 0 else { return 0 }
        guard loop.mayMove(self) else { return burns_curl_pause_sending }
        var taken = count
        switch job.body {
        case .none: return 0
        case .bytes(let bytes):
            bytes.withUnsafeBytes {
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.dropFirst(Int(position)).prefix(count)))
            }
        case .file(let descriptor, let offset, _):
            repeat {
                taken = pread(descriptor, buffer.baseAddress, count, off_t(offset + position))
            } while taken < 0 && errno == EINTR
            guard taken > 0 else {
                failure = taken < 0
                    ? HTTPError.file("read", errno)
                    : HTTPError(.file, "the file ends after \(position) of the \(job.body.count) bytes that are to be sent")
                return burns_curl_abort_sending
            }
        }
        loop.moved(taken)
        position += Int64(taken)
        return taken
    }

    fileprivate func seek(to offset: Int64) -> Bool {
        guard 0...job.body.count ~= offset else { return false }
        position = offset
        return true
    }

    fileprivate func note(sent: Int64, received: Int64) {
        progress = HTTPProgress(sent: sent, received: received)
        if let mark {
            let moved = sent + received - mark.bytes
            // Below zero: it starts over.
            if moved >= max(1, stall.bytes) || moved < 0 { self.mark = (sent + received, .now) }
        }
        reportProgress(isLast: false)
    }

    private func reportProgress(isLast: Bool) {
        guard let report = job.options.progress, isLast || progress != reported.progress else { return }
        let now = SuspendingClock.now
        guard isLast || now - reported.time >= CurlTransfer.progressInterval else { return }
        reported = (progress, now)
        report(progress)
    }

    /// - Returns: whether the request may be sent.
    fileprivate func connected(from port: Int, to peerPort: Int) -> Bool {
        mark = (progress.sent + progress.received, .now)
        socket = loop.socket(from: port, to: peerPort)
        foundLeftovers = isConnectionUsed && socket.map(CurlLoop.hasInput) ?? false
        if !foundLeftovers { sendingCount += 1 }
        return !foundLeftovers
    }

    /// Whether all that was needed so far was one that had been used before.
    private var isConnectionUsed: Bool {
        var made = 0
        return burns_curl_get_number(easy, CURLINFO_NUM_CONNECTS, &made) == CURLE_OK && made == 0
    }

    fileprivate func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        if let addressGuard = loop.configuration.addressGuard {
            guard let peer = PeerAddress(burns_curl_peer(address)) else { return burns_curl_no_socket }
            if let reason = addressGuard.refusal(of: peer) {
                refusedAddress = (peer, reason)
                return burns_curl_no_socket
            }
        }
        hasPassedGuard = true
        return loop.makeSocket(address.pointee)
    }

    private func attempt(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            failure = error
            return false
        }
    }
}

// What curl calls. Each gets back the transfer that it was given, which lives as long as its handle.

private func transfer(_ data: UnsafeMutableRawPointer?) -> CurlTransfer? {
    data.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private func onHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?) -> Int {
    guard let transfer = transfer(data) else { return 0 }
    return transfer.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private func onBody(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?) -> Int {
    transfer(data)?.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
}

private func onSend(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ data: UnsafeMutableRawPointer?) -> Int {
    transfer(data)?.send(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count)) ?? burns_curl_abort_sending
}

private func onSeek(_ data: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    origin == SEEK_SET && transfer(data)?.seek(to: Int64(offset)) == true ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
}

private func onProgress(
    _ data: UnsafeMutableRawPointer?, _ toReceive: curl_off_t, _ received: curl_off_t, _ toSend: curl_off_t, _ sent: curl_off_t
) -> Int32 {
    transfer(data)?.note(sent: Int64(sent), received: Int64(received))
    return 0
}

private func onConnected(
    _ data: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?, _ own: UnsafeMutablePointer<CChar>?,
    _ peerPort: Int32, _ ownPort: Int32
) -> Int32 {
    transfer(data)?.connected(from: Int(ownPort), to: Int(peerPort)) == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

private func onSocket(
    _ data: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let transfer = transfer(data), let address else { return burns_curl_no_socket }
    return transfer.openSocket(address)
}

private func onSocketClose(_ data: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t) -> Int32 {
    guard let data else { return close(descriptor) }
    return Unmanaged<CurlLoop>.fromOpaque(data).takeUnretainedValue().closeSocket(descriptor)
}

extension Duration {
    /// At least 1: 0 means "for ever" to curl.
    fileprivate var wholeMilliseconds: Int { max(1, Int(self / .milliseconds(1))) }
}
