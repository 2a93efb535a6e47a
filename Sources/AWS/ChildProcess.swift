import CSystem
import Dispatch
import Glibc

/// Runs a program for what it prints. Its standard error is ours, so that it can ask and complain.
enum ChildProcess {
    private static let maximumBytes = 1 << 20

    /// - Parameters:
    ///   - words: the program, looked for on the PATH, and its arguments. No shell is involved.
    ///   - name: for messages.
    /// - Returns: the exit status (128 + the signal's number where one ended it), and the standard output.
    static func run(
        _ words: [String], named name: String, timeoutSeconds: Double = 300
    ) async throws -> (status: Int, output: [UInt8]) {
        // It waits, for which Swift's cooperative pool is not there.
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try runAndWait(words, name, timeoutSeconds) })
            }
        }
    }

    private static func runAndWait(
        _ words: [String], _ name: String, _ timeoutSeconds: Double
    ) throws(AWSError) -> (status: Int, output: [UInt8]) {
        var ends: [Int32] = [0, 0]
        guard burns_pipe(&ends) == 0 else { throw failure(name, "cannot be started", errno) }
        defer { close(ends[0]) }
        // Our copy of the writing end goes, or the end of the output would never come.
        let started = Result { () throws(AWSError) in try start(words, name, output: ends[1]) }
        close(ends[1])
        let identifier = try started.get()
        let output: [UInt8]
        do throws(AWSError) {
            output = try readAll(ends[0], name, timeoutSeconds)
        } catch {
            kill(identifier, SIGKILL)
            _ = wait(identifier)
            throw error
        }
        return (wait(identifier), output)
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

    private static func readAll(_ descriptor: Int32, _ name: String, _ timeoutSeconds: Double) throws(AWSError) -> [UInt8] {
        let deadline = ContinuousClock.now + .seconds(timeoutSeconds)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let milliseconds = max((deadline - .now) / .milliseconds(1), 0)
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&entry, 1, Int32(min(milliseconds, 1e9)))
            if ready < 0 && errno == EINTR { continue }
            guard ready != 0 else {
                throw AWSError(.credentials, "\(name) did not end within \(Int(timeoutSeconds)) seconds")
            }
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

    private static func wait(_ identifier: pid_t) -> Int {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return Int(signal == 0 ? status >> 8 & 0xFF : 128 + signal)
    }

    private static func failure(_ name: String, _ what: String, _ code: Int32) -> AWSError {
        AWSError(.credentials, "\(name) \(what): \(String(cString: strerror(code)))")
    }
}
