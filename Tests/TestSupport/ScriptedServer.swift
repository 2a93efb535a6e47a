import Glibc
import Synchronization

/// An HTTP server on loopback that does, connection by connection, what a script says: also what no real server should.
///
/// Each connection has a thread. `stop`, or the last reference's end, ends them all.
public final class ScriptedServer: Sendable {
    /// What happens next on a connection. After the last step it is closed.
    public enum Step: Sendable {
        /// Reads a request, with its body (by length or chunks), and records it. A connection that ends here ends the script.
        case readRequest
        /// Reads no further than the header. The request is recorded with an empty body.
        case readHead
        /// Reads so many bytes and forgets them; slower with a pause after each 64 KiB.
        case discard(Int, pause: Duration = .zero)
        case send([UInt8])
        /// Bytes of `ScriptedServer.pattern`, never all in memory.
        case sendPattern(Int)
        case drip([UInt8], chunk: Int, every: Duration)
        case wait(Duration)
        /// Does nothing until the client leaves or the server stops.
        case stall
        /// Closes in a way that makes the client see a reset.
        case reset
        case close
        /// Request for request, as long as there are any: the steps that the closure says once the request is read.
        case serve(@Sendable (Request) -> [Step])

        public static func send(_ text: String) -> Step { .send(Array(text.utf8)) }

        /// A whole response that leaves the connection open.
        public static func respond(_ status: Int = 200, _ headers: [String] = [], body: String = "") -> Step {
            let lines = ["HTTP/1.1 \(status) Status"] + headers + ["Content-Length: \(body.utf8.count)", "", ""]
            return .send(lines.joined(separator: "\r\n") + body)
        }

        /// A header that announces so many bytes, which are for the next steps to send.
        public static func announce(_ count: Int, status: Int = 200) -> Step {
            .send("HTTP/1.1 \(status) Status\r\nContent-Length: \(count)\r\n\r\n")
        }
    }

    public struct Request: Sendable {
        /// Counted from 0.
        public let connection: Int
        /// Exactly as it came: request line, headers, empty line.
        public let head: String
        public let body: [UInt8]

        public var lines: [String] { head.split(separator: "\r\n").map(String.init) }
        public var method: String { part(0) }
        public var target: String { part(1) }
        public var bodyText: String { String(decoding: body, as: UTF8.self) }

        /// The first field of that name.
        public subscript(_ name: String) -> String? {
            let prefix = name.lowercased() + ":"
            guard let line = lines.dropFirst().first(where: { $0.lowercased().hasPrefix(prefix) }) else { return nil }
            return String(line.dropFirst(prefix.count).drop { $0 == " " })
        }

        private func part(_ place: Int) -> String {
            let parts = (lines.first ?? "").split(separator: " ")
            return place < parts.count ? String(parts[place]) : ""
        }
    }

    public let port: Int
    private let shared: Shared

    /// - Parameter script: the steps of a connection, counted from 0.
    public init(_ script: @escaping @Sendable (_ connection: Int) -> [Step]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw ScriptedServerError("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 256) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else {
            close(listener)
            throw ScriptedServerError("bind")
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        let shared = Shared(listener: listener, script: script)
        self.shared = shared
        try shared.startThread { shared.accept() }
    }

    /// The same for every connection.
    public convenience init(_ steps: Step...) throws { try self.init(steps) }
    public convenience init(_ steps: [Step]) throws { try self.init { _ in steps } }

    /// Keeps connections alive, and answers each request with what the closure says.
    public static func serving(_ respond: @escaping @Sendable (Request) -> [Step]) throws -> ScriptedServer {
        try ScriptedServer(.serve(respond))
    }

    deinit { stop() }

    /// All that came, in the order in which it was read.
    public var requests: [Request] { shared.state.withLock { $0.requests } }
    /// Accepted so far.
    public var connectionCount: Int { shared.state.withLock { $0.connectionCount } }
    /// Those that are open now.
    public var openCount: Int { shared.state.withLock { $0.open.count } }

    /// Ends all connections and waits for their threads.
    public func stop() { shared.stop() }

    /// Byte `n` of what `sendPattern` sends. No block of a file looks like its neighbour.
    public static func pattern(_ place: Int) -> UInt8 { UInt8(truncatingIfNeeded: place &* 31 &+ place >> 8 &+ place >> 16) }

    final class Shared: Sendable {
        struct State {
            var requests: [Request] = []
            var connectionCount = 0
            var open: Set<Int32> = []
            var threads: [pthread_t] = []
            var isStopped = false
        }

        let state = Mutex(State())
        private let listener: Int32
        private let script: @Sendable (Int) -> [Step]

        init(listener: Int32, script: @escaping @Sendable (Int) -> [Step]) {
            self.listener = listener
            self.script = script
        }

        func accept() {
            while true {
                let descriptor = Glibc.accept(listener, nil, nil)
                if descriptor < 0 {
                    if errno == EINTR || errno == ECONNABORTED { continue }
                    return
                }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                let number = state.withLock { state -> Int? in
                    guard !state.isStopped else { return nil }
                    state.open.insert(descriptor)
                    state.connectionCount += 1
                    return state.connectionCount - 1
                }
                guard let number else {
                    close(descriptor)
                    return
                }
                do {
                    try startThread { [self] in
                        var connection = ScriptedConnection(descriptor: descriptor, number: number, shared: self)
                        connection.run(script(number))
                        // The number may be another's as soon as it is closed.
                        state.withLock { _ = $0.open.remove(descriptor) }
                        close(descriptor)
                    }
                } catch {
                    fatalError("\(error)")
                }
            }
        }

        func startThread(_ body: @escaping @Sendable () -> Void) throws {
            let start = Unmanaged.passRetained(Start(body))
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { argument in
                    if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
                    return nil
                }, start.toOpaque())
            guard code == 0 else {
                start.release()
                throw ScriptedServerError("pthread_create")
            }
            state.withLock { [thread] in $0.threads.append(thread) }
        }

        func stop() {
            let wasStopped = state.withLock { state in
                defer { state.isStopped = true }
                for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
                return state.isStopped
            }
            if wasStopped { return }
            shutdown(listener, Int32(SHUT_RDWR))
            while let thread = state.withLock({ $0.threads.popLast() }) { pthread_join(thread, nil) }
            close(listener)
        }

        private final class Start: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
    }
}

struct ScriptedServerError: Error, CustomStringConvertible {
    let description: String
    init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
}
