import Glibc
import HTTP

/// A moment, to the second, and the ways in which AWS writes it. UTC throughout.
public struct AWSDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Without leap seconds, as Unix counts.
    public var secondsSince1970: Int

    public init(secondsSince1970: Int) { self.secondsSince1970 = secondsSince1970 }

    /// What the machine's clock says.
    public static var now: AWSDate { AWSDate(secondsSince1970: time(nil)) }

    public static func < (a: AWSDate, b: AWSDate) -> Bool { a.secondsSince1970 < b.secondsSince1970 }

    public func adding(seconds: Int) -> AWSDate {
        let (sum, isTooLarge) = secondsSince1970.addingReportingOverflow(seconds)
        return AWSDate(secondsSince1970: isTooLarge ? (seconds < 0 ? .min : .max) : sum)
    }

    public func seconds(since other: AWSDate) -> Int {
        let (difference, isTooLarge) = secondsSince1970.subtractingReportingOverflow(other.secondsSince1970)
        return isTooLarge ? (other.secondsSince1970 < 0 ? .max : .min) : difference
    }

    /// "20150830T123600Z": ISO 8601's basic form, which signatures hold.
    public var basic: String { formatted("%Y%m%dT%H%M%SZ") }

    /// "20150830"
    public var basicDay: String { formatted("%Y%m%d") }

    /// "2015-08-30T12:36:00Z"
    public var description: String { formatted("%Y-%m-%dT%H:%M:%SZ") }

    private func formatted(_ format: String) -> String {
        var (seconds, parts) = (time_t(secondsSince1970), tm())
        guard gmtime_r(&seconds, &parts) != nil else { return "an impossible date" }
        let bytes = [CChar](unsafeUninitializedCapacity: 64) { buffer, count in
            count = strftime(buffer.baseAddress, buffer.count, format, &parts)
        }
        return String(decoding: bytes.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension AWSDate {
    /// Reads "2015-08-30T12:36:00Z", with a fraction (dropped) or not, with "Z", "UTC", "+01:00", "+0100" or "-01" after it, with
    /// a space in place of the T; and the basic form, "20150830T123600Z".
    public init?(iso8601 text: String) {
        var reader = DateReader(text)
        guard let year = reader.number(digits: 4) else { return nil }
        let isExtended = reader.skip("-")
        guard let month = reader.number(digits: 2), !isExtended || reader.skip("-"), let day = reader.number(digits: 2),
            reader.skip("T") || reader.skip("t") || reader.skip(" "), let hour = reader.number(digits: 2),
            !isExtended || reader.skip(":"), let minute = reader.number(digits: 2), !isExtended || reader.skip(":"),
            let second = reader.number(digits: 2)
        else { return nil }
        if reader.skip(".") || reader.skip(",") {
            guard reader.skipDigits() else { return nil }
        }
        guard let offset = reader.zone(), reader.isAtEnd,
            let date = AWSDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self = date.adding(seconds: -offset)
    }

    /// Reads "Fri, 24 May 2013 00:00:00 GMT", the form of HTTP's `Date` (RFC 9110, section 5.6.7; the obsolete forms are not
    /// read).
    public init?(http text: String) {
        guard let seconds = HTTPDate.seconds(of: text) else { return nil }
        self.init(secondsSince1970: seconds)
    }

    private init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard 1...12 ~= month, 1...31 ~= day, 0...23 ~= hour, 0...59 ~= minute, 0...60 ~= second else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (Int32(year - 1900), Int32(month - 1), Int32(day))
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (Int32(hour), Int32(minute), Int32(second))
        self.init(secondsSince1970: timegm(&parts))
        // timegm makes the 31st of June the first of July.
        guard Int(parts.tm_mday) == day || second == 60 else { return nil }
    }
}

/// Steps over a date's text.
private struct DateReader {
    private var rest: Substring.UTF8View

    init(_ text: some StringProtocol) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest.removeFirst(text.utf8.count)
        return true
    }

    mutating func number(digits count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(DateReader.isDigit) else { return nil }
        rest.removeFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    mutating func skipDigits() -> Bool {
        let digits = rest.prefix(while: DateReader.isDigit)
        rest.removeFirst(digits.count)
        return !digits.isEmpty
    }

    /// Seconds east of Greenwich; a date without a zone is UTC.
    mutating func zone() -> Int? {
        if isAtEnd || skip("Z") || skip("z") || skip("UTC") || skip("GMT") { return 0 }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(digits: 2), hours < 24 else { return nil }
        let hasColon = skip(":")
        let minutes = number(digits: 2)
        guard minutes ?? 0 < 60, minutes != nil || !hasColon else { return nil }
        return sign * (hours * 3600 + (minutes ?? 0) * 60)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
