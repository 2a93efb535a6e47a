import CSystem
import Dispatch
import Glibc
import Synchronization

/// Runs a program for what it prints. Its standard error is ours, so that it can ask and complain.
package enum ChildProcess {
    private static let maximumBytes = 1 << 20
    /// A cancellation is noticed after so long at most.
    private static let lookMilliseconds = 50.0

    /// Whether anybody still waits for a program, and until when. Killing it and seeing its end exclude each other: from then on,
    /// its identifier may be another's.
    private final class Patience: Sendable {
        private let seconds: Double
        private let deadline: ContinuousClock.Instant
        private let state = Mutex((running: pid_t?.none, isOver: false))

        init(seconds: Double) { (self.seconds, deadline) = (seconds, .now + .seconds(seconds)) }

        func began(_ identifier: pid_t) {
            state.withLock {
                $0.running = identifier
                if $0.isOver { kill(identifier, SIGKILL) }
            }
        }

        /// Nobody waits any more.
        func end() {
            state.withLock {
                $0.isOver = true
                if let running = $0.running { kill(running, SIGKILL) }
            }
        }

        /// - Parameter options: of `waitpid`.
        /// - Returns: the status with which it ended; `nil`: it has not.
        func reap(_ options: Int32) -> Int32? {
            state.withLock {
                var status: Int32 = 0
                guard let running = $0.running else { return nil }
                var ended: pid_t
                repeat { ended = waitpid(running, &status, options) } while ended < 0 && errno == EINTR
                guard ended != 0 else { return nil }
                $0.running = nil
                // Where nobody wants to be told of children (SIGCHLD is ignored), the system does not keep how they ended.
                return ended < 0 ? 0 : status
            }
        }

        /// - Returns: the milliseconds that are left.
        /// - Throws: where there are none, or nobody waits any more.
        func check(_ name: String) throws -> Double {
            if state.withLock({ $0.isOver }) { throw CancellationError() }
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0 else { throw AWSError(.credentials, "\(name) did not end within \(Int(seconds)) seconds") }
            return left
        }
    }

    /// - Parameters:
    ///   - words: the program, looked for on the PATH, and its arguments. No shell is involved.
    ///   - name: for messages.
    /// - Returns: the exit status (128 + the signal's number where one ended it), and the standard output.
    /// - Throws: `AWSError`; `CancellationError`. Either way the program is killed, if it was still there.
    package static func run(
        _ words: [String], named name: String, timeoutSeconds: Double = 300
    ) async throws -> (status: Int, output: [UInt8]) {
        let patience = Patience(seconds: timeoutSeconds)
        return try await withTaskCancellationHandler {
            // It waits, for which Swift's cooperative pool is not there.
            try await withCheckedThrowingContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(with: Result { try runAndWait(words, name, patience) })
                }
            }
        } onCancel: {
            patience.end()
        }
    }

    private static func runAndWait(
        _ words: [String], _ name: String, _ patience: Patience
    ) throws -> (status: Int, output: [UInt8]) {
        var ends: [Int32] = [0, 0]
        guard burns_pipe(&ends) == 0 else { throw failure(name, "cannot be started", errno) }
        defer { close(ends[0]) }
        // Our copy of the writing end goes, or the end of the output would never come.
        let started = Result { () throws(AWSError) in try start(words, name, output: ends[1]) }
        close(ends[1])
        patience.began(try started.get())
        do {
            let output = try readAll(ends[0], name, patience)
            return (try wait(name, patience), output)
        } catch {
            patience.end()
            _ = patience.reap(0)
            throw error
        }
    }

    private static func start(_ words: [String], _ name: String, output: Int32) throws(AWSError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        // Signals that this program holds back or ignores are the other's own affair.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, defaults) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigemptyset(&defaults)
        for signal in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var arguments = words.map { strdup($0) } + [nil]
        defer { arguments.forEach { free($0) } }
        var identifier: pid_t = 0
        let code = posix_spawnp(&identifier, words[0], &actions, &attributes, &arguments, environ)
        guard code == 0 else { throw failure(name, "cannot be started", code) }
        return identifier
    }

    private static func readAll(_ descriptor: Int32, _ name: String, _ patience: Patience) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let milliseconds = min(try patience.check(name), lookMilliseconds)
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&entry, 1, Int32(milliseconds.rounded(.up)))
            if ready == 0 || ready < 0 && errno == EINTR { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(name, "cannot be read from", errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else {
                throw AWSError(.credentials, "\(name) prints more than \(maximumBytes) bytes")
            }
        }
    }

    /// Most end with their output; one that closes it and lives on has no longer than the others.
    private static func wait(_ name: String, _ patience: Patience) throws -> Int {
        var milliseconds = 1.0
        while true {
            if let status = patience.reap(WNOHANG) {
                let signal = status & 0x7F
                return Int(signal == 0 ? status >> 8 & 0xFF : 128 + signal)
            }
            milliseconds = min(milliseconds * 2, lookMilliseconds, try patience.check(name))
            usleep(UInt32(milliseconds * 1000))
        }
    }

    private static func failure(_ name: String, _ what: String, _ code: Int32) -> AWSError {
        AWSError(.credentials, "\(name) \(what): \(String(cString: strerror(code)))")
    }
}
