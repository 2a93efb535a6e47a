import Glibc

/// Sets a file's access time to now, by which caches know what was not used for longest.
///
/// Its other times stay: renders notice when those change.
package func markUsed(_ path: String) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    // UTIME_OMIT, a macro that Swift does not see.
    utimensat(AT_FDCWD, path, [now, timespec(tv_sec: 0, tv_nsec: (1 << 30) - 2)], 0)
}
