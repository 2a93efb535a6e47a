import Digest
import Files
import HTTP
import Synchronization

/// What the headers of a response say of an object, and of the part of it that follows.
struct S3Content: Sendable {
    let info: ObjectInfo
    let range: Range<Int64>
    /// The ETag is the MD5 of the content, or that of its parts' MD5s.
    let hasDigest: Bool
    /// Of the whole object, where its ETag is that.
    var md5: [UInt8]? { hasDigest ? info.etag.md5 : nil }

    /// - Throws: `corrupted` where they make no sense.
    init(_ response: HTTPResponse, key: String) throws(StoreError) {
        guard let length = response.headers["Content-Length"].flatMap({ Int64($0) }), length >= 0 else {
            throw StoreError(.corrupted, "\(key): the server does not say how long the object is")
        }
        var size = length
        if response.status == 206 {
            guard let (given, total) = response.headers["Content-Range"].flatMap(S3Content.contentRange), given.count == length
            else { throw StoreError(.corrupted, "\(key): the server does not say which bytes it sends") }
            (range, size) = (given, total)
        } else {
            range = 0..<length
        }
        let headers = response.headers
        hasDigest = headers.hasDigest
        info = ObjectInfo(
            key: key, size: size, etag: ETag(headers["ETag"] ?? ""),
            modifiedAt: headers["Last-Modified"].flatMap(HTTPDate.seconds) ?? 0, attributes: ObjectAttributes(headers),
            checksum: ObjectChecksum(headers))
    }

    /// Whether all of the object follows.
    var isWhole: Bool { range == 0..<info.size }

    /// "bytes 0-99/1234"
    private static func contentRange(_ text: String) -> (Range<Int64>, Int64)? {
        let parts = text.split(whereSeparator: { " -/".contains($0) })
        guard parts.count == 4, parts[0] == "bytes", let first = Int64(parts[1]), let last = Int64(parts[2]),
            let size = Int64(parts[3]), 0 <= first, first <= last, last < size
        else { return nil }
        return (first..<last + 1, size)
    }
}

extension HTTPHeaders {
    /// The ETag tells of the content: not of what is encrypted with a key of its owner's.
    fileprivate var hasDigest: Bool {
        (self["x-amz-server-side-encryption"].map { $0 == "AES256" } ?? true)
            && self["x-amz-server-side-encryption-customer-algorithm"] == nil
    }

    /// Of an object, or of a part of one, where its ETag is that.
    var md5: [UInt8]? { hasDigest ? self["ETag"].flatMap { ETag($0).md5 } : nil }
}

extension ETag {
    /// `nil`: it is of parts, or something else.
    fileprivate var md5: [UInt8]? { text.utf8.count == 32 ? Hexadecimal.decode(text) : nil }
}

/// Takes an object's content, and makes sure that it is what was asked for.
final class S3ContentSink: HTTPSink {
    private struct State: Sendable {
        var content: S3Content?
        var received: Int64 = 0
        var bytes: [UInt8] = []
        var crc = CRC(.crc32c)
        /// How much `each` has been told of.
        var told: Int64 = 0
    }

    private let key: String
    private let asked: Range<Int64>?
    private let etag: ETag?
    private let destination: ObjectDestination
    private let kind: CRC.Kind
    private let verifies: Bool
    private let each: (@Sendable (CRC, Int) throws -> Void)?
    private let state = Mutex(State())
    /// Of the content so far, where the ETag is all that can be compared.
    private let md5 = Mutex<MD5?>(nil)

    /// - Parameter kind: what is computed of ranges, and of content that comes without a checksum.
    init(
        key: String, range: Range<Int64>?, etag: ETag?, destination: ObjectDestination, kind: CRC.Kind, verifies: Bool,
        each: (@Sendable (CRC, Int) throws -> Void)?
    ) {
        (self.kind, self.each) = (kind, each)
        (self.key, asked, self.etag, self.destination, self.verifies) = (key, range, etag, destination, verifies)
    }

    /// Bytes after which `each` is called.
    private static let step: Int64 = 1 << 20

    /// After the end.
    func result() throws(StoreError) -> (content: ObjectContent, crc: CRC) {
        let state = state.withLock { $0 }
        guard let content = state.content else { throw StoreError(.corrupted, "\(key): there is no content in the answer") }
        return (ObjectContent(info: content.info, range: content.range, bytes: state.bytes), state.crc)
    }

    func begin(_ response: HTTPResponse) throws {
        let content = try S3Content(response, key: key)
        if let etag, content.info.etag != etag { throw StoreError.another(key, than: etag) }
        if let asked, content.range != (try asked.clipped(to: content.info.size, key: key)) {
            throw StoreError(.corrupted, "\(key): the server sends other bytes than those asked for")
        }
        if case .bytes(let limit) = destination, content.range.count > limit {
            throw StoreError(.tooLarge, "\(key) is \(content.range.count) bytes long, more than the \(limit) allowed")
        }
        let stated = expected(of: content)
        state.withLock { $0 = State(content: content, crc: CRC(stated?.kind ?? kind)) }
        let isCompared = verifies && content.isWhole && stated == nil && content.md5 != nil
        md5.withLock { $0 = isCompared ? MD5() : nil }
    }

    /// What the bytes that come are compared with; who asks for a range puts the sums of several together.
    private func expected(of content: S3Content) -> CRC? {
        asked == nil && content.isWhole ? content.info.checksum?.crc : nil
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        try state.withLock { state in
            let position = state.received
            guard let content = state.content, position + Int64(bytes.count) <= content.range.count else {
                throw StoreError(.corrupted, "\(key): the server sends more bytes than it announced")
            }
            // Also where nobody compares it: by it, a file that was interrupted is known again.
            state.crc.update(bytes)
            md5.withLock { $0?.update(bytes) }
            switch destination {
            case .bytes: state.bytes += bytes
            case .file(let descriptor, let offset):
                try writeBlock(bytes, to: descriptor, at: offset + position, path: key)
            }
            state.received += Int64(bytes.count)
            guard let each, state.received - state.told >= S3ContentSink.step else { return }
            try each(state.crc, Int(state.received))
            state.told = state.received
        }
    }

    func end() throws {
        try state.withLock { state in
            guard let content = state.content, state.received == Int64(content.range.count) else {
                throw StoreError(.corrupted, "\(key): the content ends too early")
            }
            if let own = md5.withLock({ $0.take()?.finishBytes() }), let stated = content.md5, own != stated {
                throw StoreError(.corrupted, "\(key): the content does not have the MD5 that the server states as its ETag")
            }
            guard verifies, let stated = expected(of: content) else { return }
            guard state.crc == stated else { throw StoreError.corrupted(key, stated.kind) }
        }
    }
}
