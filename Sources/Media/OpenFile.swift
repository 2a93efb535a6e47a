import CFFmpeg
import Glibc

/// One open file behind libav's byte I/O.
///
/// libav never sees the path: a name such as `-x` or `http:x` stays a file's name, no protocol is ever chosen by it, and the
/// system's own error number survives. Every read and write asks whether the work was cancelled.
///
/// Thread rule: one thread at a time.
final class OpenFile {
    let path: String
    private(set) var descriptor: Int32
    /// The first errno of a failed read or write; 0 while all went well.
    private(set) var errorNumber: Int32 = 0
    private(set) var wasCancelled = false
    private let isCancelled: () -> Bool

    init(reading path: String, isCancelled: @escaping () -> Bool) throws(FilmError) {
        self.path = path
        self.isCancelled = isCancelled
        // Non-blocking, for a named pipe without a writer would otherwise hold the open for ever.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw FilmError(.input, "\(path) cannot be opened: \(systemText(errno)).") }
        var status = stat()
        // A folder opens too, and pipes and terminals cannot be sought.
        if fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFREG {
            close(descriptor)
            descriptor = -1
            throw FilmError(.input, "\(path) is not a file.")
        }
    }

    /// Creates the file, or empties what is there.
    init(writing path: String, isCancelled: @escaping () -> Bool) throws(FilmError) {
        self.path = path
        self.isCancelled = isCancelled
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw FilmError(.output, "\(path) cannot be written: \(systemText(errno)).") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    var byteCount: Int64 {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : -1
    }

    func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int, at offset: Int64) -> Int32 {
        if cancelled() { return burns_av_exit }
        while true {
            let got = pread(descriptor, buffer, count, off_t(offset))
            if got > 0 { return Int32(got) }
            if got == 0 { return burns_av_eof }
            if errno != EINTR { return failed(errno) }
        }
    }

    func write(_ buffer: UnsafePointer<UInt8>, count: Int, at offset: Int64) -> Int32 {
        if cancelled() { return burns_av_exit }
        var done = 0
        while done < count {
            let put = pwrite(descriptor, buffer + done, count - done, off_t(offset) + off_t(done))
            if put < 0 {
                if errno == EINTR { continue }
                return failed(errno)
            }
            done += put
        }
        return Int32(count)
    }

    /// On the disk, then closed. Late write errors (network and quota file systems) show here.
    func flushAndClose() throws(FilmError) {
        let synced = fsync(descriptor)
        let syncError = errno
        let closed = close(descriptor)
        let closeError = errno
        descriptor = -1
        // EINVAL: what was opened is no disk file and has nothing to flush.
        if synced != 0 && syncError != EINVAL { throw FilmError(.output, "\(path) cannot be written: \(systemText(syncError)).") }
        if closed != 0 { throw FilmError(.output, "\(path) cannot be written: \(systemText(closeError)).") }
    }

    func cancelled() -> Bool {
        if !wasCancelled && isCancelled() { wasCancelled = true }
        return wasCancelled
    }

    private func failed(_ number: Int32) -> Int32 {
        if errorNumber == 0 { errorNumber = number }
        return -number
    }
}

/// The system's words for an error number ("No space left on device").
func systemText(_ number: Int32) -> String { LibavError.text(of: -number) }

/// A libav I/O context over an open file, with a place of its own in it: faststart reads a file that is being written.
///
/// The context holds the file; `freeIOContext` lets go of both.
func makeIOContext(_ file: OpenFile, writing: Bool) throws(LibavError) -> UnsafeMutablePointer<AVIOContext> {
    let bufferBytes = 1 << 18
    let buffer = try checkAllocated(av_malloc(bufferBytes), "av_malloc")
    let cursor = Unmanaged.passRetained(FileCursor(file))
    let context = avio_alloc_context(
        buffer.assumingMemoryBound(to: UInt8.self), Int32(bufferBytes), writing ? 1 : 0, cursor.toOpaque(),
        { opaque, buffer, count in
            guard let opaque, let buffer else { return burns_av_einval }
            return Unmanaged<FileCursor>.fromOpaque(opaque).takeUnretainedValue().read(into: buffer, count: Int(count))
        },
        { opaque, buffer, count in
            guard let opaque, let buffer else { return burns_av_einval }
            return Unmanaged<FileCursor>.fromOpaque(opaque).takeUnretainedValue().write(buffer, count: Int(count))
        },
        { opaque, offset, whence in
            guard let opaque else { return Int64(burns_av_einval) }
            return Unmanaged<FileCursor>.fromOpaque(opaque).takeUnretainedValue().seek(to: offset, whence: whence)
        })
    guard let context else {
        cursor.release()
        av_free(buffer)
        throw LibavError(call: "avio_alloc_context", code: burns_av_enomem)
    }
    return context
}

func freeIOContext(_ context: UnsafeMutablePointer<AVIOContext>) {
    if let opaque = context.pointee.opaque { Unmanaged<FileCursor>.fromOpaque(opaque).release() }
    av_free(context.pointee.buffer)
    var context: UnsafeMutablePointer<AVIOContext>? = context
    avio_context_free(&context)
}

/// A second place in the file that `context` is over, for libav's own reading back.
func makeReadingSibling(of context: UnsafeMutablePointer<AVIOContext>) -> UnsafeMutablePointer<AVIOContext>? {
    guard let opaque = context.pointee.opaque else { return nil }
    let file = Unmanaged<FileCursor>.fromOpaque(opaque).takeUnretainedValue().file
    return try? makeIOContext(file, writing: false)
}

private final class FileCursor {
    let file: OpenFile
    var offset: Int64 = 0

    init(_ file: OpenFile) { self.file = file }

    func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) -> Int32 {
        let got = file.read(into: buffer, count: count, at: offset)
        if got > 0 { offset += Int64(got) }
        return got
    }

    func write(_ buffer: UnsafePointer<UInt8>, count: Int) -> Int32 {
        let put = file.write(buffer, count: count, at: offset)
        if put > 0 { offset += Int64(put) }
        return put
    }

    func seek(to position: Int64, whence: Int32) -> Int64 {
        let target: Int64
        switch whence & ~burns_avseek_force {
        case burns_avseek_size: return file.byteCount
        case SEEK_SET: target = position
        case SEEK_CUR: target = offset + position
        case SEEK_END: target = file.byteCount + position
        default: return Int64(burns_av_einval)
        }
        if target < 0 { return Int64(burns_av_einval) }
        offset = target
        return target
    }
}
