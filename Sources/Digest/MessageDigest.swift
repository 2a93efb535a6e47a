import CCrypto

/// One of libcrypto's digests, fed in pieces. One owner, one digest.
///
/// - Thread rule: any thread, one at a time, which the one owner sees to.
struct MessageDigest: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer

    init(_ algorithm: OpaquePointer?) {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, algorithm, nil) == 1 else {
            // libcrypto fails here only when there is no memory left for a hundred bytes.
            preconditionFailure("libcrypto lacks a digest")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    consuming func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var written: UInt32 = 0
            EVP_DigestFinal_ex(context, buffer.baseAddress, &written)
            count = Int(written)
        }
    }

    static func of(_ bytes: [UInt8], _ algorithm: OpaquePointer?) -> [UInt8] {
        var digest = MessageDigest(algorithm)
        bytes.withUnsafeBytes { digest.update($0) }
        return digest.finish()
    }
}
