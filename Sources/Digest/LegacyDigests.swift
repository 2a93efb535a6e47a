import CCrypto

/// MD5 (RFC 1321): for `Content-MD5`, which guards against accidents only.
package enum MD5 {
    /// 16 bytes.
    package static func digest(of bytes: [UInt8]) -> [UInt8] { MessageDigest.of(bytes, EVP_md5()) }
}

/// SHA-1 (FIPS 180-4): for the names of files that other programs chose so.
package enum SHA1 {
    /// 20 bytes.
    package static func digest(of bytes: [UInt8]) -> [UInt8] { MessageDigest.of(bytes, EVP_sha1()) }
}
