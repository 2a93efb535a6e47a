import HTTP
import Testing

@Suite struct HTTPAddressTests {
    @Test(arguments: [
        ("https://example.org", "https://example.org/"),
        ("HTTP://Example.ORG:80/A", "http://example.org/A"),
        ("https://example.org:443?x", "https://example.org/?x"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("http://example.org:", "http://example.org/"),
        ("  https://example.org/a b.jpg ", "https://example.org/a%20b.jpg"),
        ("https://example.org/Käse/ü.jpg?q=ü", "https://example.org/K%C3%A4se/%C3%BC.jpg?q=%C3%BC"),
        ("https://example.org/a%20b%2Fc/100%", "https://example.org/a%20b%2Fc/100%"),
        ("https://example.org/a/../b//./c", "https://example.org/a/../b//./c"),
        ("https://example.org/\"<>`{}^|'", "https://example.org/%22%3C%3E%60%7B%7D%5E%7C'"),
        ("https://example.org/?\"<>`{}^|'", "https://example.org/?%22%3C%3E`{}^|%27"),
        ("https://example.org/a?", "https://example.org/a?"),
        ("https://example.org/a?b?c/d@e#f?g", "https://example.org/a?b?c/d@e"),
        ("https://example.org#f", "https://example.org/"),
        ("https://user.example.org/@me", "https://user.example.org/@me"),
        ("https://xn--kse-qla.de./", "https://xn--kse-qla.de./"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://[2001:DB8::A]", "http://[2001:db8::a]/"),
        ("http://169.254.169.254/latest", "http://169.254.169.254/latest"),
    ])
    func `Addresses are read as browsers read them`(text: String, wire: String) throws {
        #expect(try HTTPAddress(parsing: text).text == wire)
    }

    @Test(arguments: [
        ("", "does not start with https"), ("example.org/a", "does not start with https"),
        ("ftp://example.org/", "does not start with https"), ("file:///etc/passwd", "does not start with https"),
        ("https:example.org", "does not start with https"), ("https:/example.org", "does not start with https"),
        ("https://", "no host"), ("https:///path", "no host"), ("https://:80/", "no host"),
        ("https://name:secret@example.org/", "user name or password"), ("https://name@example.org/", "user name or password"),
        ("https://example.org\\@other.org/", "\\"), ("https://example.org/a\\b", "\\"),
        ("https://exa\u{0}mple.org/", "control"), ("https://example.org/a\r\nHost: b", "control"),
        ("https://example.org/a\tb", "control"), ("https://example.org/a\u{7F}", "control"),
        ("https://käse.de/", "xn--"), ("https://example。org/", "xn--"),
        ("https://exa mple.org/", "not a host"), ("https://example..org/", "not a host"),
        ("https://exam%70le.org/", "not a host"),
        ("https://\(String(repeating: "a", count: 64)).org/", "not a host"),
        ("https://[::1/", "not a host"), ("https://[::g]/", "IPv6"), ("https://[fe80::1%25eth0]/", "IPv6"),
        ("https://[::1]x/", "not a host"), ("https://example.org:0/", "port"), ("https://example.org:65536/", "port"),
        ("https://example.org:8a/", "port"), ("https://example.org:+8/", "port"), ("https://a:b:c/", "port"),
        // Passwords that end what looks like the host.
        ("https://name:secret/@example.org/", "port is not a number"),
        ("https://name:secret?@example.org/", "port is not a number"),
        ("https://name:secret#@example.org/", "port is not a number"), ("https://name:sécret/@example.org/", "xn--"),
        ("https://name:secret:x/@example.org/", "port is not a number"), ("https://[::1]secret/@example.org/", "not a host"),
    ])
    func `What is not an address is refused in one sentence`(text: String, reason: String) {
        let error = #expect(throws: HTTPAddressError.self) { try HTTPAddress(parsing: text) }
        #expect(error?.description.contains(reason) == true, "\(error.map(\.description) ?? "nothing")")
        #expect(error?.description.contains("cret") == false)
    }

    /// RFC 3986, section 5.4, without what it calls abnormal but with its dots.
    @Test(arguments: [
        ("http://g/x", "http://g/x"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q"), ("g#s", "http://a/b/c/g"), (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../g", "http://a/b/g"),
        ("../..", "http://a/"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"),
        ("g;x=1/../y", "http://a/b/c/y"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("a b/ü?ö", "http://a/b/c/a%20b/%C3%BC?%C3%B6"),
        ("HTTPS://G:8443/x", "https://g:8443/x"), ("/a:b", "http://a/a:b"),
    ])
    func `Locations are resolved against where they came from`(location: String, wire: String) throws {
        #expect(try HTTPAddress(parsing: "http://a/b/c/d;p?q").resolving(location).text == wire)
    }

    @Test(arguments: ["javascript:alert(1)", "file:///etc/passwd", "//user@host/", "/a\nb", "http:g"])
    func `Bad locations are refused`(location: String) throws {
        let base = try HTTPAddress(parsing: "http://a/b")
        #expect(throws: HTTPAddressError.self) { try base.resolving(location) }
    }

    @Test func `Messages get no query`() throws {
        let address = try HTTPAddress(parsing: "https://example.org:8443/a?X-Amz-Signature=secret")
        #expect(address.withoutQuery == "https://example.org:8443/a")
    }
}
