import Foundation
import Glibc
import Testing
import TestSupport

/// A folder of a test's own with a cache, a place for temporary files and one for results; gone with the last reference.
final class Sandbox: Sendable {
    let root: String
    var cache: String { root + "/cache" }
    var temporary: String { root + "/tmp" }
    var output: String { root + "/out" }
    var film: String { output + "/film.mp4" }

    init() throws {
        // Without the links on the way, as the engine names files.
        root = try Files.realPath(NSTemporaryDirectory()) + "/burns-test-" + UUID().uuidString
        for folder in [root, root + "/cache", root + "/tmp", root + "/out"] { try Files.makeFolder(folder) }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Runs `burns`; small and fast unless the arguments say otherwise.
    func burns(
        _ arguments: String..., environment: [String: String] = [:], folder: String? = nil, secondsAllowed: Double = 60
    ) throws -> Finished {
        try start([Burns.path] + arguments, environment: environment, folder: folder).wait(secondsAllowed: secondsAllowed)
    }

    /// Renders a project to `film` at 160 × 90, 4 frames per second.
    func render(
        _ project: String, _ arguments: String..., environment: [String: String] = [:], secondsAllowed: Double = 60
    ) throws -> Finished {
        try start(
            [Burns.path] + Burns.render(project, to: film) + arguments, environment: environment
        ).wait(secondsAllowed: secondsAllowed)
    }

    func start(_ command: [String], environment: [String: String] = [:], folder: String? = nil) throws -> Running {
        var all = ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": root, "BURNS_CACHE": cache, "TMPDIR": temporary, "LC_ALL": "C.UTF-8"]
        // No test asks the network beyond this machine who it is.
        all["AWS_EC2_METADATA_DISABLED"] = "true"
        all.merge(environment) { $1 }
        return try Running(command, environment: all, folder: folder ?? output, streams: root)
    }

    /// What should not be there after a command: temporary files in the sandbox, anything at all in the place for those.
    var leftovers: [String] {
        let all = (FileManager.default.enumerator(atPath: root)?.allObjects as? [String]) ?? []
        return all.filter { $0.hasSuffix(".partial") || $0.hasPrefix("tmp/") }
    }
}

enum Burns {
    /// The binary that was built beside the tests.
    static let path = builtProgram("burns").path

    static func render(_ project: String, to film: String) -> [String] {
        ["render", project, "-o", film, "--size", "160x90", "--fps", "4", "--preset", "ultrafast"]
    }
}

/// What a process left.
struct Finished {
    /// Exit status; 128 + the signal's number where one ended it, as a shell has it.
    let status: Int32
    let out: String
    let error: String
    let wallSeconds: Double
    let cpuSeconds: Double

    /// Exactly one line, which says what is wrong.
    var isOneSentence: Bool { error.hasPrefix("error: ") && error.hasSuffix("\n") && error.dropLast().contains("\n") == false }

    func report() throws -> Report { try Report(Data(out.utf8)) }
}

struct Report: Decodable {
    struct Chunks: Decodable { let total, cached, shared: Int }
    struct Pictures: Decodable { let decoded: Int }
    struct Seconds: Decodable { let decode, prepare, resample, encode, assemble, total: Double }
    struct Output: Decodable { let path: String; let bytes: Int; let sha256: String }
    let frames: Int
    let durationS: Double
    struct Maker: Decodable { let backend, kernels: String; let device: String?; let frames: Int }
    let fps, backend, kernels, encoder: String
    let device, backendReason: String?
    let framesMadeBy: [Maker]
    let chunks: Chunks
    let pictures: Pictures
    let seconds: Seconds
    let peakRssBytes: Int
    let output: Output?
    let warnings: [String]
}

extension Report {
    init(_ document: Data) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Report.self, from: document)
    }
}

/// A process under way. Its streams go to files, so that it never waits for a reader.
final class Running {
    let identifier: pid_t
    private let out, error: String
    private let started = Date()

    init(_ command: [String], environment: [String: String], folder: String, streams: String) throws {
        let name = UUID().uuidString
        out = "\(streams)/\(name).out"
        error = "\(streams)/\(name).err"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, error, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var identifier = pid_t()
        // `env` changes the folder and then becomes the command, under the same process id.
        let arguments: [UnsafeMutablePointer<CChar>?] = (["/usr/bin/env", "-C", folder] + command).map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        let code = posix_spawn(&identifier, "/usr/bin/env", &actions, nil, arguments, variables)
        try #require(code == 0, "\(command[0]) cannot be started: \(String(cString: strerror(code)))")
        self.identifier = identifier
    }

    func send(_ signal: Int32) { kill(identifier, signal) }

    func wait(secondsAllowed: Double = 60) throws -> Finished {
        var status: Int32 = 0
        var usage = rusage()
        var isLate = false
        while wait4(identifier, &status, WNOHANG, &usage) == 0 {
            if Date().timeIntervalSince(started) > secondsAllowed && !isLate {
                isLate = true
                send(SIGKILL)
            }
            usleep(2000)
        }
        try #require(!isLate, "was not done after \(secondsAllowed) s")
        let signal = status & 0x7f
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        let texts = try [out, error].map { String(decoding: try Files.read($0), as: UTF8.self) }
        for stream in [out, error] { unlink(stream) }
        return Finished(
            status: signal == 0 ? status >> 8 & 0xff : 128 + signal, out: texts[0], error: texts[1],
            wallSeconds: Date().timeIntervalSince(started), cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime))
    }
}

enum Files {
    static func read(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
    static func write(_ data: Data, _ path: String) throws { try data.write(to: URL(fileURLWithPath: path)) }
    static func write(_ text: String, _ path: String) throws { try write(Data(text.utf8), path) }
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
    static func list(_ folder: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
    static func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    static func copy(_ source: String, to place: String) throws { try FileManager.default.copyItem(atPath: source, toPath: place) }
    static func realPath(_ path: String) throws -> String {
        let resolved = try #require(realpath(path, nil))
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// Runs another program to its end and gives what it printed.
func tool(_ command: String...) throws -> String {
    let sandbox = try Sandbox()
    let finished = try sandbox.start(command).wait(secondsAllowed: 60)
    try #require(finished.status == 0, "\(command[0]): \(finished.error)")
    return finished.out
}
