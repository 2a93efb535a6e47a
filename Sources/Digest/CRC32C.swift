import CChecksum

/// CRC-32C, the Castagnoli polynomial (RFC 3720, appendix B.4), fed in pieces.
///
/// - Cost: one pass; the processor's own instruction where it has one, otherwise tables of 8 KiB.
package struct CRC32C: Hashable, Sendable {
    /// Of everything so far; 0 of nothing.
    package private(set) var value: UInt32

    package init(value: UInt32 = 0) { self.value = value }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = burns_crc32c(value, bytes.baseAddress, bytes.count)
    }

    package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Appends what was checked apart: as if its `byteCount` bytes had been fed to this one.
    /// - Cost: O(log byteCount).
    package mutating func append(_ next: CRC32C, byteCount: Int) {
        precondition(byteCount >= 0)
        value = burns_crc32c_combine(value, next.value, UInt64(byteCount))
    }

    /// The value's four bytes, the highest first: what `x-amz-checksum-crc32c` carries in base 64.
    package var bytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
}
