import CCurl
import Glibc

/// What tells two connections of one machine apart, but for its addresses.
struct ConnectionPorts: Equatable {
    let own: Int
    let peer: Int
}

/// The sockets of a client's connections, which curl would otherwise open and close out of sight.
extension CurlLoop {
    func makeSocket(_ address: curl_sockaddr) -> curl_socket_t {
        let descriptor = Glibc.socket(address.family, address.socktype | Int32(SOCK_CLOEXEC.rawValue), address.protocol)
        guard descriptor >= 0 else { return burns_curl_no_socket }
        // Little waits unsent in the kernel, so that what has been handed over has nearly arrived: a slow line does not look like
        // a server that does not answer, and a rate limit holds. It is a hint, and may fail.
        var unsent: Int32 = 128 << 10
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &unsent, socklen_t(MemoryLayout<Int32>.size))
        // It has no ports before it is connected.
        sockets.updateValue(nil, forKey: descriptor)
        return descriptor
    }

    func closeSocket(_ descriptor: curl_socket_t) -> Int32 {
        sockets.removeValue(forKey: descriptor)
        return close(descriptor)
    }

    /// A connection's socket, by its ports: curl does not say which it is.
    func socket(from own: Int, to peer: Int) -> curl_socket_t? {
        let ports = ConnectionPorts(own: own, peer: peer)
        if let known = sockets.first(where: { $0.value == ports }) { return known.key }
        guard let found = sockets.first(where: { $0.value == nil && CurlLoop.ports(of: $0.key) == ports }) else { return nil }
        sockets[found.key] = ports
        return found.key
    }

    private static func ports(of descriptor: curl_socket_t) -> ConnectionPorts? {
        guard let own = port(descriptor, getsockname), let peer = port(descriptor, getpeername) else { return nil }
        return ConnectionPorts(own: own, peer: peer)
    }

    /// Whether there is something to read.
    static func hasInput(_ descriptor: curl_socket_t) -> Bool {
        var query = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&query, 1, 0) > 0
    }

    /// Tells the other side without delay what has arrived. There are servers that wait for that before they send the rest, and
    /// the kernel tells after 40 ms. Good until a request is sent.
    static func acknowledgeAtOnce(_ descriptor: curl_socket_t) {
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_QUICKACK, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    private typealias Ask = (Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?) -> Int32

    private static func port(_ descriptor: Int32, _ ask: Ask) -> Int? {
        // The port is at the same place for IPv4 and IPv6.
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &address) { bytes in
            guard let start = bytes.baseAddress, ask(descriptor, start.assumingMemoryBound(to: sockaddr.self), &length) == 0
            else { return nil }
            return Int(UInt16(bigEndian: start.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
        }
    }
}
