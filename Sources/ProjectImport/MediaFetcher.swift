import Files
import HTTP
import Synchronization

/// Fetches files from strangers' servers: politely, within limits, and from nowhere that the guard does not let pass.
struct MediaFetcher: Sendable {
    /// What came, not looked at yet.
    struct Fetched: Sendable {
        let file: UnnamedFile
        /// What the server says that it is, for messages: nothing is made of it.
        let claimedType: String?
    }

    /// As many as browsers follow.
    static let maximumRedirects = 20

    private let client: HTTPClient
    private let courtesy: HostCourtesy
    private let retry: RetryPolicy
    private let timeout: Duration

    /// - Throws: `HTTPError` where no client can be started.
    init(_ options: ImportOptions) throws {
        var network = HTTPClient.Configuration()
        network.userAgent = MediaFetcher.userAgent
        network.addressGuard = options.addressGuard
        network.maximumBytesPerSecond = options.maximumBytesPerSecond
        // A file is refused by its time as a whole; this ends earlier what does not move at all.
        network.stall = HTTPClient.StallLimit(bytes: 1, duration: .seconds(20))
        client = try HTTPClient(network)
        courtesy = HostCourtesy(options.courtesy)
        var retry = options.retry
        retry.longestRetryAfter = options.courtesy.longestWait
        self.retry = retry
        timeout = options.fileTimeout
    }

    /// Names the program and what it does, as the operators of picture archives ask for.
    static let userAgent = "Burns/0.1 (renders films of pictures; imports each picture once)"

    /// - Parameters:
    ///   - limit: of the file's size, in bytes.
    ///   - accepting: for the header `Accept`.
    /// - Throws: `MediaFailure` for what cannot be had there, `ImportError` where nothing can be written here,
    ///   `CancellationError`.
    func fetch(_ start: HTTPAddress, limit: Int64, accepting types: String) async throws -> Fetched {
        let file = try openFile()
        let budget = TimeBudget(timeout)
        var address = start
        var visited: Set = [address]
        for _ in 0...MediaFetcher.maximumRedirects {
            let response = try await request(address, into: file, limit: limit, accepting: types, within: budget)
            guard let location = MediaFetcher.redirection(response) else {
                try check(response, address)
                return Fetched(file: file, claimedType: response.headers["Content-Type"])
            }
            let next: HTTPAddress
            do {
                next = try address.resolving(location)
            } catch {
                throw MediaFailure(address.withoutQuery, "it redirects to what cannot be fetched: \(error)")
            }
            guard address.scheme != "https" || next.scheme == "https" else {
                throw MediaFailure(address.withoutQuery, "it redirects from https to http, where anybody could change it")
            }
            guard visited.insert(next).inserted else { throw MediaFailure(address.withoutQuery, "it redirects in a circle") }
            address = next
        }
        throw MediaFailure(start.withoutQuery, "it redirects more than \(MediaFetcher.maximumRedirects) times")
    }

    // MARK: Steps

    private func openFile() throws -> UnnamedFile {
        do {
            return try UnnamedFile()
        } catch {
            throw ImportError("\(error); name another folder for temporary files with TMPDIR")
        }
    }

    /// One address, as often as it takes.
    private func request(
        _ address: HTTPAddress, into file: UnnamedFile, limit: Int64, accepting types: String, within budget: TimeBudget
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(method: "GET", address: address)
        request.headers["Accept"] = types
        do {
            return try await retry.perform(judging: verdict, retrying: MediaFetcher.isTransient) { [request] _ in
                try await courtesy.turn(at: address.host) {
                    // An attempt before may have been longer.
                    try file.clear()
                    var options = HTTPClient.TransferOptions()
                    options.timeout = budget.rest
                    guard budget.rest > .zero else { throw MediaFailure(address.withoutQuery, "the time allowed is over") }
                    let response = try await budget.spending {
                        try await client.perform(
                            request, receiving: .sink(FileSink(descriptor: file.descriptor, limit: limit)), options: options)
                    }
                    if case .again(let wait?) = retry.verdict(on: response) { await courtesy.hold(address.host, for: wait) }
                    return response
                }
            }
        } catch let error as HTTPError where error.kind == .file {
            throw ImportError("the folder for temporary files cannot take a file: \(error.cause); name another with TMPDIR")
        } catch let error as HTTPError where error.kind == .tooLarge {
            throw MediaFailure(address.withoutQuery, "it is longer than the \(limit) bytes allowed")
        } catch let error as HTTPError where error.kind == .refusedAddress {
            throw MediaFailure(address.withoutQuery, "\(error.cause); --allow-private-hosts allows that")
        } catch let error as HTTPError {
            throw MediaFailure(address.withoutQuery, error.cause)
        } catch let error as HostCourtesy.HostIsBusy {
            let wish = switch error {
            case .now(let rest): "for another \(rest.components.seconds) s"
            case .inAll(let held): "again and again, for \(held.components.seconds) s in all"
            }
            throw MediaFailure(address.withoutQuery, "the host has asked to be left alone \(wish)")
        } catch let error as FileError {
            throw ImportError("\(error)")
        }
    }

    /// What the host asks for is waited for with its turn, by all who want something of it.
    private func verdict(on response: HTTPResponse) -> RetryPolicy.Verdict {
        guard case .again(let wait) = retry.verdict(on: response), wait ?? .zero <= retry.longestRetryAfter else { return .done }
        return .again(after: nil)
    }

    /// What took too long once would take too long again.
    private static func isTransient(_ error: any Error) -> Bool {
        guard let error = error as? HTTPError else { return false }
        return error.isTransient && error.kind != .timedOut
    }

    /// Where a response sends us.
    private static func redirection(_ response: HTTPResponse) -> String? {
        [301, 302, 303, 307, 308].contains(response.status) ? response.headers["Location"] : nil
    }

    private func check(_ response: HTTPResponse, _ address: HTTPAddress) throws(MediaFailure) {
        guard response.status == 200 else {
            var reason = "the server answers with status \(response.status)" + MediaFetcher.meaning(response.status)
            if let wait = retry.retryAfter(response), response.status == 429 || response.status == 503 {
                reason += " and asks to come back in \(wait.components.seconds) s"
            }
            throw MediaFailure(address.withoutQuery, reason)
        }
        if let coding = response.headers["Content-Encoding"], coding.lowercased() != "identity", !coding.isEmpty {
            throw MediaFailure(address.withoutQuery, "the server sends it compressed, which was not asked for")
        }
    }

    private static func meaning(_ status: Int) -> String {
        switch status {
        case 401, 403: " (access denied; a signature in the URL may have expired)"
        case 404, 410: " (there is nothing there)"
        case 429: " (too many requests)"
        case 500...: " (the server fails)"
        default: ""
        }
    }
}

/// The time that a file may take: all its redirects and attempts together, what we wait for of our own accord not counted.
private final class TimeBudget: Sendable {
    private let state: Mutex<Duration>

    init(_ duration: Duration) { state = Mutex(duration) }

    var rest: Duration { state.withLock { $0 } }

    func spending<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let start = ContinuousClock.now
        defer { state.withLock { $0 -= ContinuousClock.now - start } }
        return try await body()
    }
}
