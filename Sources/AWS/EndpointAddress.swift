import HTTP

/// Reads URLs of endpoints from settings.
enum EndpointAddress {
    /// - Parameter setting: where the text comes from, for messages: "AWS_ENDPOINT_URL".
    static func parse(_ text: String, setting: String) throws(AWSError) -> HTTPAddress {
        func refuse(_ why: String) -> AWSError { AWSError(.configuration, "\(setting) is not a URL that can be used: \(why)") }
        guard text.utf8.allSatisfy({ 0x20 < $0 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw refuse("it has characters that no URL has")
        }
        let scheme = text.lowercased().hasPrefix("https://") ? "https" : "http"
        guard text.lowercased().hasPrefix(scheme + "://") else { throw refuse("it does not start with https:// or http://") }
        let rest = text.dropFirst(scheme.count + 3).prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw refuse("it has a user name in it") }
        let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
        let colon = authority[bracket...].firstIndex(of: ":")
        let host = authority[..<(colon ?? authority.endIndex)]
        let isLiteral = host.hasPrefix("[") && host.hasSuffix("]")
            && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        let isName = !host.isEmpty && host.utf8.count <= 253
            && host.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_" }
        guard isLiteral || isName else { throw refuse("it has no valid host") }
        var port: Int?
        if let colon {
            let digits = authority[authority.index(after: colon)...]
            guard let number = Int(digits), 1...65535 ~= number, digits.allSatisfy(\.isNumber) else {
                throw refuse("its port is not a number from 1 to 65535")
            }
            port = number == (scheme == "https" ? 443 : 80) ? nil : number
        }
        let target = rest[authority.endIndex...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = target.first.map { String($0) } ?? ""
        return HTTPAddress(
            scheme: scheme, host: host.lowercased(), port: port, path: path.isEmpty ? "/" : path,
            query: target.count > 1 ? String(target[1]) : nil)
    }
}
