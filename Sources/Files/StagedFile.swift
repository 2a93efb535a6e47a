import Glibc

/// A file that is written under a temporary name beside its place and only then takes its name: a reader never sees half a
/// file, and what a killed process leaves is swept away by the next one that writes there.
///
/// The owner holds a lock on the temporary file while it lives, so that a sweep tells abandoned files from those in use, on
/// any number of processes.
package final class StagedFile {
    /// Where to write.
    package let temporaryPath: String
    private let finalPath: String
    /// For reading and writing. Closed with the last reference.
    package let descriptor: Int32
    private var isCommitted = false

    private static let suffix = ".partial"

    /// Whether a file's name is one that these have until they are committed.
    package static func isTemporary(_ name: String) -> Bool { name.utf8.first == UInt8(ascii: ".") && hasSuffix(name) }

    private static func hasSuffix(_ name: String) -> Bool { name.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) }

    /// Creates the temporary file and reserves `reserveBytes` once, to find out early whether the disk takes them.
    ///
    /// - Parameters:
    ///   - mode: who may read and write it, less what the umask takes.
    ///   - sweeps: away what others of this name have left, for which all names in the folder are read.
    package init(
        for finalPath: String, mode: mode_t = 0o666, reserveBytes: Int = 0, sweeps: Bool = true
    ) throws(FileError) {
        let place = PathParts(finalPath)
        if sweeps { StagedFile.sweep(folder: place.folder, leftoversOf: [place.name]) }
        self.finalPath = finalPath
        (temporaryPath, descriptor) = try StagedFile.create(in: place, for: finalPath, mode)
        if reserveBytes > 0 {
            let code = posix_fallocate(descriptor, 0, reserveBytes)
            if code != 0 && code != EOPNOTSUPP && code != EINVAL {
                throw FileError(path: finalPath, operation: "write", errno: code)
            }
            ftruncate(descriptor, 0)
        }
    }

    /// Creates the temporary file and locks it. Between the two a sweep may take it for abandoned; then another is created.
    private static func create(
        in place: PathParts, for finalPath: String, _ mode: mode_t
    ) throws(FileError) -> (path: String, descriptor: Int32) {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let path = "\(place.folder)/\(prefix(of: place.name))\(random.next())\(suffix)"
            let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
            guard descriptor >= 0 else { throw FileError(path: finalPath, operation: "write", errno: errno) }
            // Waits for a sweep at most. File systems without locks leave sweeping to people.
            while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
            var status = stat()
            if fstat(descriptor, &status) == 0, status.st_nlink > 0 { return (path, descriptor) }
            unlink(path)
            close(descriptor)
        }
        throw FileError(path: finalPath, operation: "write", errno: EBUSY)
    }

    /// Hidden, and short enough that the rest of the temporary name fits into the 255 bytes of a file's name.
    private static func prefix(of name: String) -> String {
        ".\(String(decoding: name.utf8.prefix(120), as: UTF8.self))."
    }

    /// Gives the file its name, replacing what had it.
    ///
    /// - Parameter flushing: to the disk before, which takes longer than all else with small files. Otherwise the file is whole
    ///   for everybody, but perhaps not after a loss of power.
    package func commit(flushing: Bool = true) throws(FileError) {
        guard !flushing || fsync(descriptor) == 0, rename(temporaryPath, finalPath) == 0 else {
            throw FileError(path: finalPath, operation: "write", errno: errno)
        }
        isCommitted = true
        if flushing { flushFolder(PathParts(finalPath).folder) }
    }

    deinit {
        if !isCommitted { unlink(temporaryPath) }
        close(descriptor)
    }

    /// Removes what is left of files of these names whose writers are gone.
    package static func sweep(folder: String, leftoversOf names: [String]) {
        let prefixes = names.map(prefix(of:))
        sweep(folder: folder) { name in prefixes.contains { name.utf8.starts(with: $0.utf8) } }
    }

    /// Removes temporary files whose writers are gone, of those whose names pass.
    package static func sweep(folder: String, where isOurs: (String) -> Bool) {
        for name in namesInFolder(folder) where hasSuffix(name) && isOurs(name) {
            let path = folder + "/" + name
            let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
            close(descriptor)
        }
    }
}
