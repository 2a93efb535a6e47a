import Files

extension ScratchFolder {
    /// The system's place for large temporary files.
    static var temporaryBase: String { Environment.value("TMPDIR") ?? "/var/tmp" }

    /// In the system's place for them.
    public convenience init() throws(FileError) { try self.init(in: ScratchFolder.temporaryBase) }
}
