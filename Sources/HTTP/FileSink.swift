import Glibc
import Synchronization

/// Writes a body into a part of a file with `pwrite`. The descriptor stays the caller's.
public final class FileSink: HTTPSink {
    private let descriptor: Int32
    private let offset: Int64
    private let expected: Int64?
    private let limit: Int64
    private let position = Mutex<Int64>(0)

    /// - Parameters:
    ///   - offset: of the file, in bytes.
    ///   - count: exactly that many bytes are expected; fewer and more are errors. Nothing is written past them.
    public init(descriptor: Int32, offset: Int64, count: Int64) {
        (self.descriptor, self.offset, expected, limit) = (descriptor, offset, count, count)
    }

    /// - Parameter limit: the most bytes that are taken; more are an error.
    public init(descriptor: Int32, offset: Int64 = 0, limit: Int64) {
        (self.descriptor, self.offset, expected, self.limit) = (descriptor, offset, nil, limit)
    }

    /// Bytes written so far.
    public var count: Int64 { position.withLock { $0 } }

    public func begin(_ response: HTTPResponse) throws {
        position.withLock { $0 = 0 }
        guard let announced = response.contentLength else { return }
        if let expected, announced != expected { throw HTTPError.unexpectedLength(announced, expected: expected) }
        if announced > limit { throw HTTPError.tooLarge(limit: limit) }
    }

    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        try position.withLock { position in
            guard Int64(bytes.count) <= limit - position else {
                throw expected.map { HTTPError.unexpectedLength(nil, expected: $0) } ?? HTTPError.tooLarge(limit: limit)
            }
            var rest = bytes[...]
            while !rest.isEmpty {
                let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress
                let written = pwrite(descriptor, start, rest.count, off_t(offset + position))
                if written < 0 {
                    if errno == EINTR { continue }
                    throw HTTPError.file("written", errno)
                }
                position += Int64(written)
                rest = rest.dropFirst(written)
            }
        }
    }

    public func end() throws {
        let count = count
        if let expected, count != expected { throw HTTPError.interrupted(after: count, of: expected) }
    }
}
