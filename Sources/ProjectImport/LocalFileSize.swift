import Glibc

/// Bytes of a file here, without opening it.
func sizeOfFile(_ path: String, name: String) throws(MediaFailure) -> Int64 {
    var status = stat()
    guard stat(path, &status) == 0 else { throw MediaFailure(name, "it cannot be read: \(String(cString: strerror(errno)))") }
    guard status.st_mode & S_IFMT == S_IFREG else { throw MediaFailure(name, "it is not a file") }
    return Int64(status.st_size)
}
