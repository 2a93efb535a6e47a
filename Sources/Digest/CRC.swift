import CChecksum

/// A cyclic redundancy check, fed in pieces.
///
/// - Cost: one pass, by the processor's own instructions where it has them, otherwise by tables, which take several times as long.
package struct CRC: Hashable, Sendable {
    /// By the names that S3 has for them.
    package enum Kind: String, CaseIterable, Sendable {
        /// Castagnoli's polynomial: RFC 3720, appendix B.4.
        case crc32c = "CRC32C"
        /// NVM Command Set Specification 1.0, section 5.2.1.3.4.
        case crc64nvme = "CRC64NVME"
        /// As in zip, gzip and PNG: ISO 3309.
        case crc32 = "CRC32"

        fileprivate var code: burns_crc_kind {
            switch self {
            case .crc32c: burns_crc32c
            case .crc64nvme: burns_crc64nvme
            case .crc32: burns_crc32
            }
        }

        package var byteCount: Int { self == .crc64nvme ? 8 : 4 }
    }

    package let kind: Kind
    /// Of everything so far; 0 of nothing.
    package private(set) var value: UInt64

    package init(_ kind: Kind, value: UInt64 = 0) { (self.kind, self.value) = (kind, value) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = burns_crc(kind.code, value, bytes.baseAddress, bytes.count)
    }

    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Appends what was checked apart: as if its `byteCount` bytes had been fed to this one.
    /// - Cost: O(log byteCount).
    package mutating func append(_ next: CRC, byteCount: Int) {
        precondition(byteCount >= 0 && next.kind == kind)
        value = burns_crc_combine(kind.code, value, next.value, UInt64(byteCount))
    }

    /// The value's bytes, the highest first: what S3 carries in base 64.
    package var bytes: [UInt8] { (0..<kind.byteCount).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}
