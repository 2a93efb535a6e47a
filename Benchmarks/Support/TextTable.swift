extension String {
    /// Followed by spaces up to `width` characters.
    package func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// Preceded by at least one space, up to `width` characters.
    package func aligned(right width: Int) -> String { String(repeating: " ", count: max(1, width - count)) + self }
}
