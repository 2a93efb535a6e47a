import JSON

/// All figures as JSON: a row for each contestant, ratio and variant.
enum KernelDocument {
    static func document(_ results: [RatioResult], machine: MachineDescription, misses: [String]) -> JSON {
        [
            "machine": machine.document,
            "targets": .array(KernelTargets.peers.map { ["contestant": .string($0.prefix), "times_burns": .number($0.times)] }),
            "bounds": .array(results.map(\.bound.document)),
            "rows": .array(results.flatMap { result in
                result.rows.flatMap { row in
                    Variant.allCases.compactMap { variant in
                        row.timings[variant].map { self.row(row, variant, $0, in: result) }
                    }
                }
            }),
            "misses": .array(misses.map { .string($0) }),
        ]
    }

    private static func row(_ row: RatioResult.Row, _ variant: Variant, _ timing: FrameTiming, in result: RatioResult) -> JSON {
        var document = JSON.Object()
        document["contestant"] = .string(row.contestant)
        document["ratio"] = .number(result.bound.ratio)
        document["variant"] = .string(variant.rawValue)
        document["ms_median"] = .number(timing.medianSeconds * 1e3)
        document["ms_min"] = .number(timing.minimumSeconds * 1e3)
        document["frames"] = .integer(Int64(timing.frameCount))
        document["times_burns"] = result.timesBurns(row, variant).map { .number($0) }
        document["is_best_burns"] = .bool(row.contestant == result.best.contestant)
        add(row.trueQuality, as: "psnr_true", to: &document)
        add(row.ownQuality, as: "psnr_own", to: &document)
        if row.contestant == result.best.contestant {
            add(result.wholeQuality, as: "psnr_true_at_swscale_view", to: &document)
        }
        if row.contestant.hasPrefix("burns"), variant == .pan {
            document["gmac_s"] = .number(result.bound.multiplyAddsPerFrame / timing.medianSeconds / 1e9)
            document["gb_s"] = .number(result.bound.bytes / timing.medianSeconds / 1e9)
        }
        return .object(document)
    }

    private static func add(_ quality: PlaneQuality, as name: String, to document: inout JSON.Object) {
        for (plane, decibels) in zip(["luma", "cb", "cr"], quality.decibels) { document["\(name)_\(plane)"] = .number(decibels) }
    }
}
