import CCurl

/// Does all transfers of a client. Made, used and left behind by its thread.
final class CurlLoop {
    let configuration: HTTPClient.Configuration
    /// A PEM file; `nil`: none was found.
    let certificateAuthorities: String?
    private let engine: CurlEngine
    private let multi: UnsafeMutableRawPointer
    private var waiting: [CurlJob] = []
    /// By easy handle.
    private var transfers: [UnsafeMutableRawPointer: CurlTransfer] = [:]
    /// By origin.
    private var transferCounts: [String: Int] = [:]
    /// Those that the bucket holds back, the one that has waited longest first.
    private var paused: [CurlTransfer] = []
    private var bucket: TokenBucket?
    /// Open ones, of transfers and of kept connections, with their ports once they have been asked for.
    var sockets: [curl_socket_t: ConnectionPorts?] = [:]

    init(engine: CurlEngine, multi: UnsafeMutableRawPointer) {
        self.engine = engine
        self.multi = multi
        configuration = engine.configuration
        certificateAuthorities = configuration.certificateAuthorities
            ?? SystemAuthorities.find(in: configuration.systemAuthorities)
        bucket = configuration.maximumBytesPerSecond.map { TokenBucket(bytesPerSecond: $0, now: .now) }
    }

    func run() {
        // Kept connections: of several hosts at once. The default grows and shrinks with the transfers.
        burns_curl_multi_set_number(multi, CURLMOPT_MAXCONNECTS, max(configuration.maximumTransfersPerHost, 1) * 4)
        while true {
            let inbox = engine.takeInbox()
            if inbox.isClosed {
                waiting += inbox.jobs
                break
            }
            waiting += inbox.jobs
            if inbox.hasCancelled { dropCancelled() }
            admit()
            unpause()
            var running: Int32 = 0
            let code = curl_multi_perform(multi, &running)
            if code != CURLM_OK {
                failAll(HTTPError(.other, "libcurl failed", underlying: CurlError(call: "curl_multi_perform", code: code)))
            }
            finishDone()
            dropStalled()
            if !waiting.isEmpty, waiting.contains(where: hasRoom) { continue }
            curl_multi_poll(multi, nil, 0, Int32(secondsToSleep() * 1000 + 1), nil)
        }
        failAll(HTTPError.closed)
        engine.loopEnds()
        // Closes the kept connections.
        curl_multi_cleanup(multi)
    }

    // MARK: For transfers

    /// Whether the next bytes may move now; otherwise the transfer waits until they may.
    func mayMove(_ transfer: CurlTransfer) -> Bool {
        guard bucket != nil, bucket?.isOpen(.now) == false else { return true }
        if !transfer.isPaused {
            transfer.isPaused = true
            paused.append(transfer)
        }
        return false
    }

    func moved(_ count: Int) { bucket?.take(count) }

    // MARK: Steps

    private func hasRoom(_ job: CurlJob) -> Bool {
        transferCounts[job.request.address.origin, default: 0] < configuration.transfersPerHost
    }

    private func admit() {
        var held: [CurlJob] = []
        for job in waiting {
            if job.ticket.isCancelled {
                job.continuation.resume(throwing: CancellationError())
            } else if hasRoom(job) {
                start(job)
            } else {
                held.append(job)
            }
        }
        waiting = held
    }

    private func start(_ job: CurlJob) {
        do {
            var job = job
            if let prepare = job.prepare {
                job.request = prepare(job.request)
                try job.request.check(body: job.body)
            }
            let transfer = try CurlTransfer(job, loop: self)
            try check(curl_multi_add_handle(multi, transfer.easy), "curl_multi_add_handle")
            transfers[transfer.easy] = transfer
            transferCounts[job.request.address.origin, default: 0] += 1
        } catch let error as CurlError {
            let failure = HTTPError(.other, "the transfer cannot be set up: \(error)", underlying: error)
            job.continuation.resume(throwing: failure.at(job.request.place))
        } catch {
            job.continuation.resume(throwing: error)
        }
    }

    /// The most urgent thing that curl itself knows nothing of.
    private func secondsToSleep() -> Double {
        var seconds = 60.0
        if !paused.isEmpty, let bucket { seconds = min(seconds, bucket.secondsToWait) }
        let now = SuspendingClock.now
        for transfer in transfers.values {
            if let deadline = transfer.stallDeadline { seconds = min(seconds, (deadline - now) / .seconds(1)) }
        }
        return max(0, seconds)
    }

    private func unpause() {
        guard !paused.isEmpty else { return }
        // Each gets its turn before one gets a second: those that are held back again go to the end.
        for _ in 0..<paused.count {
            guard let transfer = paused.first, bucket?.isOpen(.now) == true else { return }
            paused.removeFirst()
            transfer.unpause()
        }
    }

    private func finishDone() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle, let transfer = transfers[easy]
            else { continue }
            let code = burns_curl_result(message)
            if transfer.deservesFreshConnection(after: code) {
                curl_multi_remove_handle(multi, easy)
                transfer.rewind()
                if curl_multi_add_handle(multi, easy) == CURLM_OK { continue }
            }
            end(transfer, transfer.outcome(of: code))
        }
    }

    private func dropStalled() {
        let now = SuspendingClock.now
        for transfer in Array(transfers.values) {
            if let deadline = transfer.stallDeadline, deadline <= now { end(transfer, .failure(transfer.stallError)) }
        }
    }

    private func dropCancelled() {
        for transfer in Array(transfers.values) where transfer.job.ticket.isCancelled {
            end(transfer, .failure(CancellationError()))
        }
    }

    private func failAll(_ error: HTTPError) {
        for transfer in Array(transfers.values) { end(transfer, .failure(error.at(transfer.job.request.place))) }
        for job in waiting { job.continuation.resume(throwing: error.at(job.request.place)) }
        waiting = []
    }

    private func end(_ transfer: CurlTransfer, _ outcome: Result<HTTPResponse, any Error>) {
        curl_multi_remove_handle(multi, transfer.easy)
        transfers[transfer.easy] = nil
        paused.removeAll { $0 === transfer }
        let origin = transfer.job.request.address.origin
        transferCounts[origin] = transferCounts[origin].flatMap { $0 > 1 ? $0 - 1 : nil }
        transfer.job.continuation.resume(with: outcome)
    }
}
