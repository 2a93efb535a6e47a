import Glibc

/// Runs `body`, then gives the scheduling policy and priority that the caller had to it and to every real-time thread that was
/// started meanwhile.
///
/// SVT-AV1 takes real time (SCHED_FIFO, 99) where it runs as root, for the thread that opens it and for each that it starts.
/// Until it is closed they would keep all others from the cores. Threads that were there before are left alone.
func withoutTakingRealTime<R>(_ body: () -> R) -> R {
    let before = threads()
    var (policy, parameters): (Int32, sched_param) = (0, sched_param())
    let isKnown = pthread_getschedparam(pthread_self(), &policy, &parameters) == 0
    let result = body()
    guard isKnown else { return result }
    // Lowering is allowed to everybody; a thread that has ended meanwhile is none to be lowered.
    for thread in threads().subtracting(before) where sched_getscheduler(thread) == SCHED_FIFO {
        sched_setscheduler(thread, policy, &parameters)
    }
    pthread_setschedparam(pthread_self(), policy, &parameters)
    return result
}

/// Of this process, by the kernel's numbers. Empty where /proc is not mounted.
private func threads() -> Set<pid_t> {
    guard let folder = opendir("/proc/self/task") else { return [] }
    defer { closedir(folder) }
    var found: Set<pid_t> = []
    while let entry = readdir(folder) {
        // What is no number is 0: `.` and `..`.
        let thread = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 1) { pid_t(strtol($0, nil, 10)) }
        }
        if thread > 0 { found.insert(thread) }
    }
    return found
}
