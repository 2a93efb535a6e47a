import MachineBenchmark
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        (0, "0.000"), (0.01234, "0.012"), (0.9996, "1.00"), (1.234, "1.23"), (9.996, "10.0"), (12.34, "12.3"), (99.96, "100"),
        (1234.5, "1235"), (-2.5, "-2.50"), (.infinity, "–"), (.nan, "–"),
    ] as [(Double, String)])
    func numbers(value: Double, text: String) { #expect(NumberText.short(value) == text) }

    @Test(arguments: [(0.5, "50 %"), (0.0321, "3.2 %"), (0.0999, "10 %"), (1.234, "123 %")])
    func percentages(ratio: Double, text: String) { #expect(NumberText.percent(ratio) == text) }

    @Test func medians() {
        #expect([3.0, 1, 2].median == 2 && [4.0, 1, 2, 3].median == 2.5 && [Double]().median.isNaN)
    }

    /// Two threads that get the time of one and a half cores, and may have no more.
    @Test func whatThreadsGot() {
        let rate = Rate(rounds: [9, 10, 12], itemCount: 31, cpuSecondsPerItem: 0.15)
        #expect(abs(rate.share(ofCores: 1.5) - 1) < 1e-9 && abs(rate.share(ofCores: 2) - 0.75) < 1e-9)
    }

    @Test(arguments: [(1, [1]), (2, [1, 2]), (6, [1, 2, 4, 6]), (16, [1, 2, 4, 8, 16])])
    func threadCounts(most: Int, counts: [Int]) { #expect(ProcessorStages.threadCounts(upTo: most) == counts) }

    @Test func pagesHoldAnyText() {
        let hostile = "<script src='x'>&\"\u{0}\u{1B}"
        #expect(PageText.escape(hostile) == "&lt;script src=&apos;x&apos;&gt;&amp;&quot;\u{FFFD}\u{FFFD}")
        #expect(PageText.grouped("1234567.8") == "1\u{202F}234\u{202F}567.8" && PageText.grouped("1234") == "1234")
        #expect(PageText.date("2026-11-03T06:07:08Z") == "3 November 2026, 06:07 UTC" && PageText.date("soon") == "soon")
    }
}
