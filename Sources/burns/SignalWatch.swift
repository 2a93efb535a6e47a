import Dispatch
import Glibc
import Rendering

/// Turns Ctrl-C, `kill` and a closed terminal into a cancellation; a second Ctrl-C ends the process at once.
struct SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(_ cancellation: Cancellation, resume: String) {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if cancellation.isCancelled { _exit(130) }
                cancellation.cancel()
                Console.note("cancelled; \(resume)")
            }
            source.resume()
            return source
        }
    }
}
