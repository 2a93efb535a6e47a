import BenchmarkSupport
import Foundation

/// The figures of one ratio as text.
enum KernelTable {
    private static let columns = [
        "pan ms", "(min)", "x", "rebuilt", "x", "zoom ms", "(min)", "x", "true Y", "C dB", "own Y", "C dB", "GMAC/s", "GB/s",
    ]

    static func lines(_ result: RatioResult) -> String {
        let bound = result.bound
        let title = String(
            format: "\nratio %.2f: %.1f multiply-adds a sample, %.0f M and %.1f MB a frame; arithmetic alone %.2f ms, fetching "
                + "alone %.2f ms, burns %.2f times the longer", bound.ratio, bound.multiplyAddsPerSample,
            bound.multiplyAddsPerFrame / 1e6, bound.bytes / 1e6, bound.arithmetic.medianSeconds * 1e3,
            bound.fetching.medianSeconds * 1e3, result.timesBound)
        let heading = "".padded(to: 28)
            + columns.map { $0.aligned(right: 9) }.joined()
        return ([title, heading] + result.rows.map { line($0, in: result) } + [wholeLine(result)]).joined(separator: "\n")
    }

    private static func line(_ row: RatioResult.Row, in result: RatioResult) -> String {
        func milliseconds(_ variant: Variant) -> String { number(row.timings[variant].map { $0.medianSeconds * 1e3 }) }
        func minimum(_ variant: Variant) -> String { row.timings[variant].map { "(\(number($0.minimumSeconds * 1e3)))" } ?? "" }
        func times(_ variant: Variant) -> String { number(result.timesBurns(row, variant)) }
        let slow = KernelTargets.isTooSlow(result, against: row) ? "!" : ""
        let worse = KernelTargets.isWorse(result, than: row) ? "!" : ""
        var cells = [
            milliseconds(.pan), minimum(.pan), times(.pan) + slow, milliseconds(.panRebuilt), times(.panRebuilt),
            milliseconds(.zoom), minimum(.zoom), times(.zoom), number(row.trueQuality.luma) + worse,
            number(row.trueQuality.chroma), number(row.ownQuality.luma), number(row.ownQuality.chroma),
        ]
        if row.contestant.hasPrefix("burns"), let seconds = row.timings[.pan]?.medianSeconds {
            cells += [number(result.bound.multiplyAddsPerFrame / seconds / 1e9), number(result.bound.bytes / seconds / 1e9)]
        }
        return row.contestant.padded(to: 28) + cells.map { $0.aligned(right: 9) }.joined()
    }

    private static func wholeLine(_ result: RatioResult) -> String {
        "burns at swscale's view".padded(to: 28) + [String](repeating: "", count: 8).map { $0.aligned(right: 9) }.joined()
            + [result.wholeQuality.luma, result.wholeQuality.chroma].map { number($0).aligned(right: 9) }.joined()
    }

    private static func number(_ value: Double?) -> String { value.map { String(format: "%.2f", $0) } ?? "" }
}
