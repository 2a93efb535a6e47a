/// How a large object is divided into parts.
package struct PartPlan: Hashable, Sendable {
    package let size: Int64
    /// All but the last are this long.
    package let partBytes: Int64

    /// - Parameter partBytes: as far as 10,000 such parts suffice; otherwise they are longer.
    package init(size: Int64, partBytes: Int64) {
        let mebibyte: Int64 = 1 << 20
        let needed = (size + Int64(S3Store.mostParts) - 1) / Int64(S3Store.mostParts)
        self.size = size
        self.partBytes = max(partBytes, needed <= partBytes ? 1 : (needed + mebibyte - 1) / mebibyte * mebibyte)
    }

    package var count: Int { Int(max(1, (size + partBytes - 1) / partBytes)) }

    /// - Parameter number: from 1.
    package func range(_ number: Int) -> Range<Int64> {
        let start = Int64(number - 1) * partBytes
        return start..<min(size, start + partBytes)
    }
}
