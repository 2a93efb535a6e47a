import Glibc

/// Times as HTTP writes them.
public enum HTTPDate {
    /// Seconds since 1970, UTC.
    public static var now: Int { time(nil) }

    /// Reads "Sun, 06 Nov 1994 08:49:37 GMT", the one form that servers may still send.
    ///
    /// - Returns: seconds since 1970, UTC; `nil` for anything else.
    public static func seconds(of text: String) -> Int? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[0].utf8.count == 4, parts[0].hasSuffix(","), parts[5] == "GMT",
            let month = months.firstIndex(of: String(parts[2])), let day = number(parts[1], digits: 2), 1...31 ~= day,
            let year = number(parts[3], digits: 4), year >= 1970
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false).compactMap { number($0, digits: 2) }
        guard clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] <= 60 else { return nil }
        var date = tm()
        date.tm_year = Int32(year - 1900)
        date.tm_mon = Int32(month)
        date.tm_mday = Int32(day)
        date.tm_hour = Int32(clock[0])
        date.tm_min = Int32(clock[1])
        date.tm_sec = Int32(clock[2])
        let seconds = timegm(&date)
        // It makes the 31st of June the first of July.
        return date.tm_mday == Int32(day) || clock[2] == 60 ? seconds : nil
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        text.utf8.count == digits && text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) ? Int(text) : nil
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
