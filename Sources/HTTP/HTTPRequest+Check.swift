extension HTTPRequest {
    /// Method and address for messages.
    var place: String { "\(method) \(address.withoutQuery)" }

    /// Refuses what would not go over the wire as it is, or would go as something else.
    func check(body: HTTPBody) throws(HTTPError) {
        guard HTTPRequest.isToken(method) else { throw HTTPError(.request, "\(method.debugDescription) is not a method") }
        guard address.scheme == "http" || address.scheme == "https", !address.host.isEmpty,
            address.host.utf8.allSatisfy({ 0x21..<0x7F ~= $0 && !"/?#@\\%".utf8.contains($0) }),
            address.path.hasPrefix("/"), HTTPRequest.isPlain(address.path), !address.path.utf8.contains(UInt8(ascii: "?")),
            HTTPRequest.isPlain(address.query ?? "")
        else { throw HTTPError(.request, "the address is not encoded").at(place.debugDescription) }
        for (name, value) in headers.fields {
            guard HTTPRequest.isToken(name), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw HTTPError(.request, "the header \(name.debugDescription) has characters that headers cannot have").at(place)
            }
        }
        if let length = headers["Content-Length"], length != String(body.count) {
            throw HTTPError(.request, "the header Content-Length is \(length) for a body of \(body.count) bytes").at(place)
        }
        guard headers["Transfer-Encoding"] == nil else {
            throw HTTPError(.request, "the header Transfer-Encoding is not the caller's to set").at(place)
        }
        if method == "HEAD", body.count > 0 { throw HTTPError(.request, "HEAD has no body").at(place) }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { 0x21..<0x7F ~= $0 && $0 != UInt8(ascii: "#") }
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { 0x21..<0x7F ~= $0 && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
    }
}
