/// One request, as it goes over the wire: nothing is encoded, normalised or added behind the caller's back, because
/// signatures cover it byte by byte.
public struct HTTPRequest: Sendable {
    /// "GET", "PUT" …
    public var method: String
    public var address: HTTPAddress
    public var headers: HTTPHeaders

    public init(method: String, address: HTTPAddress, headers: HTTPHeaders = HTTPHeaders()) {
        self.method = method
        self.address = address
        self.headers = headers
    }
}

/// A URL in the parts that signing needs apart.
public struct HTTPAddress: Hashable, Sendable {
    /// "http" or "https".
    public var scheme: String
    /// Name or address literal; IPv6 in brackets.
    public var host: String
    /// `nil`: the scheme's own.
    public var port: Int?
    /// Percent-encoded, starts with "/".
    public var path: String
    /// Percent-encoded, without "?"; `nil`: none.
    public var query: String?

    public init(scheme: String, host: String, port: Int? = nil, path: String = "/", query: String? = nil) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.query = query
    }
}

/// Header fields in order; names compare without case.
public struct HTTPHeaders: Sendable {
    public private(set) var fields: [(name: String, value: String)] = []

    public init() {}

    /// The first field of that name. Setting replaces all of them; `nil` removes them.
    public subscript(_ name: String) -> String? {
        get { fields.first { Self.equal($0.name, name) }?.value }
        set {
            fields.removeAll { Self.equal($0.name, name) }
            if let newValue { fields.append((name, newValue)) }
        }
    }

    public mutating func append(_ name: String, _ value: String) { fields.append((name, value)) }

    /// A line that belongs to the field before it (an obsolete way to break long ones).
    mutating func continueLast(_ value: String) {
        guard let last = fields.indices.last else { return }
        fields[last].value += " " + value
    }

    static func equal(_ a: String, _ b: String) -> Bool { a.lowercased() == b.lowercased() }
}
