import BenchmarkSupport
import Resampling
import ResamplingCPU

/// All contestants' figures at one ratio.
struct RatioResult {
    struct Row {
        let contestant: String
        var timings: [Variant: FrameTiming] = [:]
        /// Against the true picture, at the judged view.
        let trueQuality: PlaneQuality
        /// Against the contestant's own filter in double precision.
        let ownQuality: PlaneQuality
    }

    let bound: FrameBound
    let rows: [Row]
    /// The row of Burns' best kernels.
    let best: Row
    /// Burns' quality at the view that swscale is judged by.
    let wholeQuality: PlaneQuality

    /// Less, and this program's own check failed: rounding to 8 bits alone leaves 58.9 dB, so somebody's filter or positions are
    /// not what this program takes them for.
    private static let leastOwnDecibels = 50.0

    init(_ scene: Scene, levels: [FrameKernels], rounds: Int, seconds: Double) throws {
        let burns = levels.map { BurnsContestant(scene, kernels: $0) }
        guard let bestBurns = burns.last, let bestLevel = levels.last else { throw BenchmarkError("No level of Burns' kernels was named.") }
        let zimg = try [ZimgGraph.Filter.bicubic, .lanczos3, .spline36].flatMap { filter in
            try [false, true].map { try ZimgContestant(scene, filter: filter, isDeep: $0) }
        }
        // Beside Burns' kernels for AVX2, where both could have more.
        let narrow = levels.contains { $0.name == "avx2" } && bestLevel.name != "avx2"
            ? try [false, true].map { try ZimgContestant(scene, filter: .bicubic, isDeep: $0, isNarrow: true) } : []
        let swscale = try [false, true].map { try SwscaleContestant(scene, isAccurate: $0) }
        let contestants: [any Contestant] = burns + zimg + narrow + swscale

        var rows = try contestants.map { contestant in
            let view = try contestant.renderJudged()
            return Row(
                contestant: contestant.name,
                trueQuality: .ofTruth(contestant.output.planes, view: view, truth: scene.truth),
                ownQuality: .ofArithmetic(
                    contestant.output.planes, view: view, picture: scene.picture, kernel: contestant.kernel))
        }
        let wholeView = try swscale[0].renderJudged()
        bestBurns.render(wholeView)
        wholeQuality = .ofTruth(bestBurns.output.planes, view: wholeView, truth: scene.truth)
        let parts: [any Timed] = [ArithmeticAlone(scene, kernels: bestLevel), FetchingAlone(scene)]
        var partTimings: [FrameTiming] = []
        for variant in Variant.allCases {
            let taking = contestants.indices.filter { contestants[$0].variants.contains(variant) }
            let timings = try FrameTiming.interleaved(
                taking.map { contestants[$0] } + (variant == .pan ? parts : []), variant, rounds: rounds, seconds: seconds)
            if variant == .pan { partTimings = timings.suffix(parts.count) }
            for (index, timing) in zip(taking, timings) { rows[index].timings[variant] = timing }
        }
        bound = FrameBound(scene, arithmetic: partTimings[0], fetching: partTimings[1])
        self.rows = rows
        best = rows[burns.count - 1]
        for row in rows where row.ownQuality.decibels.contains(where: { $0 < Self.leastOwnDecibels }) {
            throw BenchmarkError(
                "At ratio \(scene.ratio) \(row.contestant) is not what its filter gives in double precision: "
                    + "\(row.ownQuality.decibels) dB in Y, Cb and Cr.")
        }
    }

    /// How many times as long as its bound a pan of Burns' best kernels takes.
    var timesBound: Double { (best.timings[.pan]?.medianSeconds ?? .nan) / bound.seconds }

    /// How many times as long as Burns' best kernels a contestant takes, by medians.
    func timesBurns(_ row: Row, _ variant: Variant) -> Double? {
        // Burns has nothing to rebuild.
        guard let own = best.timings[variant == .zoom ? .zoom : .pan], let timing = row.timings[variant] else { return nil }
        return timing.medianSeconds / own.medianSeconds
    }
}
