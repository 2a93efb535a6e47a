import Files
import Glibc
import Library

/// Rendered chunks and sounds, and objects that were pulled from buckets, on disk by key. May vanish at any time; whoever reads
/// an entry checks it.
public struct ChunkCache: Sendable {
    public let folder: String
    public let limitBytes: Int

    public static let defaultLimitBytes = 20 << 30

    /// `BURNS_CACHE`, or `burns` in the user's cache folder (XDG Base Directory Specification).
    public static func defaultFolder() -> String? {
        if let own = Environment.value("BURNS_CACHE") { return own }
        return Environment.cacheHome.map { $0 + "/burns" }
    }

    /// Creates the folder if it is not there.
    public init(folder: String, limitBytes: Int = defaultLimitBytes) throws(FileError) {
        self.folder = folder
        self.limitBytes = limitBytes
        try createFolder(folder)
        StagedFile.sweep(folder: folder) { $0.hasPrefix(".") && Self.isEntry($0.dropFirst()) }
        PulledObjects.sweepLocks(in: folder)
    }

    func path(ofKey key: String, extension suffix: String) -> String { "\(folder)/\(key).\(suffix)" }

    /// Marks an entry as used now, so that it is among the last to go.
    func touch(_ path: String) { markUsed(path) }

    func remove(_ path: String) { unlink(path) }

    /// Only what a cache names so: the folder may be the user's by mistake.
    private static func isEntry(_ name: some StringProtocol) -> Bool {
        let parts = name.split(separator: ".")
        return parts.count >= 2 && parts[0].utf8.count == 64 && parts[0].allSatisfy(\.isHexDigit)
            && ["mp4", "m4a", "object"].contains(parts[1])
    }

    /// Removes the entries that were not used for longest, until the rest fits the limit.
    public func trim() {
        var entries: [(path: String, bytes: Int, used: (Int, Int))] = []
        for name in namesInFolder(folder) where Self.isEntry(name) {
            var status = stat()
            let path = folder + "/" + name
            guard stat(path, &status) == 0 else { continue }
            entries.append((path, Int(status.st_size), (Int(status.st_atim.tv_sec), Int(status.st_atim.tv_nsec))))
        }
        var total = entries.reduce(0) { $0 + $1.bytes }
        for entry in entries.sorted(by: { $0.used < $1.used }) where total > limitBytes {
            unlink(entry.path)
            total -= entry.bytes
        }
    }
}
