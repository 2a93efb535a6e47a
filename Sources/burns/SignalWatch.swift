import Dispatch
import Glibc
import Rendering

/// Turns Ctrl-C, `kill` and a closed terminal into a cancellation; a second Ctrl-C ends the process at once.
struct SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(_ cancellation: Cancellation, resume: String) {
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            // `nohup` and shells that start jobs in the background have it ignored, and so it stays.
            var inherited = sigaction()
            sigaction(number, nil, &inherited)
            if unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { return nil }
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if cancellation.isCancelled {
                    if number == SIGINT { _exit(130) }
                    return
                }
                cancellation.cancel()
                Console.note("cancelled; \(resume)")
            }
            source.resume()
            return source
        }
    }

    /// After this, signals are too late to cancel anything.
    func end() { for source in sources { source.cancel() } }
}
