import CFFmpeg
import Glibc
import Synchronization

/// libav's log, kept off the terminal: only the last error line of each thread is remembered, so that a thrown error can say
/// what the encoder said ("[libx264] broken ffmpeg default settings detected").
///
/// Thread rule: any thread. A line belongs to the thread that logged it. That is the caller's for all that logs through libav:
/// SVT-AV1 and x265, which have threads of their own, write past it and are told not to.
enum LibavLog {
    private static let lastErrors = Mutex<[UInt: String]>([:])
    /// Threads come and go; lines that nobody asked for are dropped all at once beyond this many.
    private static let maximumThreads = 256

    /// Routes libav's log here for the whole process. Cheap after the first call.
    static func install() { _ = installed }

    private static let installed: Void = {
        // SVT-AV1 writes to stderr past libav's log and reads its level from here only. A level set by the user stays.
        setenv("SVT_LOG", "0", 0)
        av_log_set_callback { source, level, format, arguments in
            guard level <= AV_LOG_ERROR, let format, let arguments else { return }
            _ = source
            let line = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer -> String in
                guard let base = buffer.baseAddress else { return "" }
                vsnprintf(base, buffer.count, format, arguments)
                return String(cString: base)
            }
            LibavLog.keep(line)
        }
    }()

    private static func keep(_ line: String) {
        var text = Substring(line)
        while let last = text.last, last.isWhitespace || last == "." { text.removeLast() }
        if text.isEmpty { return }
        let kept = String(text)
        lastErrors.withLock { lines in
            if lines.count >= maximumThreads { lines.removeAll() }
            lines[UInt(pthread_self())] = kept
        }
    }

    /// The last error line of this thread, once.
    static func takeLastError() -> String? {
        lastErrors.withLock { $0.removeValue(forKey: UInt(pthread_self())) }
    }
}
