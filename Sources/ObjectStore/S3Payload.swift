import AWS
import Digest
import Files
import HTTP

/// What a request says of its body.
struct S3Payload: Sendable {
    let signed: SignedPayload
    /// `nil`: not asked for.
    let crc32c: CRC?
    /// The same.
    let md5: [UInt8]?

    /// What a server may be told of content, to compare with what arrives.
    enum Digest {
        case none, crc32c, md5
    }

    /// Reads the body once, where there is anything to say of it.
    ///
    /// - Parameter isSecure: TLS covers the body of a file, so that no signed hash of it has to.
    init(of body: HTTPBody, isSecure: Bool, with digest: Digest) throws {
        var crc = CRC(.crc32c)
        var md5 = digest == .md5 ? MD5() : nil
        switch body {
        case .none: signed = .empty
        case .bytes(let bytes):
            signed = .sha256(SHA256.hexadecimal(of: bytes))
            bytes.withUnsafeBytes {
                if digest == .crc32c { crc.update($0) }
                md5?.update($0)
            }
        case .file(let descriptor, let offset, let count):
            guard digest != .none || !isSecure else {
                (signed, crc32c, self.md5) = (.unsigned, nil, nil)
                return
            }
            var hash = SHA256()
            let found = try readBlocks(of: descriptor, offset..<offset + count, path: "the file that is sent") {
                if digest == .crc32c { crc.update($0) }
                md5?.update($0)
                if !isSecure { hash.update($0) }
            }
            guard found == count else { throw StoreError(.changed, "the file that is sent is shorter than it was") }
            signed = isSecure ? .unsigned : .sha256(hash.finish())
        }
        crc32c = digest == .crc32c ? crc : nil
        self.md5 = md5.take()?.finishBytes()
    }
}
