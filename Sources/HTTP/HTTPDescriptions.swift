// What messages, logs and debuggers show of requests: no query, which may hold a signature, and no header that holds a secret.

extension HTTPAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { withoutQuery + (query == nil ? "" : "?…") }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}

extension HTTPHeaders: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String {
        "[" + fields.map { "\($0.name): \(HTTPHeaders.isSecret($0.name) ? "…" : $0.value)" }.joined(separator: ", ") + "]"
    }

    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["fields": description]) }

    /// Those that let somebody in, in either direction; a Location may be a presigned URL.
    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["authorization", "cookie", "credential", "token", "secret", "password", "customer-key", "location", "referer"]
            .contains { name.contains($0) }
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "\(method) \(address) \(headers)" }
    public var debugDescription: String { description }
}

/// Bodies may hold anything; they are not shown.
extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "\(status) \(headers), a body of \(body.count) bytes" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["response": description]) }
}
