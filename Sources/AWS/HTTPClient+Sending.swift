import HTTP

extension HTTPClient: HTTPSending {
    public func send(
        _ request: HTTPRequest, body: [UInt8], timeoutSeconds: Double
    ) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
        var options = TransferOptions()
        options.timeout = .seconds(timeoutSeconds)
        let hasBody = !body.isEmpty || request.method == "PUT" || request.method == "POST"
        let response = try await perform(request, sending: hasBody ? .bytes(body) : .none, options: options)
        return (response.status, response.headers, response.body)
    }
}
