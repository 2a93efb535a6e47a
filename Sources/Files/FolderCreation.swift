import Glibc

/// Makes a folder, and those on the way to it, where they are not there.
package func createFolder(_ path: String) throws(FileError) {
    var made = path.hasPrefix("/") ? "" : "."
    // Bytes, as the system sees them: a combining mark after a slash does not hide it.
    for component in path.utf8.split(separator: UInt8(ascii: "/")) {
        made += "/" + String(Substring(component))
        if mkdir(made, 0o777) != 0 && errno != EEXIST {
            throw FileError(path: path, operation: "write", errno: errno)
        }
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(path: path, operation: "write", errno: errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw FileError(path: path, operation: "write", errno: ENOTDIR) }
}
