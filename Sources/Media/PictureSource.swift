import Glibc

/// The bytes of a picture file, checked at every read: a whole file in memory, or a window that moves over an open file.
///
/// - Errors: a read past the end throws `truncated` of `format`.
/// - Threads: one at a time (the window moves).
final class PictureSource {
    static let windowBytes = 64 << 10

    let size: Int
    /// What a short file is said to be; set once the content has been recognised.
    var format: PictureFormat = .jpeg

    private let descriptor: Int32?
    private let base: UnsafeMutablePointer<UInt8>
    /// Keeps memory that is not this object's own.
    private let owner: PictureFileBytes?
    private var windowStart = 0
    private var windowEnd: Int
    /// A system error met while reading, for callers that take no answer for "no".
    private(set) var readError: PictureError?

    /// A window over an open regular file. The descriptor stays the caller's.
    init(fileDescriptor: Int32, size: Int) {
        self.descriptor = fileDescriptor
        self.size = size
        self.base = .allocate(capacity: PictureSource.windowBytes)
        self.owner = nil
        self.windowEnd = 0
    }

    init(_ bytes: PictureFileBytes) {
        self.descriptor = nil
        self.size = bytes.size
        self.base = bytes.base
        self.owner = bytes
        self.windowEnd = bytes.size
    }

    deinit { if owner == nil { base.deallocate() } }

    /// A pointer to `count` bytes at `offset`, valid until the next read.
    private func pointer(_ offset: Int, _ count: Int) throws(PictureError) -> UnsafePointer<UInt8> {
        if offset < 0 || offset > size || count > size - offset { throw PictureError(.truncated(format)) }
        if offset < windowStart || offset + count > windowEnd { try moveWindow(to: offset, count) }
        return UnsafePointer(base + (offset - windowStart))
    }

    private func moveWindow(to offset: Int, _ count: Int) throws(PictureError) {
        guard let descriptor, count <= PictureSource.windowBytes else { throw PictureError(.truncated(format)) }
        var filled = 0
        let wanted = min(PictureSource.windowBytes, size - offset)
        while filled < wanted {
            let got = pread(descriptor, base + filled, wanted - filled, offset + filled)
            if got < 0 {
                if errno == EINTR { continue }
                let error = PictureError(.unreadable(operation: "read", reason: systemText(errno)))
                readError = error
                throw error
            }
            if got == 0 { break }
            filled += got
        }
        windowStart = offset
        windowEnd = offset + filled
        // The file became shorter since its size was taken.
        if filled < count { throw PictureError(.truncated(format)) }
    }

    func byte(_ offset: Int) throws(PictureError) -> Int { Int(try pointer(offset, 1).pointee) }

    func be16(_ offset: Int) throws(PictureError) -> Int {
        let p = try pointer(offset, 2)
        return Int(p[0]) << 8 | Int(p[1])
    }

    func le16(_ offset: Int) throws(PictureError) -> Int {
        let p = try pointer(offset, 2)
        return Int(p[1]) << 8 | Int(p[0])
    }

    func le24(_ offset: Int) throws(PictureError) -> Int {
        let p = try pointer(offset, 3)
        return Int(p[2]) << 16 | Int(p[1]) << 8 | Int(p[0])
    }

    func be32(_ offset: Int) throws(PictureError) -> Int {
        let p = try pointer(offset, 4)
        return Int(p[0]) << 24 | Int(p[1]) << 16 | Int(p[2]) << 8 | Int(p[3])
    }

    func le32(_ offset: Int) throws(PictureError) -> Int {
        let p = try pointer(offset, 4)
        return Int(p[3]) << 24 | Int(p[2]) << 16 | Int(p[1]) << 8 | Int(p[0])
    }

    func bytes(_ range: Range<Int>) throws(PictureError) -> [UInt8] {
        var result: [UInt8] = []
        var offset = range.lowerBound
        if offset < 0 || range.upperBound > size { throw PictureError(.truncated(format)) }
        result.reserveCapacity(range.count)
        while offset < range.upperBound {
            let count = min(range.upperBound - offset, PictureSource.windowBytes)
            result.append(contentsOf: UnsafeBufferPointer(start: try pointer(offset, count), count: count))
            offset += count
        }
        return result
    }

    func has(_ expected: [UInt8], at offset: Int) -> Bool {
        guard let p = try? pointer(offset, expected.count) else { return false }
        for i in expected.indices where p[i] != expected[i] { return false }
        return true
    }

    func has(_ expected: StaticString, at offset: Int) -> Bool {
        guard let p = try? pointer(offset, expected.utf8CodeUnitCount) else { return false }
        return memcmp(p, expected.utf8Start, expected.utf8CodeUnitCount) == 0
    }

    /// True where the file is shorter than a signature and agrees with it as far as it goes.
    func isPrefix(of signature: [UInt8]) -> Bool { size < signature.count && has(Array(signature.prefix(size)), at: 0) }

    /// The offset of the first byte of a given value at or after `offset`.
    func find(_ value: UInt8, from offset: Int) throws(PictureError) -> Int {
        var offset = offset
        while true {
            let p = try pointer(offset, 1)
            let available = windowEnd - offset
            if let hit = memchr(p, Int32(value), available) {
                return offset + (UnsafeRawPointer(hit) - UnsafeRawPointer(p))
            }
            offset += available
        }
    }
}
