import Dispatch
import Glibc
import Synchronization

/// The turn of an encoder whose library bears one at a time in a process. Taken before it is opened; given on when this object
/// goes, after the encoder was closed.
///
/// SVT-AV1 1.4 writes its tables anew whenever an encoder starts; another one that is at work then crashes now and then.
final class EncoderTurn {
    private static let free = DispatchSemaphore(value: 1)
    /// The thread that has the turn.
    private static let holder = Mutex<pthread_t?>(nil)

    static func isNeeded(for encoder: String) -> Bool { encoder == "libsvtav1" }

    /// Waits for the turn, as long as another thread's encoder is open.
    ///
    /// - Throws: where it is the calling thread's own encoder, for which it would wait for ever.
    static func take(for encoder: String) throws(FilmError) -> EncoderTurn {
        if holder.withLock({ $0 == pthread_self() }) {
            throw FilmError(
                .encoding, "This thread has an encoder \(encoder) open, of which there can be one at a time; close it first.")
        }
        free.wait()
        holder.withLock { $0 = pthread_self() }
        return EncoderTurn()
    }

    private init() {}

    deinit {
        Self.holder.withLock { $0 = nil }
        Self.free.signal()
    }
}
