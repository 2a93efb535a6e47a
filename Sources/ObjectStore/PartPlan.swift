/// How a large object is divided into parts.
package struct PartPlan: Hashable, Sendable {
    package let size: Int64
    /// All but the last are this long.
    package let partBytes: Int64

    /// More of them cost the server time, and gain none.
    private static let enoughParts: Int64 = 64
    /// One that fails is sent again from its beginning.
    private static let mostGrowth: Int64 = 8

    /// - Parameter partBytes: as far as 64 such parts suffice. Otherwise they are up to 8 times as long, and longer where 10,000
    ///   would not suffice.
    package init(size: Int64, partBytes: Int64) {
        func quotient(_ a: Int64, _ b: Int64) -> Int64 { (a + b - 1) / b }
        let mebibyte: Int64 = 1 << 20
        let grown = partBytes * min(PartPlan.mostGrowth, max(1, quotient(quotient(size, partBytes), PartPlan.enoughParts)))
        let needed = quotient(size, Int64(S3Store.mostParts))
        self.size = size
        self.partBytes = needed <= grown ? grown : quotient(needed, mebibyte) * mebibyte
    }

    /// Of parts that are that long whatever the size.
    package init(size: Int64, fixedPartBytes: Int64) {
        (self.size, partBytes) = (size, fixedPartBytes)
    }

    package var count: Int { Int(max(1, (size + partBytes - 1) / partBytes)) }

    /// - Parameter number: from 1.
    package func range(_ number: Int) -> Range<Int64> {
        let start = Int64(number - 1) * partBytes
        return start..<min(size, start + partBytes)
    }
}
