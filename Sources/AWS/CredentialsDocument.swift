import JSON

/// A JSON answer with credentials in it. Errors name what is missing and hold nothing of what is there.
struct CredentialsDocument {
    private let object: JSON
    private let origin: String

    /// - Parameter origin: whose answer it is, for messages.
    init(_ bytes: [UInt8], origin: String) throws(AWSError) {
        self.origin = origin
        do {
            object = try JSON(parsing: bytes, maximumBytes: 1 << 20)
        } catch {
            // The parser's own words quote the text.
            throw AWSError(.credentials, "\(origin) is not JSON" + (error.line > 0 ? " (line \(error.line))" : ""))
        }
        guard case .object = object else { throw AWSError(.credentials, "\(origin) is \(object.kind) in JSON, not an object") }
    }

    private init(object: JSON, origin: String) { (self.object, self.origin) = (object, origin) }

    func member(_ name: String) throws(AWSError) -> CredentialsDocument {
        guard let member = object[name], case .object = member else {
            throw AWSError(.credentials, "\(origin) has no object \(name)")
        }
        return CredentialsDocument(object: member, origin: origin)
    }

    func optional(_ name: String) throws(AWSError) -> String? {
        switch object[name] {
        case nil, .null: return nil
        case .string(let text): return text
        case let other?: throw AWSError(.credentials, "\(origin) has \(other.kind) as \(name), where a string belongs")
        }
    }

    func required(_ name: String) throws(AWSError) -> String {
        guard let text = try optional(name), !text.isEmpty else { throw AWSError(.credentials, "\(origin) has no \(name)") }
        return text
    }

    func integer(_ name: String) -> Int64? {
        if case .integer(let number)? = object[name] { number } else { nil }
    }

    /// A date in ISO 8601.
    func date(_ name: String) throws(AWSError) -> AWSDate? {
        guard let text = try optional(name) else { return nil }
        guard let date = AWSDate(iso8601: text) else { throw AWSError(.credentials, "\(origin) has no valid date as \(name)") }
        return date
    }
}
