import Dispatch
import Glibc

/// Ends the process although a device hangs: what its driver does at a process's exit may wait for it, and so for ever.
enum HungDevice {
    private static let patienceSeconds = 5

    /// Once in a process.
    static let seesToTheExit: Void = {
        on_exit(
            { status, _ in
                // Beside the other handlers, which have their time to remove files.
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(patienceSeconds)) {
                    fflush(nil)
                    _exit(status)
                }
            }, nil)
    }()
}
