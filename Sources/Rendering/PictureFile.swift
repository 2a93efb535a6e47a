import Files
import Glibc
import Media

/// A picture on disk that passed its examination: there, complete, of a known kind and not too large.
public struct PictureFile: Sendable {
    public let path: String
    public let header: PictureHeader
    let identity: FileIdentity
    package var byteCount: Int { identity.size }
}

/// What a file was when it was examined, to notice that it has changed since.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt
    private let inode: UInt
    let size: Int
    private let modified: [Int]

    init(path: String) throws(FileError) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileError(path: path, operation: "read", errno: errno) }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        modified = [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
    }
}
