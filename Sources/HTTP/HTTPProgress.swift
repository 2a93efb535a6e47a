/// Bytes of bodies so far; a transfer that starts again begins at 0.
public struct HTTPProgress: Hashable, Sendable {
    public var sent: Int64
    public var received: Int64

    public init(sent: Int64 = 0, received: Int64 = 0) {
        self.sent = sent
        self.received = received
    }
}
