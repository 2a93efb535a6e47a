import Digest
import Files
import Glibc

/// A note on an unfinished upload, by which another process can go on with it when this one is killed.
///
/// One file per object and file sent. Whoever sends holds a lock on it, so that two never work on one upload.
final class UploadJournal: Sendable {
    struct Entry: Sendable {
        let uploadID: String
        /// The file is the one that the upload was begun with, in the same parts.
        let isOfThisFile: Bool
    }

    /// Of the run before; `nil`: there was none.
    let entry: Entry?
    private let path: String
    private let descriptor: Int32
    private let identity: String

    /// - Parameter bucket: with its server, as others have buckets of the same name.
    /// - Returns: `nil` where another process is sending the same.
    /// - Throws: `StoreError` where the folder cannot be written.
    init?(folder: String, bucket: String, key: String, file: LocalFile, plan: PartPlan) throws {
        path = "\(folder)/upload-\(SHA256.hexadecimal(of: Array("\(bucket)\0\(key)\0\(file.path)".utf8)))"
        identity = "\(file.identity) \(plan.partBytes)"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.file, "\(folder) cannot be written: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            entry = nil
            close(descriptor)
            return nil
        }
        var text: [UInt8] = []
        try readBlocks(of: descriptor, 0..<64 << 10, path: path) { text += $0 }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        // The last line's end says that it was written whole.
        entry = lines.count == 3 ? Entry(uploadID: String(lines[1]), isOfThisFile: lines[0] == identity) : nil
    }

    deinit { close(descriptor) }

    func note(_ upload: S3Upload) throws {
        ftruncate(descriptor, 0)
        let text = Array("\(identity)\n\(upload.id)\n".utf8)
        try text.withUnsafeBytes { try writeBlock($0, to: descriptor, at: 0, path: path) }
    }

    /// The upload is done or aborted.
    func remove() { unlink(path) }
}
