import CFFmpeg
import Glibc

/// An open picture file: a regular file of known size, or a sentence that says why not.
final class PictureFile {
    let descriptor: Int32
    let size: Int

    /// Opens without waiting: a FIFO or a device that a stranger put in a picture's place must not hang the program.
    init(path: String) throws(PictureError) {
        let opened = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        if opened < 0 { throw PictureError(.unreadable(operation: "opened", reason: systemText(errno))) }
        do throws(PictureError) { size = try PictureFile.checkedSize(opened) } catch {
            close(opened)
            throw error
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    static func checkedSize(_ descriptor: Int32) throws(PictureError) -> Int {
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw PictureError(.unreadable(operation: "read", reason: systemText(errno))) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw PictureError(.notRegularFile("a directory"))
        case S_IFIFO: throw PictureError(.notRegularFile("a pipe"))
        default: throw PictureError(.notRegularFile("a device or socket"))
        }
        if status.st_size == 0 { throw PictureError(.empty) }
        return Int(status.st_size)
    }

    /// The whole file in one buffer with the zeroed padding behind it that libav's bit readers need.
    func readAll(limits: PictureLimits) throws(PictureError) -> PictureFileBytes {
        if size > limits.maximumFileBytes {
            throw PictureError(.tooManyBytes(size: size, maximum: limits.maximumFileBytes))
        }
        let bytes = try PictureFileBytes(size: size)
        var filled = 0
        while filled < size {
            let got = read(descriptor, bytes.base + filled, size - filled)
            if got < 0 {
                if errno == EINTR { continue }
                throw PictureError(.unreadable(operation: "read", reason: systemText(errno)))
            }
            if got == 0 { throw PictureError(.unreadable(operation: "read", reason: "the file became shorter meanwhile")) }
            filled += got
        }
        return bytes
    }
}

/// Owns a file's bytes and the padding behind them.
final class PictureFileBytes {
    let base: UnsafeMutablePointer<UInt8>
    let size: Int

    init(size: Int) throws(PictureError) {
        let total = size + Int(AV_INPUT_BUFFER_PADDING_SIZE)
        guard let memory = malloc(total) else { throw PictureError(.outOfMemory) }
        base = memory.bindMemory(to: UInt8.self, capacity: total)
        self.size = size
        memset(base + size, 0, Int(AV_INPUT_BUFFER_PADDING_SIZE))
    }

    deinit { free(base) }
}
