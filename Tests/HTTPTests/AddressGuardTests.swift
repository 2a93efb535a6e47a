import HTTP
import Testing

@Suite struct AddressGuardTests {
    @Test(arguments: [
        ("0.0.0.0", "unspecified"), ("0.1.2.3", "unspecified"), ("10.0.0.1", "private"), ("10.255.255.255", "private"),
        ("100.64.0.1", "a carrier's"), ("100.127.255.255", "a carrier's"), ("127.0.0.1", "loopback"), ("127.9.9.9", "loopback"),
        ("168.63.129.16", "the cloud's own (Azure)"), ("169.254.169.254", "link-local"), ("172.16.0.1", "private"), ("172.31.255.255", "private"), ("192.0.0.8", "reserved"),
        ("192.0.2.1", "for documentation"), ("192.88.99.1", "a 6to4 relay"), ("192.168.1.1", "private"),
        ("198.18.0.1", "for benchmarks"), ("198.19.255.255", "for benchmarks"), ("198.51.100.1", "for documentation"),
        ("203.0.113.1", "for documentation"), ("224.0.0.1", "multicast"), ("239.1.1.1", "multicast"), ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified"), ("::1", "loopback"), ("::ffff:127.0.0.1", "an IPv4 address in disguise"),
        ("::ffff:8.8.8.8", "an IPv4 address in disguise"), ("::8.8.8.8", "an IPv4 address in disguise"),
        ("::ffff:0:8.8.8.8", "an IPv4 address in disguise"), ("64:ff9b::7f00:1", "a translated IPv4 address"),
        ("64:ff9b:1::1", "a translated IPv4 address"), ("100::1", "for discarding"), ("2001::1", "a Teredo tunnel"),
        ("2001:1ff::1", "reserved"), ("2001:db8::1", "for documentation"), ("2002:7f00:1::", "a 6to4 tunnel"),
        ("3fff:1::", "for documentation"), ("fc00::1", "private"), ("fd12:3456::1", "private"), ("fe80::1", "link-local"),
        ("febf::1", "link-local"), ("fec0::1", "private"), ("ff02::1", "multicast"), ("4000::1", "reserved"),
        ("1fff::1", "reserved"), ("fd00:ec2::254", "private"),
    ])
    func `Addresses that are not public are refused`(text: String, reason: String) throws {
        #expect(HTTPClient.Guard().refusal(of: try #require(PeerAddress(text))) == reason)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "168.63.129.15", "168.63.129.17", "169.253.255.255", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "198.17.255.255", "198.20.0.0",
        "223.255.255.255", "2600::1", "2001:200::1", "2001:4860:4860::8888", "2a00:1450::1", "2003::1", "3ffe:ffff::1",
    ])
    func `Public addresses pass`(text: String) throws {
        #expect(HTTPClient.Guard().refusal(of: try #require(PeerAddress(text))) == nil)
    }

    @Test func `Exceptions pass`() throws {
        let inside = HTTPClient.Guard(allowing: [try #require(.init("10.1.0.0/16")), try #require(.init("::1"))])
        #expect(inside.refusal(of: try #require(PeerAddress("10.1.2.3"))) == nil)
        #expect(inside.refusal(of: try #require(PeerAddress("10.2.2.3"))) == "private")
        #expect(inside.refusal(of: try #require(PeerAddress("::1"))) == nil)
        #expect(inside.refusal(of: try #require(PeerAddress("::2"))) != nil)
    }

    @Test(arguments: ["", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "::/129", "10.0.0.0/8/8", "localhost"])
    func `What is not a range is none`(text: String) { #expect(PeerAddress.Range(text) == nil) }
}
