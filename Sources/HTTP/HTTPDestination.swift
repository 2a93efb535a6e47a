/// Where the body of a successful (2xx) response goes. Bodies of all others are kept in the response itself.
public enum HTTPDestination: Sendable {
    /// Kept in the response; a longer one is an error.
    case bytes(limit: Int)
    /// Given away as it comes.
    case sink(any HTTPSink)

    /// Into a part of a file.
    ///
    /// - Parameter count: exactly that many bytes are expected. Never is anything written past them.
    public static func file(descriptor: Int32, offset: Int64, count: Int64) -> HTTPDestination {
        .sink(FileSink(descriptor: descriptor, offset: offset, count: count))
    }
}

/// Takes the body of one response.
///
/// Called on the client's thread, which all of its transfers share: whoever is slow here slows them all. What is thrown ends
/// the transfer and comes out of `perform` as it is.
public protocol HTTPSink: Sendable {
    /// Status and headers of a successful response, before its body. Not called for others.
    func begin(_ response: HTTPResponse) throws
    /// The next bytes; valid during the call only.
    func write(_ bytes: UnsafeRawBufferPointer) throws
    /// The body is whole, as far as HTTP can tell.
    func end() throws
}

extension HTTPSink {
    public func begin(_ response: HTTPResponse) throws {}
    public func end() throws {}
}
