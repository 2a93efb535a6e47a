/// Bytes that may move now. It fills at a steady rate and may go into debt by one block, which is paid off before the next.
struct TokenBucket {
    private let bytesPerSecond: Double
    private let capacity: Double
    private var tokens = 0.0
    private var filled: SuspendingClock.Instant

    init(bytesPerSecond: Int, now: SuspendingClock.Instant) {
        self.bytesPerSecond = Double(max(1, bytesPerSecond))
        // As long as the loop may sleep past the time that it meant to.
        capacity = self.bytesPerSecond * 0.05
        filled = now
    }

    /// Whether anything may move.
    mutating func isOpen(_ now: SuspendingClock.Instant) -> Bool {
        tokens = min(capacity, tokens + (now - filled) / .seconds(1) * bytesPerSecond)
        filled = now
        return tokens > 0
    }

    mutating func take(_ count: Int) { tokens -= Double(count) }

    /// Until it opens, as of the last look.
    var secondsToWait: Double { max(0, -tokens / bytesPerSecond) }
}
