import HTTP

/// What sends the requests for credentials: an HTTP client, or a stand-in for tests.
public protocol HTTPSending: Sendable {
    /// Sends a request and receives its response, whatever the status; redirects are not followed.
    ///
    /// - Parameter timeoutSeconds: for everything from connecting to the last byte.
    /// - Throws: where there is no response. The error's description holds neither headers nor bodies.
    func send(
        _ request: HTTPRequest, body: [UInt8], timeoutSeconds: Double
    ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8])
}
