import BenchmarkSupport
import Glibc
import MachineBenchmark
import Rendering

/// What a program took, as the kernel counts it.
struct ProcessUsage {
    let wallSeconds: Double
    /// In user and kernel mode, all threads.
    let cpuSeconds: Double
    let peakResidentBytes: Int
}

/// Runs programs one at a time and tells what they took.
enum ChildProcess {
    /// Runs a program to its end; what it says on stderr is passed on.
    ///
    /// - Parameters:
    ///   - command: the program, looked for along PATH, and its arguments.
    ///   - cores: it may run on the first so many cores only.
    /// - Throws: `BenchmarkError` when it cannot be started or fails.
    static func run(_ command: [String], cores: Int? = nil) throws -> (output: [UInt8], usage: ProcessUsage) {
        let arguments = (cores.map { ["taskset", "-c", "0-\($0 - 1)"] } ?? []) + command
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(arguments, "pipe", errno) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])

        var words = arguments.map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var child: pid_t = 0
        let start = monotonicSeconds()
        let status = posix_spawnp(&child, arguments[0], &actions, nil, words, environ)
        close(ends[1])
        guard status == 0 else { throw failure(arguments, "posix_spawnp", status) }

        var output: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(ends[0], &block, block.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            output += block[..<count]
        }
        var exit: Int32 = 0
        var usage = rusage()
        while wait4(child, &exit, 0, &usage) < 0 {
            guard errno == EINTR else { throw failure(arguments, "wait4", errno) }
        }
        let wall = monotonicSeconds() - start
        guard exit == 0 else { throw BenchmarkError("\(arguments.joined(separator: " ")) failed (status \(exit >> 8)).") }
        return (
            output,
            ProcessUsage(wallSeconds: wall, cpuSeconds: usage.cpuSeconds, peakResidentBytes: usage.ru_maxrss * 1024)
        )
    }

    private static func failure(_ command: [String], _ call: String, _ code: Int32) -> BenchmarkError {
        BenchmarkError("\(command[0]) cannot be run: \(call): \(String(cString: strerror(code))).")
    }
}
