/// Bytes in a second, as people write them.
public enum ByteRate {
    /// Reads "800000", "800k", "1.5M", "10MB/s": k, M and G are powers of 1000.
    ///
    /// - Returns: `nil` for anything else, less than 1000 and more than 1000 G.
    public static func parse(_ text: String) -> Int? {
        var digits = Substring(text.lowercased())
        for ending in ["/s", "b"] where digits.hasSuffix(ending) { digits = digits.dropLast(ending.count) }
        let units: [Character: Double] = ["k": 1e3, "m": 1e6, "g": 1e9]
        let unit = digits.last.flatMap { units[$0] }
        if unit != nil { digits = digits.dropLast() }
        guard digits.allSatisfy({ $0 == "." || $0.isASCII && $0.isNumber }), let number = Double(digits) else { return nil }
        let rate = number * (unit ?? 1)
        return 1e3...1e12 ~= rate ? Int(rate) : nil
    }
}
