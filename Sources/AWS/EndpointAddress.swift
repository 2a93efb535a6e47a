import HTTP

/// Reads URLs of endpoints from settings.
enum EndpointAddress {
    /// - Parameter setting: where the text comes from, for messages: "AWS_ENDPOINT_URL".
    static func parse(_ text: String, setting: String) throws(AWSError) -> HTTPAddress {
        do {
            return try HTTPAddress(parsing: text)
        } catch {
            throw AWSError(.configuration, "\(setting) is not a URL that can be used: \(error)")
        }
    }
}
