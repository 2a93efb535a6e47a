import CCrypto

/// MD5 (RFC 1321): for `Content-MD5` and ETags, which guard against accidents only. One owner, one digest.
package struct MD5: ~Copyable, Sendable {
    private var digest = MessageDigest(EVP_md5())

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { digest.update(bytes) }

    /// 16 bytes.
    package consuming func finishBytes() -> [UInt8] { digest.finish() }

    /// 16 bytes.
    package static func digest(of bytes: [UInt8]) -> [UInt8] { MessageDigest.of(bytes, EVP_md5()) }
}

/// SHA-1 (FIPS 180-4): for the names of files that other programs chose so.
package enum SHA1 {
    /// 20 bytes.
    package static func digest(of bytes: [UInt8]) -> [UInt8] { MessageDigest.of(bytes, EVP_sha1()) }
}
