import AWS
import Digest
import Files
import HTTP

/// What a request says of its body.
struct S3Payload: Sendable {
    let signed: SignedPayload
    /// `nil`: not asked for.
    let crc32c: CRC32C?

    /// Reads the body once, where there is anything to say of it.
    ///
    /// - Parameter isSecure: TLS covers the body of a file, so that no hash of it has to.
    init(of body: HTTPBody, isSecure: Bool, withChecksum: Bool) throws {
        var crc = CRC32C()
        switch body {
        case .none: signed = .empty
        case .bytes(let bytes):
            signed = .sha256(SHA256.hexadecimal(of: bytes))
            if withChecksum { crc.update(bytes) }
        case .file(let descriptor, let offset, let count):
            guard withChecksum || !isSecure else {
                (signed, crc32c) = (.unsigned, nil)
                return
            }
            var hash = SHA256()
            let found = try readBlocks(of: descriptor, offset..<offset + count, path: "the file that is sent") {
                if withChecksum { crc.update($0) }
                if !isSecure { hash.update($0) }
            }
            guard found == count else { throw StoreError(.changed, "the file that is sent is shorter than it was") }
            signed = isSecure ? .unsigned : .sha256(hash.finish())
        }
        crc32c = withChecksum ? crc : nil
    }
}

extension CRC32C {
    /// As headers and documents carry it.
    var text: String { Base64.encode(bytes) }

    init?(text: String) {
        guard let bytes = Base64.decode(text), bytes.count == 4 else { return nil }
        self.init(value: bytes.reduce(0) { $0 << 8 | UInt32($1) })
    }
}
