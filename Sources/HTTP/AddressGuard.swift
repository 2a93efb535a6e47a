extension HTTPClient {
    /// Lets a client connect to public addresses only: for URLs that come from strangers.
    ///
    /// It looks at the very address that is connected to, so that neither a name that points inside nor one that points
    /// elsewhere the second time gets around it. A guarded client uses no proxy, which would connect out of its sight.
    public struct Guard: Sendable {
        private let allowed: [PeerAddress.Range]

        /// - Parameter allowing: let pass in spite of everything.
        public init(allowing: [PeerAddress.Range] = []) { allowed = allowing }

        /// What keeps an address from being public ("private"); `nil`: nothing does.
        public func refusal(of address: PeerAddress) -> String? {
            if allowed.contains(where: { $0.contains(address) }) { return nil }
            if let (_, reason) = Guard.special.first(where: { $0.range.contains(address) }) { return reason }
            // All that IPv6 gives out so far; what is outside is for other things.
            if address.bytes.count == 16, address.bytes[0] >> 5 != 1 { return "reserved" }
            return nil
        }

        /// IANA's registries of special-purpose addresses (RFC 6890 and its followers), the closest first.
        private static let special: [(range: PeerAddress.Range, reason: String)] = [
            ("0.0.0.0/8", "unspecified"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "a carrier's"),
            ("127.0.0.0/8", "loopback"), ("168.63.129.16", "the cloud's own (Azure)"),
            ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
            ("192.0.0.0/24", "reserved"), ("192.0.2.0/24", "for documentation"), ("192.31.196.0/24", "reserved"),
            ("192.52.193.0/24", "reserved"),
            ("192.88.99.0/24", "a 6to4 relay"), ("192.168.0.0/16", "private"), ("192.175.48.0/24", "reserved"),
            ("198.18.0.0/15", "for benchmarks"), ("198.51.100.0/24", "for documentation"),
            ("203.0.113.0/24", "for documentation"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
            ("::/128", "unspecified"), ("::1/128", "loopback"), ("::ffff:0:0/96", "an IPv4 address in disguise"),
            ("::/96", "an IPv4 address in disguise"), ("::ffff:0:0:0/96", "an IPv4 address in disguise"),
            ("64:ff9b::/96", "a translated IPv4 address"), ("64:ff9b:1::/48", "a translated IPv4 address"),
            ("100::/64", "for discarding"), ("2001::/32", "a Teredo tunnel"), ("2001::/23", "reserved"),
            ("2001:db8::/32", "for documentation"), ("2002::/16", "a 6to4 tunnel"), ("2620:4f:8000::/48", "reserved"),
            ("3fff::/20", "for documentation"), ("fc00::/7", "private"), ("fe80::/10", "link-local"), ("fec0::/10", "private"),
            ("ff00::/8", "multicast"),
        ].map { text, reason in
            guard let range = PeerAddress.Range(text) else { preconditionFailure("\(text) is not a range") }
            return (range, reason)
        }
    }
}
