import Timeline

extension Verdict {
    /// "good: GPU 0 at 3840 × 2160 resamples 7.2 times as fast as the CPU (avx512, 16 threads) (wanted: 5)".
    func sentence(_ report: BenchmarkReport) -> String {
        let who = "\(report.device(device)?.label ?? "") at \(size.width) × \(size.height)"
        let mark = isMet.map { $0 ? "good: " : "too little: " } ?? "for comparison alone: "
        switch question {
        case .timesProcessor:
            let wanted = isMet == nil ? "" : " (wanted: \(NumberText.short(question.wanted)))"
            let times = NumberText.short(value)
            return "\(mark)\(who) resamples \(times) times as fast as \(report.processorText(size))\(wanted)"
        case .shareOfDeviceToHost:
            let wanted = isMet == nil ? "" : " (wanted: \(NumberText.percent(question.wanted)))"
            return "\(mark)\(who) reaches \(NumberText.percent(value)) of the bandwidth to the host when frames are made and "
                + "read back\(wanted)"
        }
    }
}

extension BenchmarkReport {
    /// "the CPU (avx512, 16 threads)": what GPUs are compared with.
    func processorText(_ size: PictureSize) -> String {
        guard let row = sizes.first(where: { $0.size == size })?.processor else { return "the CPU" }
        let held = usesWholeProcessor ? "" : ", held back by what was asked for"
        return "the CPU (\(row.contestant), \(row.threads) \(row.threads == 1 ? "thread" : "threads")\(held))"
    }
}
