import Glibc

/// Walks through the script of one connection, on that connection's thread.
struct ScriptedConnection {
    let descriptor: Int32
    let number: Int
    let shared: ScriptedServer.Shared
    /// Read, but not used yet.
    private var buffer: [UInt8] = []

    init(descriptor: Int32, number: Int, shared: ScriptedServer.Shared) {
        self.descriptor = descriptor
        self.number = number
        self.shared = shared
    }

    /// - Returns: whether the connection is of further use.
    @discardableResult
    mutating func run(_ steps: [ScriptedServer.Step]) -> Bool {
        for step in steps {
            guard perform(step) else { return false }
        }
        return true
    }

    private mutating func perform(_ step: ScriptedServer.Step) -> Bool {
        switch step {
        case .readRequest: return readRequest() != nil
        case .readHead: return readRequest(withBody: false) != nil
        case .discard(let count, let pause): return discard(count, pause: pause)
        case .send(let bytes): return send(bytes[...])
        case .sendPattern(let count): return sendPattern(count)
        case .drip(let bytes, let chunk, let interval):
            var rest = bytes[...]
            while !rest.isEmpty {
                guard send(rest.prefix(chunk)), !hasEnded(within: interval) else { return false }
                rest = rest.dropFirst(chunk)
            }
            return true
        case .wait(let duration): return !hasEnded(within: duration)
        case .stall:
            while !hasEnded(within: .seconds(60)) {}
            return false
        case .reset:
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            return false
        case .close: return false
        case .serve(let respond):
            while let request = readRequest() {
                guard run(respond(request)) else { return false }
            }
            return false
        }
    }

    private mutating func readRequest(withBody: Bool = true) -> ScriptedServer.Request? {
        guard let head = readLine(upTo: "\r\n\r\n") else { return nil }
        var request = ScriptedServer.Request(connection: number, head: String(decoding: head, as: UTF8.self), body: [])
        if withBody {
            if request["Expect"] == "100-continue", !send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)[...]) { return nil }
            guard let body = readBody(of: request) else { return nil }
            request = ScriptedServer.Request(connection: number, head: request.head, body: body)
        }
        shared.state.withLock { [request] in $0.requests.append(request) }
        return request
    }

    private mutating func readBody(of request: ScriptedServer.Request) -> [UInt8]? {
        guard request["Transfer-Encoding"]?.lowercased() == "chunked" else {
            return take(Int(request["Content-Length"] ?? "0") ?? 0)
        }
        var body: [UInt8] = []
        while let line = readLine(upTo: "\r\n") {
            let digits = String(decoding: line.dropLast(2).prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
            guard let count = Int(digits, radix: 16), let chunk = take(count), readLine(upTo: "\r\n") != nil else { return nil }
            if count == 0 { return body }
            body += chunk
        }
        return nil
    }

    /// The end included.
    private mutating func readLine(upTo end: String) -> [UInt8]? {
        let end = Array(end.utf8)
        while true {
            if let place = buffer.firstRange(of: end)?.upperBound { return take(place) }
            guard receive() else { return nil }
        }
    }

    private mutating func take(_ count: Int) -> [UInt8]? {
        while buffer.count < count {
            guard receive() else { return nil }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    private mutating func discard(_ count: Int, pause: Duration) -> Bool {
        var rest = count
        while rest > 0 {
            if buffer.isEmpty, !receive() { return false }
            let taken = min(rest, buffer.count)
            buffer.removeFirst(taken)
            rest -= taken
            if pause > .zero, hasEnded(within: pause) { return false }
        }
        return true
    }

    private mutating func receive() -> Bool {
        let count = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { block in
            var count = 0
            repeat { count = recv(descriptor, block.baseAddress, block.count, 0) } while count < 0 && errno == EINTR
            if count > 0 { buffer += block.prefix(count) }
            return count
        }
        return count > 0
    }

    private func send(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress
                let count = Glibc.send(descriptor, start, rest.count, Int32(MSG_NOSIGNAL))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    private func sendPattern(_ count: Int) -> Bool {
        for start in stride(from: 0, to: count, by: 1 << 20) {
            let block = (start..<min(count, start + 1 << 20)).map(ScriptedServer.pattern)
            guard send(block[...]) else { return false }
        }
        return true
    }

    /// Waits, but no longer than the client is there.
    private func hasEnded(within duration: Duration) -> Bool {
        let peerHasClosed: Int16 = 0x2000  // POLLRDHUP, which Swift does not see
        var query = pollfd(fd: descriptor, events: peerHasClosed, revents: 0)
        return poll(&query, 1, Int32(duration / .milliseconds(1))) != 0
    }
}
