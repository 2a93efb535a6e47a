import XML

/// Text for a page: everything that comes from elsewhere goes through here.
package enum PageText {
    package static func escape(_ text: String) -> String {
        let held = String(String.UnicodeScalarView(text.unicodeScalars.map { XMLText.canHold(String($0)) ? $0 : "\u{FFFD}" }))
        return XMLText.escape(held)
    }

    /// Thousands apart, by a narrow space that does not break.
    package static func grouped(_ number: String) -> String {
        let digits = number.prefix { $0.isNumber }
        guard digits.count > 4 else { return number }
        var groups: [Substring] = []
        var rest = digits
        while !rest.isEmpty {
            groups.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return groups.joined(separator: "\u{202F}") + number.dropFirst(digits.count)
    }

    static func number(_ value: Double) -> String { grouped(NumberText.short(value)) }

    /// "23 November 2026, 16:40 UTC"; anything else as it is.
    package static func date(_ text: String) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
            "December",
        ]
        let parts = text.split(whereSeparator: { "-T:Z".contains($0) }).map { Int($0) }
        guard parts.count == 6, let year = parts[0], let month = parts[1], let day = parts[2],
            months.indices.contains(month - 1)
        else { return text }
        return "\(day) \(months[month - 1]) \(year), \(text.dropFirst(11).prefix(5)) UTC"
    }
}
