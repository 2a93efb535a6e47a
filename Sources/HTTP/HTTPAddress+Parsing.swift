import Glibc

extension HTTPAddress {
    /// Reads an absolute URL as people write it.
    ///
    /// - Spaces, quotes, `<>{}|^` and a backtick, and everything beyond ASCII (as UTF-8), are percent-encoded in the path and
    ///   the query, as browsers do. What is encoded already stays, and so does a lone `%`. Dots in the path stay too.
    /// - Spaces around the whole are dropped, and so are a fragment and the scheme's own port; scheme and host become lower case.
    /// - Refused: other schemes, user names and passwords, control characters, backslashes before the query, names beyond
    ///   ASCII.
    public init(parsing text: String) throws(HTTPAddressError) {
        var rest = Substring(text).utf8[...]
        while rest.first == UInt8(ascii: " ") { rest.removeFirst() }
        while rest.last == UInt8(ascii: " ") { rest.removeLast() }
        guard !rest.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw HTTPAddressError("the URL has a control character in it")
        }
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")), rest[colon...].starts(with: "://".utf8) else {
            throw HTTPAddressError("the URL does not start with https:// or http://")
        }
        scheme = (Substring(rest[..<colon])).lowercased()
        guard scheme == "https" || scheme == "http" else {
            throw HTTPAddressError("the URL does not start with https:// or http://")
        }
        rest = rest[rest.index(colon, offsetBy: 3)...]

        let end = rest.firstIndex { "/?#\\".utf8.contains($0) } ?? rest.endIndex
        (host, port) = try HTTPAddress.authority(Substring(rest[..<end]), scheme: scheme)
        (path, query) = try HTTPAddress.target(rest[end...])
    }

    /// The address that a `Location` names: absolute, or relative to the address that it came from (RFC 3986, section 5.2).
    public func resolving(_ location: String) throws(HTTPAddressError) -> HTTPAddress {
        let bytes = Substring(location).utf8.drop { $0 == UInt8(ascii: " ") }
        if bytes.starts(with: "//".utf8) { return try HTTPAddress(parsing: scheme + ":" + String(Substring(bytes))) }
        // A scheme: a colon before anything else that is special.
        if let special = bytes.first(where: { ":/?#".utf8.contains($0) }), special == UInt8(ascii: ":") {
            return try HTTPAddress(parsing: location)
        }
        guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw HTTPAddressError("the URL has a control character in it")
        }
        var result = self
        let (given, query) = try HTTPAddress.target(bytes, isRelative: true)
        if given.isEmpty {
            if query != nil || bytes.first == UInt8(ascii: "?") { result.query = query }
            return result
        }
        result.query = query
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? "/"
        result.path = HTTPAddress.withoutDots(given.utf8.first == UInt8(ascii: "/") ? given : folder + given)
        return result
    }

    /// The whole address, with its query: for the wire, never for messages.
    public var text: String { withoutQuery + (query.map { "?" + $0 } ?? "") }

    /// For messages: queries hold signatures.
    public var withoutQuery: String { "\(origin)\(path)" }

    /// Scheme, host and port.
    public var origin: String { "\(scheme)://\(host)" + (port.map { ":\($0)" } ?? "") }

    /// A name or an address that means another machine to each machine.
    var isOfThisMachine: Bool {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        return bare == "localhost" || PeerAddress(bare)?.isOfThisMachine ?? false
    }

    /// What stands where a port belongs is not quoted: in front of a "/" in a password it is the beginning of that.
    private static func authority(_ text: Substring, scheme: String) throws(HTTPAddressError) -> (String, Int?) {
        guard !text.utf8.contains(UInt8(ascii: "@")) else {
            throw HTTPAddressError("the URL has a user name or password in it, which are not sent")
        }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw HTTPAddressError("the host is not ASCII; write it in its encoded form (xn--…)")
        }
        var host = text.lowercased()[...]
        var digits: Substring?
        if host.hasPrefix("["), let bracket = host.firstIndex(of: "]") {
            let after = host[host.index(after: bracket)...]
            guard after.isEmpty || after.hasPrefix(":") else {
                throw HTTPAddressError("what begins with \(host[...bracket]) is not a host")
            }
            digits = after.isEmpty ? nil : after.dropFirst()
            host = host[...bracket]
            var address = in6_addr()
            guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 else {
                throw HTTPAddressError("\(host) is not an IPv6 address")
            }
        } else {
            if let colon = host.firstIndex(of: ":") {
                digits = host[host.index(after: colon)...]
                host = host[..<colon]
            }
            try check(name: host)
        }
        var port: Int?
        if let digits, !digits.isEmpty {
            guard digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let number = Int(digits),
                1...65535 ~= number
            else { throw HTTPAddressError("the port is not a number from 1 to 65535") }
            port = number == (scheme == "https" ? 443 : 80) ? nil : number
        }
        return (String(host), port)
    }

    private static func check(name: Substring) throws(HTTPAddressError) {
        guard !name.isEmpty else { throw HTTPAddressError("the URL has no host") }
        let labels = (name.hasSuffix(".") ? name.dropLast() : name).split(separator: ".", omittingEmptySubsequences: false)
        let isName = name.utf8.count <= 253 && labels.allSatisfy { label in
            1...63 ~= label.utf8.count && label.utf8.allSatisfy {
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
                    || "-_".utf8.contains($0)
            }
        }
        guard isName else { throw HTTPAddressError("\(name) is not a host") }
    }

    /// Path and query of what follows the host. Of a relative reference, the path may be anything.
    private static func target(
        _ bytes: Substring.UTF8View, isRelative: Bool = false
    ) throws(HTTPAddressError) -> (path: String, query: String?) {
        let bytes = bytes.prefix { $0 != UInt8(ascii: "#") }
        let path = bytes.prefix { $0 != UInt8(ascii: "?") }
        guard !path.contains(UInt8(ascii: "\\")) else { throw HTTPAddressError("the URL has a \\ in it; write /") }
        let query = path.endIndex < bytes.endIndex ? bytes[bytes.index(after: path.endIndex)...] : nil
        return (
            path.isEmpty && !isRelative ? "/" : encoded(path, "\"<>^`{|}"),
            query.map { encoded($0, "\"<>'") }
        )
    }

    private static func encoded(_ bytes: Substring.UTF8View, _ others: StaticString) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            let isKept = byte > 0x20 && byte < 0x7F && others.withUTF8Buffer { !$0.contains(byte) }
            if isKept { result.append(byte) } else { result += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]] }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func withoutDots(_ path: String) -> String {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        var kept: [String] = []
        for (place, part) in parts.enumerated() {
            let name = String(part) ?? ""
            let isLast = place == parts.count - 1
            if name == ".." { _ = kept.popLast() }
            if name == "." || name == ".." {
                if isLast { kept.append("") }
            } else {
                kept.append(name)
            }
        }
        return "/" + kept.joined(separator: "/")
    }
}

/// Why a text is not a URL that can be fetched, as one sentence. Holds nothing of a URL's query.
public struct HTTPAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
