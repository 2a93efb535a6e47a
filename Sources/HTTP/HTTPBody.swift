/// What a request sends. It can be sent again from its beginning.
public enum HTTPBody: Sendable {
    /// No body, and no Content-Length either.
    case none
    case bytes([UInt8])
    /// Read with `pread` while it is sent; the descriptor stays the caller's, open until the request has returned.
    case file(descriptor: Int32, offset: Int64, count: Int64)

    public var count: Int64 {
        switch self {
        case .none: 0
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, _, let count): count
        }
    }
}
