import CCrypto

/// SHA-256 over libcrypto (FIPS 180-4). One owner, one digest.
package struct SHA256: ~Copyable {
    private var digest = MessageDigest(EVP_sha256())

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { digest.update(bytes) }

    package mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
    }

    /// The digest as 64 lower-case hexadecimal digits.
    package consuming func finish() -> String { Hexadecimal.encode(digest.finish()) }

    /// The 32 bytes of the digest.
    package consuming func finishBytes() -> [UInt8] { digest.finish() }

    /// The digest of bytes at hand, as 64 lower-case hexadecimal digits.
    package static func hexadecimal(of bytes: [UInt8]) -> String {
        Hexadecimal.encode(MessageDigest.of(bytes, EVP_sha256()))
    }
}
