import Glibc

/// Reads a part of a file block by block, so that memory does not grow with it.
///
/// - Parameters:
///   - path: for errors.
///   - body: gets up to 1 MiB, valid during the call.
/// - Returns: how many bytes there were: fewer than asked for where the file ends before.
/// - Throws: `FileError`, `CancellationError`, and what `body` throws.
@discardableResult
package func readBlocks(
    of descriptor: Int32, _ range: Range<Int64>, path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
) throws -> Int64 {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(min(Int64(range.count), 1 << 20)), alignment: 64)
    defer { buffer.deallocate() }
    var position = range.lowerBound
    while position < range.upperBound {
        try Task.checkCancellation()
        let wanted = Int(min(Int64(buffer.count), range.upperBound - position))
        let block = UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted])
        let count = try readBlock(of: descriptor, at: position, into: block, path: path)
        if count == 0 { break }
        try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        position += Int64(count)
    }
    return position - range.lowerBound
}

/// Fills a buffer from a place of a file on.
///
/// - Returns: how many bytes there were: fewer than the buffer holds where the file ends before.
package func readBlock(
    of descriptor: Int32, at offset: Int64, into buffer: UnsafeMutableRawBufferPointer, path: String
) throws(FileError) -> Int {
    var total = 0
    while total < buffer.count {
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[total...])
        let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(total))
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw FileError(path: path, operation: "read", errno: errno) }
        if count == 0 { break }
        total += count
    }
    return total
}

/// Writes all of some bytes at a place of a file.
package func writeBlock(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int64, path: String
) throws(FileError) {
    var written = 0
    while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(written))
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw FileError(path: path, operation: "write", errno: errno) }
        written += count
    }
}

/// Makes names in a folder last. Best effort: not every file system can.
package func flushFolder(_ path: String) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
}
