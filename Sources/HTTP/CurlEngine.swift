import CCurl
import Synchronization
import Threads

/// A transfer's name between the task that waits for it and the thread that does it.
final class CurlTicket: Sendable {
    private let cancelled = Atomic<Bool>(false)
    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }
    func cancel() { cancelled.store(true, ordering: .releasing) }
}

/// A transfer to be done, and whom to tell.
struct CurlJob: Sendable {
    let ticket: CurlTicket
    var request: HTTPRequest
    let prepare: (@Sendable (HTTPRequest) -> HTTPRequest)?
    let body: HTTPBody
    let destination: HTTPDestination
    let options: HTTPClient.TransferOptions
    let continuation: CheckedContinuation<HTTPResponse, any Error>
}

/// What the world has asked of the thread since it looked last.
struct CurlInbox: Sendable {
    var jobs: [CurlJob] = []
    var hasCancelled = false
    var isClosed = false
}

/// The way to the thread that owns the multi handle. All of curl's handles are touched by that thread only.
final class CurlEngine: Sendable {
    let configuration: HTTPClient.Configuration
    private let state: Mutex<State>

    private struct State: Sendable {
        var inbox = CurlInbox()
        /// `nil` when the loop has ended.
        var multi: CurlMulti?
        var thread: WorkThread?
    }

    /// curl allows one call from other threads, `curl_multi_wakeup`, which is the only one made here; and only while the handle
    /// lives, for which `state` is locked.
    struct CurlMulti: @unchecked Sendable {
        let handle: UnsafeMutableRawPointer
        func wake() { curl_multi_wakeup(handle) }
    }

    private static let start: CURLcode = curl_global_init(burns_curl_global_default)

    init(_ configuration: HTTPClient.Configuration) throws {
        let code = CurlEngine.start
        guard code == CURLE_OK else {
            throw HTTPError(.other, "libcurl cannot be started", underlying: CurlError(call: "curl_global_init", code: code))
        }
        guard let handle = curl_multi_init() else {
            throw HTTPError(
                .other, "libcurl cannot be started", underlying: CurlError(call: "curl_multi_init", code: CURLM_OUT_OF_MEMORY))
        }
        let multi = CurlMulti(handle: handle)
        self.configuration = configuration
        state = Mutex(State(multi: multi))

        do throws(WorkThreadError) {
            // The thread holds on to the engine until its loop ends.
            let thread = try WorkThread { CurlLoop(engine: self, multi: multi.handle).run() }
            state.withLock { $0.thread = thread }
        } catch {
            curl_multi_cleanup(handle)
            throw HTTPError(.other, "the client's thread cannot be started: \(error)")
        }
    }

    func submit(_ job: CurlJob) {
        let isClosed = state.withLock {
            if !$0.inbox.isClosed { $0.inbox.jobs.append(job) }
            $0.multi?.wake()
            return $0.inbox.isClosed
        }
        if isClosed { job.continuation.resume(throwing: HTTPError.closed.at(job.request.place)) }
    }

    func cancel(_ ticket: CurlTicket) {
        ticket.cancel()
        state.withLock {
            $0.inbox.hasCancelled = true
            $0.multi?.wake()
        }
    }

    /// Waits for the thread to end, unless it is that thread that calls.
    func close() {
        let thread = state.withLock {
            $0.inbox.isClosed = true
            $0.multi?.wake()
            return $0.thread.take()
        }
        guard let thread else { return }
        if thread.isCurrent { thread.detach() } else { thread.join() }
    }

    /// For the loop: what is new.
    func takeInbox() -> CurlInbox {
        state.withLock {
            let inbox = $0.inbox
            $0.inbox.jobs = []
            $0.inbox.hasCancelled = false
            return inbox
        }
    }

    /// For the loop: from now on nobody wakes it.
    func loopEnds() { state.withLock { $0.multi = nil } }
}
