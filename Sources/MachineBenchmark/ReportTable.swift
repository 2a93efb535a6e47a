import Timeline

/// The report as text, 100 columns wide.
public enum ReportTable {
    private static let width = 100
    private static let columns: [(title: String, width: Int)] = [
        ("threads", 8), ("ms", 10), ("fastest", 10), ("a second", 10), ("CPU ms", 9), ("limit", 9), ("of it", 7),
    ]

    public static func lines(_ report: BenchmarkReport) -> [String] {
        var lines = ["burns \(report.version), \(report.startedAt)\(report.isQuick ? ", quick" : "")"]
        lines += wrapped(report.machineSentence)
        for device in report.devices { lines += wrapped("\(device.label): \(device.name), \(device.kind), \(device.driver)") }
        lines += wrapped(report.projectSentence)
        lines += report.failures.flatMap { wrapped("failed: \(report.sentence($0))") }
        lines += report.notes.flatMap { wrapped("note: \($0)") }

        lines += ["", "This machine's limits", ""]
        for limit in report.limits {
            let title = limit.title(report.device(limit.device)?.label)
            let rate = NumberText.rate(limit.bytesPerSecond.median)
            lines.append("  " + padded(title, 34) + right(rate, 12) + "   " + limit.meaning)
        }
        for size in report.sizes { lines += table(size, report) }
        lines += legend(report) + verdicts(report)
        lines += ["", "Measured in \(NumberText.fixed(report.seconds, 0)) s."]
        return lines
    }

    private static func table(_ size: SizeReport, _ report: BenchmarkReport) -> [String] {
        var lines = ["", size.title] + wrapped(size.sampleSentence) + size.notes.flatMap { wrapped("note: \($0)") }
        lines.append("")
        lines.append("  " + padded("", 23) + padded("", 12) + columns.map { right($0.title, $0.width) }.joined())
        for stage in Stage.allCases {
            for (index, row) in size.rows(stage).enumerated() {
                let before = index > 0 ? size.rows(stage)[index - 1].contestant : nil
                let name = row.contestant == before ? "" : report.label(row.contestant, row.device)
                let cells = [
                    "\(row.threads)", NumberText.short(row.rate.medianSeconds * 1e3),
                    NumberText.short(row.rate.minimumSeconds * 1e3),
                    NumberText.short(row.rate.median), NumberText.short(row.rate.cpuSecondsPerItem * 1e3),
                    row.limit.map { NumberText.short($0.itemsPerSecond) } ?? "", row.ratio.map(NumberText.percent) ?? "",
                ]
                lines.append(
                    "  " + padded(size.heading(stage, row: index), 23) + padded(name, 12)
                        + zip(cells, columns).map { right($0, $1.width) }.joined())
            }
        }
        let clocks = report.clockSentences(size)
        return lines + (clocks.isEmpty ? [] : [""] + clocks.flatMap(wrapped))
    }

    /// What the columns mean.
    private static func legend(_ report: BenchmarkReport) -> [String] {
        let rows = report.sizes.flatMap(\.rows)
        var lines = [""]
        lines += wrapped(
            "ms: of an item, of all threads together, median of the rounds, and the fastest round's; items are pictures of "
                + "decode, prepare and upload, otherwise frames. CPU ms: user and system time of all threads for an item. limit: "
                + "items a second, if nothing but this machine's limit counted; of it: how much of that was reached.")
        for kind in StageLimit.Kind.allCases {
            var stages: [String] = []
            for row in rows where row.limit?.kind == kind && !stages.contains(row.stage.title) { stages.append(row.stage.title) }
            if !stages.isEmpty { lines += wrapped("limit of \(stages.joined(separator: ", "))\(kind.scope): \(kind.meaning)") }
        }
        return lines
    }

    private static func verdicts(_ report: BenchmarkReport) -> [String] {
        let verdicts = report.verdicts
        if verdicts.isEmpty { return [] }
        return [""] + verdicts.flatMap { wrapped($0.sentence(report)) }
    }

    // MARK: Text

    private static func padded(_ text: String, _ width: Int) -> String {
        text.count < width ? text + String(repeating: " ", count: width - text.count) : String(text.prefix(width - 2)) + "… "
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }

    /// In lines of the table's width; all but the first are indented.
    private static func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty && line.count + 1 + word.count > width {
                lines.append(line)
                line = "  " + word
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        return lines + [line]
    }
}
