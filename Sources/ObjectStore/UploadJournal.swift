import AWS
import Digest
import Files
import Glibc

/// A note on an unfinished upload, by which another process can go on with it, or throw it away, when this one is killed.
///
/// One file per object. Whoever sends holds a lock on it, so that two never work on one upload.
final class UploadJournal: Sendable {
    /// Which object an upload is for.
    struct Place: Hashable, Sendable {
        /// Buckets of two servers may have the same name.
        let server: String
        let bucket: String
        /// Whole, with the store's prefix.
        @ObjectKey var key: String

        fileprivate var line: String { "\(server) \(bucket) \(PercentEncoding.encodeKey(key))" }
    }

    struct Entry: Sendable {
        /// When it was begun, or was about to be.
        let begunAt: Int
        /// `nil`: nobody knows whether the server began it, and by which name.
        let uploadID: String?
        /// It is for the same content in the same parts.
        let isOfThisContent: Bool
    }

    let place: Place
    /// Of the run before; `nil`: there was none.
    let entry: Entry?
    private let path: String
    private let descriptor: Int32
    private let content: String

    private static let prefix = "upload-"

    /// - Parameter content: names it, in its parts.
    /// - Returns: `nil` where another process is sending to the same object.
    /// - Throws: `StoreError` where the folder cannot be written.
    convenience init?(_ place: Place, in folder: String, content: String) throws {
        let path = "\(folder)/\(UploadJournal.prefix)\(SHA256.hexadecimal(of: Array(place.line.utf8)))"
        try self.init(path: path, place: place, content: content)
    }

    /// What runs that were killed have left, as far as nobody works on it.
    static func abandoned(in folder: String) throws -> [UploadJournal] {
        try namesInFolder(folder).filter { $0.hasPrefix(prefix) }.compactMap {
            try UploadJournal(path: "\(folder)/\($0)", place: nil, content: "")
        }
    }

    /// - Parameter place: `nil`: the one in the note, which then has to be one.
    private init?(path: String, place: Place?, content: String) throws {
        let descriptor = try UploadJournal.openLocked(path, creating: place != nil)
        guard let descriptor else { return nil }
        var text: [UInt8] = []
        let lines: [Substring]
        do {
            try readBlocks(of: descriptor, 0..<64 << 10, path: path) { text += $0 }
            // What follows the last line's end is half a line.
            lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        } catch {
            close(descriptor)
            throw error
        }
        let begunAt = lines.count > 2 ? Int(lines[2]) : nil
        guard let place = place ?? (begunAt == nil ? nil : UploadJournal.place(lines[0])) else {
            close(descriptor)
            return nil
        }
        (self.path, self.descriptor, self.place, self.content) = (path, descriptor, place, content)
        entry = begunAt.map {
            Entry(begunAt: $0, uploadID: lines.count > 3 ? String(lines[3]) : nil, isOfThisContent: lines[1] == content)
        }
    }

    deinit { close(descriptor) }

    /// An upload is about to be begun.
    func noteBegin(at date: AWSDate) throws {
        ftruncate(descriptor, 0)
        try append("\(place.line)\n\(content)\n\(date.secondsSince1970)\n")
    }

    /// It has been, under this name.
    func note(_ upload: S3Upload) throws { try append(upload.id + "\n") }

    /// The upload is done or aborted.
    func remove() { unlink(path) }

    private func append(_ text: String) throws {
        let end = Int64(lseek(descriptor, 0, SEEK_END))
        try Array(text.utf8).withUnsafeBytes { try writeBlock($0, to: descriptor, at: end, path: path) }
    }

    /// - Returns: `nil` where another process has the lock, or the note is gone.
    private static func openLocked(_ path: String, creating: Bool) throws(StoreError) -> Int32? {
        while true {
            let descriptor = open(path, O_RDWR | (creating ? O_CREAT : 0) | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                if !creating { return nil }
                throw StoreError(
                    .file, "\(PathParts(path).folder) cannot be written: \(String(cString: strerror(errno)))")
            }
            var status = stat()
            // On file systems without locks there are no notes: nobody would know whose they are.
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                close(descriptor)
                return nil
            }
            // Whoever had the lock before may have removed the name.
            if fstat(descriptor, &status) == 0, status.st_nlink > 0 { return descriptor }
            close(descriptor)
        }
    }

    private static func place(_ line: Substring) -> Place? {
        let parts = line.split(separator: " ")
        guard parts.count == 3 else { return nil }
        let key = PercentEncoding.decoded(String(parts[2]), plusIsSpace: false)
        return Place(server: String(parts[0]), bucket: String(parts[1]), key: key)
    }
}
