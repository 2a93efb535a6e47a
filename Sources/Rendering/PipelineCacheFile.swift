import Files
import Glibc

/// A GPU's compiled shaders on disk, for the next start. Worth some tenths of a second; may vanish at any time.
///
/// Whoever reads it checks that it is whole and of the same device and driver.
struct PipelineCacheFile {
    private let path: String
    private let folder: String

    /// Larger files are not ours.
    private static let maximumBytes = 32 << 20

    /// - Parameter id: the device's and its driver's.
    /// - Returns: `nil` where the user has no cache folder (XDG Base Directory Specification).
    init?(_ id: String) {
        guard let base = Environment.cacheHome else { return nil }
        folder = base + "/burns"
        path = "\(folder)/\(id).pipelines"
    }

    /// What is there, if anything.
    func read() -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.maximumBytes else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        return Glibc.read(descriptor, &bytes, bytes.count) == bytes.count ? bytes : nil
    }

    func write(_ bytes: [UInt8]) throws {
        try createFolder(folder)
        let file = try StagedFile(for: path)
        let descriptor = open(file.temporaryPath, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, operation: "write", errno: errno) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw FileError(path: path, operation: "write", errno: errno)
        }
        try file.commit()
    }
}
