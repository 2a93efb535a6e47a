/// How files are moved to and from a store.
public struct TransferOptions: Sendable {
    /// Parts or ranges at once.
    public var parallel = 8
    /// Files longer than this go in parts, those of more than 64 such parts in longer ones.
    public var partBytes: Int64 = 8 << 20
    /// A folder for notes on unfinished uploads, by which an upload whose process was killed goes on where it was. `nil`: it
    /// starts again. Downloads keep theirs beside the file.
    public var journalFolder: String?
    /// Names the content for these notes, where the file is made anew each time. `nil`: another file is another content.
    public var contentName: String?
    /// Spares a download what costs more than all else where there are many small ones: the file is not brought to the disk
    /// before it gets its name, so that it is whole for everybody, but perhaps not after a loss of power; and what killed
    /// processes have left of it is for the caller to sweep away.
    var isOneOfMany = false
    /// Of an upload: what must be so for it to happen.
    public var condition: WriteCondition?
    /// Of an upload to a server of which nobody knows yet whether it keeps to conditions: whether it is asked for the object first.
    /// Not where a listing has just told of it.
    var looksFirst = true
    /// Called with a file that has all its bytes and not its name yet, and with the ETag of the object that it is.
    var arrived: (@Sendable (Int32, ETag) throws -> Void)?
    /// Called before a file becomes an object that others see, with the ETag that it will have, as far as that can be told.
    var leaving: (@Sendable (ETag) throws -> Void)?
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
