import Foundation

/// What Burns is to reach at every ratio, against each library's bicubic filter in its faster form, its state reused.
enum KernelTargets {
    /// A library whose rows begin so, and how many times as long as Burns it is to take.
    static let peers: [(prefix: String, times: Double)] = [("zimg bicubic", 1.5), ("swscale bicubic", 1.7)]

    /// The factor that a row has to reach; `nil` for rows that are only shown.
    static func times(for contestant: String) -> Double? {
        peers.first { contestant.hasPrefix($0.prefix) }?.times
    }

    /// Whether Burns misses its target of time against this row.
    static func isTooSlow(_ result: RatioResult, against row: RatioResult.Row) -> Bool {
        guard let target = times(for: row.contestant), let times = result.timesBurns(row, .pan) else { return false }
        return times < target
    }

    /// Whether Burns is further from the true picture than this row, by what two decimals show.
    static func isWorse(_ result: RatioResult, than row: RatioResult.Row) -> Bool {
        guard times(for: row.contestant) != nil else { return false }
        let own = row.contestant.hasPrefix("swscale") ? result.wholeQuality : result.best.trueQuality
        return zip(own.decibels, row.trueQuality.decibels).contains { $0 < $1 - 0.005 }
    }

    /// A sentence for each target missed.
    static func misses(_ result: RatioResult) -> [String] {
        result.rows.flatMap { row -> [String] in
            var misses: [String] = []
            if isTooSlow(result, against: row), let target = times(for: row.contestant),
                let times = result.timesBurns(row, .pan)
            {
                misses.append(
                    String(
                        format: "ratio %.2f: %@ takes %.2f times as long as %@, and the target is %.1f.", result.bound.ratio,
                        row.contestant, times, result.best.contestant, target))
            }
            if isWorse(result, than: row) {
                misses.append(
                    String(
                        format: "ratio %.2f: %@ is closer to the true picture than burns.", result.bound.ratio,
                        row.contestant))
            }
            return misses
        }
    }
}
