import Digest
import Files
import Glibc
import Synchronization

/// A file that is received in ranges, under a hidden name beside its place, with a journal of the ranges that are there. When the
/// process ends before the file is whole, the next one goes on with it, if the object is still the same.
///
/// Its owner holds a lock on it. What nobody goes on with is swept away by the next one that writes a file of that name.
final class PartialFile: Sendable {
    let descriptor: Int32
    private let journal: Int32
    private let path: String
    private let finalPath: String
    private let plan: PartPlan
    /// Of the ranges' checksums.
    private let kind: CRC.Kind
    /// How far the ranges are there, as an earlier run says.
    private let earlier: [Int: Beginning]
    private let journalEnd: Mutex<Int64>

    /// What there is of a range.
    struct Beginning: Sendable {
        var crc: CRC
        /// Bytes.
        var count: Int

        func followed(by next: CRC, _ count: Int) -> Beginning {
            var crc = crc
            crc.append(next, byteCount: count)
            return Beginning(crc: crc, count: self.count + count)
        }
    }

    init(for finalPath: String, of info: ObjectInfo, _ plan: PartPlan, _ kind: CRC.Kind) throws {
        (self.finalPath, self.plan, self.kind) = (finalPath, plan, kind)
        path = PartialFile.path(for: finalPath)
        (descriptor, journal) = try PartialFile.openBoth(path, for: finalPath)
        let title = "\(info.etag) \(info.size) \(plan.partBytes) \(kind.rawValue)\n"
        let (found, entries) = PartialFile.read(journal, kind)
        if found == title {
            earlier = entries
            journalEnd = Mutex(Int64(lseek(journal, 0, SEEK_END)))
        } else {
            earlier = [:]
            journalEnd = Mutex(0)
            ftruncate(journal, 0)
            ftruncate(descriptor, 0)
            try append(title)
        }
    }

    /// Those of the file and of its journal until it is whole.
    static func paths(for finalPath: String) -> [String] {
        let path = path(for: finalPath)
        return [path + ".partial", path + ".journal.partial"]
    }

    /// Names that StagedFile knows as temporary, and that no two files share.
    private static func path(for finalPath: String) -> String {
        let place = PathParts(finalPath)
        let isLong = place.name.utf8.count > 120
        let rest = isLong ? "." + SHA256.hexadecimal(of: Array(place.name.utf8)).prefix(32) : ""
        return "\(place.folder)/.\(String(decoding: place.name.utf8.prefix(120), as: UTF8.self))\(rest).download"
    }

    deinit {
        close(descriptor)
        close(journal)
    }

    /// What is there of a range from an earlier run, read anew: after a crash of the machine the journal may know more than the
    /// disk.
    func beginning(of number: Int) throws -> Beginning {
        let none = Beginning(crc: CRC(kind), count: 0)
        let range = plan.range(number)
        guard let expected = earlier[number], expected.count <= range.count else { return none }
        var crc = CRC(kind)
        let end = range.lowerBound + Int64(expected.count)
        let count = try readBlocks(of: descriptor, range.lowerBound..<end, path: path) { crc.update($0) }
        return count == expected.count && crc == expected.crc ? expected : none
    }

    /// So much of a range is there.
    func note(_ number: Int, _ beginning: Beginning) throws {
        try append("\(number) \(beginning.crc.value) \(beginning.count)\n")
    }

    private func append(_ line: String) throws {
        try journalEnd.withLock { end in
            try Array(line.utf8).withUnsafeBytes { try writeBlock($0, to: journal, at: end, path: path) }
            end += Int64(line.utf8.count)
        }
    }

    /// To be read.
    func content() throws(StoreError) -> LocalFile { try LocalFile(path + ".partial") }

    /// Gives the whole file its name.
    ///
    /// - Parameter before: called when it has all but that.
    func commit(flushing: Bool, before: (Int32) throws -> Void) throws {
        guard ftruncate(descriptor, off_t(plan.size)) == 0, !flushing || fsync(descriptor) == 0 else {
            throw FileError(path: finalPath, operation: "write", errno: errno)
        }
        try before(descriptor)
        // First: nobody would look for it beside a file that is whole.
        unlink(path + ".journal.partial")
        guard rename(path + ".partial", finalPath) == 0 else {
            throw FileError(path: finalPath, operation: "write", errno: errno)
        }
        if flushing { flushFolder(PathParts(finalPath).folder) }
    }

    /// Throws away what there is.
    func remove() {
        unlink(path + ".partial")
        unlink(path + ".journal.partial")
    }

    private static func openBoth(_ path: String, for finalPath: String) throws -> (file: Int32, journal: Int32) {
        for _ in 0..<100 {
            let file = try open(path + ".partial")
            do {
                // File systems without locks do without.
                guard flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
                    throw StoreError(.busy, "\(finalPath) is being downloaded by another process")
                }
                // Between the two, its owner may have made the whole file of it, or a sweep have taken it for abandoned.
                guard isNamed(file, path + ".partial") else {
                    close(file)
                    continue
                }
                let journal = try open(path + ".journal.partial")
                flock(journal, LOCK_EX | LOCK_NB)
                return (file, journal)
            } catch {
                close(file)
                throw error
            }
        }
        throw FileError(path: finalPath, operation: "write", errno: EBUSY)
    }

    private static func isNamed(_ descriptor: Int32, _ path: String) -> Bool {
        var (own, named) = (stat(), stat())
        guard fstat(descriptor, &own) == 0, lstat(path, &named) == 0 else { return false }
        return own.st_dev == named.st_dev && own.st_ino == named.st_ino
    }

    private static func open(_ path: String) throws(FileError) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(path: path, operation: "write", errno: errno) }
        return descriptor
    }

    /// The title, and the lines that are whole. What cannot be read is received anew.
    private static func read(_ journal: Int32, _ kind: CRC.Kind) -> (title: String, entries: [Int: Beginning]) {
        var text: [UInt8] = []
        guard (try? readBlocks(of: journal, 0..<16 << 20, path: "the journal") { text += $0 }) != nil else { return ("", [:]) }
        var lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        // What follows the last line's end is half a line.
        guard lines.popLast() != nil, let title = lines.first else { return ("", [:]) }
        var entries: [Int: Beginning] = [:]
        for line in lines.dropFirst() {
            let numbers = line.split(separator: " ")
            guard numbers.count == 3, let number = Int(numbers[0]), let value = UInt64(numbers[1]), let count = Int(numbers[2]),
                count >= 0
            else { continue }
            entries[number] = Beginning(crc: CRC(kind, value: value), count: count)
        }
        return (title + "\n", entries)
    }
}
