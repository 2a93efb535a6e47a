/// How files are moved to and from a store.
public struct TransferOptions: Sendable {
    /// Parts or ranges at once.
    public var parallel = 4
    /// Files longer than this go in parts.
    public var partBytes: Int64 = 8 << 20
    /// A folder for notes on unfinished uploads, by which an upload whose process was killed goes on where it was. `nil`: it
    /// starts again. Downloads keep theirs beside the file.
    public var journalFolder: String?
    /// Called from any thread, one call after the other.
    public var progress: (@Sendable (TransferProgress) -> Void)?

    public init() {}
}

/// How much of a file has been moved. It goes back where a part has to be sent again.
public struct TransferProgress: Hashable, Sendable {
    /// Bytes, those of an earlier run that need not move again included.
    public var done: Int64
    public var total: Int64
}
