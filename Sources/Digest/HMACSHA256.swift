import CCrypto

/// HMAC with SHA-256 over libcrypto (RFC 2104).
package enum HMACSHA256 {
    /// 32 bytes. The key may have any length, none included.
    package static func code(for message: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var written: UInt32 = 0
            // A key without an address means to libcrypto that the one of the call before goes on.
            let keyBytes = key.isEmpty ? [0] : key
            let result = HMAC(EVP_sha256(), keyBytes, Int32(key.count), message, message.count, buffer.baseAddress, &written)
            precondition(result != nil, "libcrypto has no HMAC")
            count = Int(written)
        }
    }

    package static func code(for message: String, key: [UInt8]) -> [UInt8] { code(for: Array(message.utf8), key: key) }
}
