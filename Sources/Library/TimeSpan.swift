/// A length of time, as people write it.
public enum TimeSpan {
    /// Reads "90s", "15m", "1h", "14d", "2w": whole numbers, at least 1.
    ///
    /// - Returns: seconds; `nil` for anything else and more than 100 years.
    public static func parse(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }), text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
            let number = Int(text.dropLast()), 1...3_153_600_000 ~= number
        else { return nil }
        let (seconds, isTooLong) = number.multipliedReportingOverflow(by: unit)
        return !isTooLong && seconds <= 3_153_600_000 ? seconds : nil
    }
}
