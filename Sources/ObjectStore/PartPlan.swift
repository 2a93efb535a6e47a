/// How a large object is divided into parts.
package struct PartPlan: Hashable, Sendable {
    package let size: Int64
    /// All but the last are this long.
    package let partBytes: Int64

    /// More of them cost the server time, and gain none.
    private static let enoughParts: Int64 = 64
    /// One that fails is sent again from its beginning.
    private static let mostGrowth: Int64 = 4

    /// - Parameter partBytes: as far as 64 such parts suffice. Otherwise they are up to 4 times as long, and longer where 10,000
    ///   would not suffice.
    package init(size: Int64, partBytes: Int64) {
        let growth = PartPlan.count(PartPlan.count(size, of: partBytes), of: PartPlan.enoughParts)
        self.init(size: size, leastPartBytes: partBytes * min(PartPlan.mostGrowth, max(1, growth)))
    }

    /// - Parameter leastPartBytes: as far as 10,000 such parts suffice; otherwise they are longer.
    package init(size: Int64, leastPartBytes: Int64) {
        let mebibyte: Int64 = 1 << 20
        let needed = PartPlan.count(size, of: Int64(S3Store.mostParts))
        self.size = size
        partBytes = needed <= leastPartBytes ? leastPartBytes : PartPlan.count(needed, of: mebibyte) * mebibyte
    }

    /// How many pieces of a length something has; the last one may be shorter.
    private static func count(_ bytes: Int64, of length: Int64) -> Int64 { (bytes + length - 1) / length }

    package var count: Int { Int(max(1, PartPlan.count(size, of: partBytes))) }

    /// - Parameter number: from 1.
    package func range(_ number: Int) -> Range<Int64> {
        let start = Int64(number - 1) * partBytes
        return start..<min(size, start + partBytes)
    }
}
