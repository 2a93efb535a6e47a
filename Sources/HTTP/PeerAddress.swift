import Glibc

/// An IP address that a connection is about to be made to, or a range of them.
public struct PeerAddress: Hashable, Sendable, CustomStringConvertible {
    /// In network order; 4 or 16.
    let bytes: [UInt8]

    /// - Parameter text: as `inet_pton` reads it: no brackets, no zone.
    public init?(_ text: String) {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six) { Array($0) }
        } else {
            return nil
        }
    }

    /// `nil` for what is not IP.
    init?(_ address: UnsafePointer<sockaddr>) {
        let start = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET: bytes = withUnsafeBytes(of: start.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
        case AF_INET6: bytes = withUnsafeBytes(of: start.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
        default: return nil
        }
    }

    public var description: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            guard let base = text.baseAddress,
                inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, base, socklen_t(text.count)) != nil
            else { return "\(bytes)" }
            return String(cString: base)
        }
    }

    /// Means another machine to each machine.
    var isOfThisMachine: Bool {
        PeerAddress.ofThisMachine.contains { $0.contains(self) }
    }

    /// Loopback and link-local ones, and the metadata services of EC2 and EKS.
    private static let ofThisMachine = ["127.0.0.0/8", "169.254.0.0/16", "::1", "fe80::/10", "fd00:ec2::/32"]
        .compactMap { Range($0) }

    /// Addresses that begin with the same bits.
    public struct Range: Hashable, Sendable {
        let first: PeerAddress
        let bits: Int

        /// - Parameter text: "10.0.0.0/8", or one address.
        public init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2, let first = PeerAddress(String(parts[0])) else { return nil }
            let most = first.bytes.count * 8
            guard let bits = parts.count == 2 ? Int(parts[1]) : most, 0...most ~= bits else { return nil }
            self.first = first
            self.bits = bits
        }

        public func contains(_ address: PeerAddress) -> Bool {
            guard address.bytes.count == first.bytes.count else { return false }
            let (whole, rest) = (bits / 8, bits % 8)
            guard address.bytes[..<whole] == first.bytes[..<whole] else { return false }
            return rest == 0 || (address.bytes[whole] ^ first.bytes[whole]) >> (8 - rest) == 0
        }
    }
}
