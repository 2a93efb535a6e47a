import AWS
import Digest
import Files
import Glibc
import Synchronization

/// Which file was which object when a folder and a store were last brought together. By it, what somebody has edited since is
/// told from what is merely older than the other side.
///
/// Kept as a file of lines, one for each step of each file, so that a process that is killed leaves what it knew. One process at
/// a time has it.
package final class SyncRecord: Sendable {
    /// Another one after every edit.
    struct FileState: Hashable, Sendable {
        let size: Int64
        /// Of its last change, in nanoseconds since 1970.
        let time: Int64

        init(size: Int64, time: Int64) { (self.size, self.time) = (size, time) }
        init(_ status: stat) {
            self.init(
                size: Int64(status.st_size), time: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
        }

        /// `nil`: there is none.
        init?(path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            self.init(status)
        }

        init?(descriptor: Int32) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { return nil }
            self.init(status)
        }
    }

    private struct Pair: Hashable {
        let file: FileState
        let etag: ETag
    }

    private struct Entry {
        /// The file was this object.
        var last: Pair?
        /// This object was about to become the file when a process was killed.
        var received: [Pair] = []
        /// This file was about to become the object.
        var sent: [Pair] = []
    }

    private struct State {
        var entries: [ObjectKey: Entry] = [:]
        var end: Int64 = 0
        /// Lines that may wait for the next one.
        var waiting: [UInt8] = []
        var hasNews = false
    }

    private let path: String?
    private let descriptor: Int32
    private let state: Mutex<State>

    /// One that knows nothing, and keeps nothing.
    package init() {
        (path, descriptor) = (nil, -1)
        state = Mutex(State())
    }

    /// - Parameters:
    ///   - folder: where records are kept; made where it is not there.
    ///   - pair: names the folder and the place in the store that it is of.
    /// - Throws: `StoreError`: `busy` where another process has it.
    package init(in folder: String, of pair: String) throws(StoreError) {
        let path = "\(folder)/sync-\(SHA256.hexadecimal(of: Array(pair.utf8)))"
        do {
            try createFolder(folder)
            descriptor = try SyncRecord.open(path)
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.file, "\(error)")
        }
        self.path = path
        var found = State()
        var bytes: [UInt8] = []
        // What cannot be read is not known.
        _ = try? readBlocks(of: descriptor, 0..<1 << 30, path: path) { bytes += $0 }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last line's end is half a line.
        found.end = Int64(bytes.count - (lines.popLast()?.count ?? 0))
        for line in lines { SyncRecord.read(line, into: &found.entries) }
        state = Mutex(found)
    }

    deinit {
        guard descriptor >= 0 else { return }
        // Of a run that was cancelled. What is lost is not known any more, and so kept.
        state.withLock { state in
            state.waiting.withUnsafeBytes { _ = try? writeBlock($0, to: descriptor, at: state.end, path: path ?? "") }
        }
        close(descriptor)
    }

    // MARK: Asking

    /// Whether a file and its object have ever been the same, or were about to be by the object's becoming the file. What only
    /// was about to be sent may never have got there.
    func knows(_ key: String) -> Bool {
        state.withLock { $0.entries[ObjectKey(key)].map { $0.last != nil || !$0.received.isEmpty } ?? false }
    }

    /// What a file and its object were when they were last the same; `nil`: never.
    func last(_ key: String) -> (file: FileState, etag: ETag)? {
        state.withLock { $0.entries[ObjectKey(key)]?.last.map { ($0.file, $0.etag) } }
    }

    /// Whether these were the same at last.
    func isLast(_ key: String, _ file: FileState, _ etag: ETag) -> Bool {
        state.withLock { $0.entries[ObjectKey(key)]?.last == Pair(file: file, etag: etag) }
    }

    /// Whether a file is one that came from the store, or went there, as it is.
    func isUnedited(_ key: String, _ file: FileState) -> Bool {
        state.withLock { state in
            guard let entry = state.entries[ObjectKey(key)] else { return false }
            return entry.last?.file == file || entry.received.contains { $0.file == file }
        }
    }

    /// Whether an object is the one that was last pulled or pushed.
    ///
    /// - Parameter file: beside it; `nil`: there is none.
    func isUnedited(_ object: ListedObject, beside file: FileState?) -> Bool {
        state.withLock { state in
            guard let entry = state.entries[ObjectKey(object.key)] else { return false }
            return entry.last?.etag == object.etag || entry.received.contains { $0.file == file && $0.etag == object.etag }
                || entry.sent.contains { $0.etag == object.etag }
        }
    }

    // MARK: Noting

    /// The object is about to become the file.
    func noteReceiving(_ key: String, _ file: FileState, _ etag: ETag) throws {
        // Nothing can be told by an ETag that is none.
        guard !etag.text.isEmpty else { return }
        let pair = Pair(file: file, etag: etag)
        try change(key, SyncRecord.line("receives", pair, key)) { $0.received.append(pair) }
    }

    /// It is the file now.
    func noteReceived(_ key: String) throws {
        guard let pair = state.withLock({ $0.entries[ObjectKey(key)]?.received.last }) else { return }
        try note(key, pair.file, pair.etag)
    }

    /// A file is about to become the object, which will have this ETag.
    func noteSending(_ key: String, _ file: FileState, _ etag: ETag) throws {
        let pair = Pair(file: file, etag: etag)
        try change(key, SyncRecord.line("sends", pair, key)) { $0.sent.append(pair) }
    }

    /// The store has refused the file.
    func noteNotSent(_ key: String) {
        state.withLock { state in
            guard let entry = state.entries[ObjectKey(key)], !entry.sent.isEmpty else { return }
            state.entries[ObjectKey(key)]?.sent = []
            if entry.last == nil, entry.received.isEmpty { state.entries[ObjectKey(key)] = nil }
            state.hasNews = true
        }
    }

    /// Forgets what is gone from both sides.
    func keepOnly(_ keys: Set<ObjectKey>) {
        state.withLock { state in
            let count = state.entries.count
            state.entries = state.entries.filter { keys.contains($0.key) }
            if state.entries.count < count { state.hasNews = true }
        }
    }

    /// The file is the object.
    func note(_ key: String, _ file: FileState, _ etag: ETag) throws {
        guard !etag.text.isEmpty else { return }
        let pair = Pair(file: file, etag: etag)
        let isKnown = state.withLock { state in
            guard let entry = state.entries[ObjectKey(key)] else { return false }
            return entry.last == pair && entry.received.isEmpty && entry.sent.isEmpty
        }
        if isKnown { return }
        try change(key, SyncRecord.line("is", pair, key), mayWait: true) { $0 = Entry(last: pair) }
    }

    /// Writes anew what is known, without the steps on the way there. Comes last.
    package func tidy() throws {
        guard let path else { return }
        try state.withLock { state in
            guard state.hasNews else { return }
            var bytes: [UInt8] = []
            for (key, entry) in state.entries {
                let key = key.wrappedValue
                if let pair = entry.last { bytes += SyncRecord.line("is", pair, key) }
                for pair in entry.received { bytes += SyncRecord.line("receives", pair, key) }
                for pair in entry.sent { bytes += SyncRecord.line("sends", pair, key) }
            }
            let file = try StagedFile(for: path)
            try bytes.withUnsafeBytes { try writeBlock($0, to: file.descriptor, at: 0, path: path) }
            // What a loss of power takes is not known any more, and so kept.
            try file.commit(flushing: false)
            (state.waiting, state.hasNews) = ([], false)
        }
    }

    // MARK: Lines

    private static func line(_ step: String, _ pair: Pair, _ key: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(96 + key.utf8.count)
        bytes += "\(step) \(pair.file.size) \(pair.file.time)".utf8
        let digits = Array("0123456789ABCDEF".utf8)
        for word in [pair.etag.text, key] {
            bytes.append(UInt8(ascii: " "))
            for byte in word.utf8 {
                if byte > 0x20, byte != UInt8(ascii: "%") {
                    bytes.append(byte)
                } else {
                    bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                }
            }
        }
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// - Parameter mayWait: it is no loss if a process is killed before it is written.
    private func change(_ key: String, _ line: [UInt8], mayWait: Bool = false, _ change: (inout Entry) -> Void) throws {
        try state.withLock { state in
            change(&state.entries[ObjectKey(key), default: Entry()])
            guard let path else { return }
            state.hasNews = true
            state.waiting += line
            if mayWait { return }
            try state.waiting.withUnsafeBytes { try writeBlock($0, to: descriptor, at: state.end, path: path) }
            state.end += Int64(state.waiting.count)
            state.waiting.removeAll(keepingCapacity: true)
        }
    }

    private static func read(_ line: ArraySlice<UInt8>, into entries: inout [ObjectKey: Entry]) {
        let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 5, let first = Int64(words[1]), let second = Int64(words[2]) else { return }
        let pair = Pair(
            file: FileState(size: first, time: second), etag: ETag(PercentEncoding.decoded(words[3], plusIsSpace: false)))
        let key = ObjectKey(PercentEncoding.decoded(words[4], plusIsSpace: false))
        switch words[0] {
        case "is": entries[key] = Entry(last: pair)
        case "receives": entries[key, default: Entry()].received.append(pair)
        case "sends": entries[key, default: Entry()].sent.append(pair)
        default: return
        }
    }

    private static func open(_ path: String) throws -> Int32 {
        while true {
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw FileError(path: path, operation: "write", errno: errno) }
            // File systems without locks do without.
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
                close(descriptor)
                throw StoreError(.busy, "another process pulls or pushes the same folder; wait until it is done")
            }
            var (own, named) = (stat(), stat())
            // Whoever had it before may have written it anew.
            if fstat(descriptor, &own) == 0, lstat(path, &named) == 0, own.st_ino == named.st_ino { return descriptor }
            close(descriptor)
        }
    }
}
