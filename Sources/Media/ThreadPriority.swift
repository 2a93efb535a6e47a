import Glibc

/// Runs `body`, and gives the calling thread the scheduling policy and priority back that it had before.
///
/// SVT-AV1 takes real time (SCHED_FIFO, 99) for the thread that opens it where it runs as root. Whatever that thread does
/// afterwards, and every thread that it starts, would keep all others from a core.
func keepingThreadPriority<R>(_ body: () -> R) -> R {
    var (policy, parameters): (Int32, sched_param) = (0, sched_param())
    let isKnown = pthread_getschedparam(pthread_self(), &policy, &parameters) == 0
    let result = body()
    if isKnown { pthread_setschedparam(pthread_self(), policy, &parameters) }
    return result
}
