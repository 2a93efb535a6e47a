/// The final response to a request; interim ones (1xx) are passed over.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: HTTPHeaders
    /// Of a successful response: what `HTTPDestination.bytes` asked for, otherwise empty. Of any other: its first 64 KiB.
    public var body: [UInt8]
    /// The request went out once more, as the connection, used before, turned out to be dead. The server may have done it twice.
    public var wasSentTwice = false

    public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// 2xx
    public var isSuccess: Bool { 200..<300 ~= status }

    /// Bytes of the body as announced; `nil` where none are, or chunks come instead.
    public var contentLength: Int64? {
        headers["Transfer-Encoding"] == nil ? headers["Content-Length"].flatMap { Int64($0) } : nil
    }
}
