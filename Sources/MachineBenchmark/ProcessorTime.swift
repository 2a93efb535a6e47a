import Glibc

extension rusage {
    /// In user and kernel mode.
    package var cpuSeconds: Double {
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        return seconds(ru_utime) + seconds(ru_stime)
    }

    /// Of this process so far, all threads.
    package static var current: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }
}
