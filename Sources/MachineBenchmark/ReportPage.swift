import Rendering
import Timeline

/// The report as one page that needs nothing beside it: no script, no picture, no font.
public enum ReportPage {
    public static func page(_ report: BenchmarkReport) -> String {
        let page = PageBody(report: report)
        let parts = [page.heading, page.tiles] + report.sizes.map(page.section) + [page.limits, page.method]
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="generator" content="burns \(PageText.escape(report.version))"/>
            <title>\(PageText.escape("burns bench: \(report.machine.processor)"))</title>
            <style>
            \(PageStyle.css)
            </style>
            </head>
            <body>
            <main>
            \(parts.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }
}

/// The page's parts, from top to bottom.
private struct PageBody {
    let report: BenchmarkReport

    private func escape(_ text: String) -> String { PageText.escape(text) }
    private func threads(_ count: Int) -> String { count == 1 ? "1 thread" : "\(count) threads" }

    // MARK: Heading

    var heading: String {
        let machine = report.machine
        var facts: [(String, String)] = [
            ("Kernels", report.kernelsText), ("Memory", NumberText.memory(machine.memoryBytes)),
            ("System", "\(machine.system), \(machine.kernel)"),
        ]
        for device in report.devices {
            let kind = device.isSoftware ? "Software driver \(device.number)" : "GPU \(device.number), \(device.kind)"
            facts.append((kind, "\(device.name), \(NumberText.memory(device.memoryBytes)) of memory; \(device.driver)"))
        }
        let project = report.project
        let name = project.isBuiltIn ? "built-in" : project.id
        let film = "\(project.frames) frames at \(project.framesPerSecond) fps"
        facts.append(("Project", "\(name): \(project.pictures) pictures, \(film)"))
        facts.append(("Encoder", project.encoder + (project.encoders > 1 ? ", \(project.encoders) side by side" : "")))
        let rows = facts.map { "<div><dt>\(escape($0.0))</dt><dd>\(escape($0.1))</dd></div>" }.joined(separator: "\n")
        let gpus = report.devices.filter { !$0.isSoftware }.map(\.shortName)
        let processor = "\(machine.processor), \(report.coresText)"
        let title = gpus.isEmpty ? processor : "\(processor), and \(gpus.joined(separator: ", "))"
        let remarks = report.failures.map(report.sentence) + report.notes
        let notes = remarks.map { "<p class=\"note\">\(escape($0))</p>" }.joined(separator: "\n")
        let when = PageText.date(report.startedAt) + (report.isQuick ? " · quick" : "")
        return """
            <header>
            <p class="eyebrow">burns bench \(escape(report.version)) · \(escape(when))</p>
            <h1>\(escape(title))</h1>
            <p class="lead">How fast this machine makes films out of pictures: stage by stage, CPU against GPU, each beside what \
            the machine could do at best.</p>
            <dl class="facts">
            \(rows)
            </dl>
            \(notes)
            </header>
            """
    }

    // MARK: Tiles

    private struct Tile {
        var what: String
        var figure: String
        var unit = ""
        /// Markup.
        var more: String
    }

    var tiles: String {
        guard let size = report.sizes.first else { return "" }
        var tiles: [Tile] = []
        if let whole = size.rows(.whole).max(by: { $0.rate.median < $1.rate.median }) {
            let ratio = whole.ratio.map { "\(NumberText.percent($0)) of encoding alone" } ?? ""
            let figure = PageText.number(whole.rate.median)
            let part = size.isPart(whole) ? "Film’s first part" : "Whole film"
            let what = "\(part), \(size.title), by \(name(whole))"
            tiles.append(Tile(what: what, figure: figure, unit: "frames/s", more: ratio))
        }
        if let cores = size.processor {
            let ratio = cores.ratio.map { "\(NumberText.percent($0)) of a memory copy’s speed" } ?? ""
            let what = "Resampling, \(size.title), \(cores.contestant), \(threads(cores.threads))"
            tiles.append(Tile(what: what, figure: PageText.number(cores.rate.median), unit: "frames/s", more: ratio))
        }
        // Of each GPU what is asked most: at 4K where that was measured, else at the first size.
        for device in report.devices where !device.isSoftware {
            let own = report.verdicts.filter { $0.device == device.number }
            let large = own.filter { $0.size.width * $0.size.height >= 3840 * 2160 }
            tiles += (large.isEmpty ? own : large).prefix(2).map { tile($0, device) }
        }
        if let copy = report.limits.last(where: { $0.kind == .memoryCopy }), tiles.count < 4 {
            let rate = NumberText.short(copy.bytesPerSecond.median / 1e9)
            tiles.append(Tile(what: "Memory copy, \(threads(copy.threads))", figure: rate, unit: "GB/s", more: copy.meaning))
        }
        let items = tiles.map {
            """
            <div class="tile"><div class="what">\(escape($0.what))</div>
            <div class="figure">\(escape($0.figure)) <span>\(escape($0.unit))</span></div>
            <div class="more">\($0.more)</div></div>
            """
        }
        return "<section class=\"tiles\">\n\(items.joined(separator: "\n"))\n</section>"
    }

    private func tile(_ verdict: Verdict, _ device: DeviceFacts) -> Tile {
        let mark = switch verdict.isMet {
        case true?: "<span class=\"met\">good</span>"
        case false?: "<span class=\"missed\">too little</span>"
        case nil: "not judged"
        }
        let who = report.name("", device.number)
        let at = "\(verdict.size.width) × \(verdict.size.height)"
        switch verdict.question {
        case .timesProcessor:
            return Tile(
                what: "\(who), \(at): resampling, against \(report.processorText(verdict.size))",
                figure: "\(NumberText.short(verdict.value)) ×",
                more: "\(mark), wanted: \(NumberText.short(verdict.question.wanted)) ×")
        case .shareOfDeviceToHost:
            return Tile(
                what: "\(who), \(at): resampled and read back, of the bandwidth to the host",
                figure: NumberText.percent(verdict.value),
                more: "\(mark), wanted: \(NumberText.percent(verdict.question.wanted))")
        }
    }

    private func name(_ row: StageRow) -> String { report.name(row.contestant, row.device) }

    // MARK: A size

    func section(_ size: SizeReport) -> String {
        let notes = size.notes.map { "<p class=\"note\">\(escape($0))</p>" }.joined(separator: "\n")
        return """
            <section>
            <h2>\(escape(size.title))</h2>
            <p>\(escape(size.sampleSentence)).</p>
            \(notes)
            \(resampling(size))
            \(films(size))
            \(time(size))
            \(table(size))
            </section>
            """
    }

    private func resampling(_ size: SizeReport) -> String {
        let rows = size.rows(.resample) + size.rows(.resampleAndReadBack)
        let bars = rows.map { row -> PageChart.Bar in
            let isRead = row.stage == .resampleAndReadBack
            let stays = row.device == nil ? "" : isRead ? ", read back" : ", frames stay"
            return PageChart.Bar(
                label: name(row), detail: threads(row.threads) + stays, value: row.rate.median,
                text: PageText.number(row.rate.median),
                note: row.ratio.map { "\(NumberText.percent($0)) of \(row.limit?.kind.title ?? "")" } ?? "",
                kind: row.device == nil ? "cpu" : "gpu")
        }
        return PageChart.bars(bars, caption: "Resampling, frames a second", foot: report.clockSentences(size))
    }

    private func films(_ size: SizeReport) -> String {
        var bars: [PageChart.Bar] = []
        if let alone = size.rows(.encode).last {
            bars.append(
                PageChart.Bar(
                    label: "Encoding alone", detail: "\(alone.contestant), \(threads(alone.threads))", value: alone.rate.median,
                    text: PageText.number(alone.rate.median), note: "the limit", kind: "limit"))
        }
        for row in size.rows(.whole) {
            bars.append(
                PageChart.Bar(
                    label: "Film by \(name(row))",
                    detail: "\(row.threads) \(row.threads == 1 ? "job" : "jobs")\(size.isPart(row) ? ", first part" : "")",
                    value: row.rate.median, text: PageText.number(row.rate.median),
                    note: row.ratio.map { "\(NumberText.percent($0)) of it" } ?? "",
                    kind: row.device == nil ? "cpu" : "gpu"))
        }
        return bars.isEmpty ? "" : PageChart.bars(bars, caption: "Films, frames a second")
    }

    private func time(_ size: SizeReport) -> String {
        let stacks = size.films.map { film -> (label: String, detail: String, parts: [PageChart.Part]) in
            let frames = Double(film.frames)
            let times = film.times
            let known: [(String, String, Double)] = [
                ("decode", "decode", times.decode), ("prepare", "prepare", times.prepare),
                (film.device == nil ? "resample" : "upload, wait for frames", "resample", times.resample),
                ("encode", "encode", times.encode), ("sound and joining", "join", times.audio + times.assemble),
            ]
            let rest = max(0, film.wallSeconds * Double(film.jobs) - known.reduce(0) { $0 + $1.2 })
            let others = size.films.count > 1 ? "idle, files, comparing" : "idle, files"
            let parts = (known + [(others, "rest", rest)]).map { label, kind, seconds in
                let text = "\(NumberText.short(seconds / frames * 1e3)) ms"
                return PageChart.Part(label: label, value: seconds / frames, text: text, kind: kind)
            }.filter { $0.value > 1e-6 }
            let whole = film.isWhole ? "" : ", the film’s first part"
            return (
                report.name(film.contestant, film.device),
                "\(film.frames) frames in \(NumberText.short(film.wallSeconds)) s\(whole)", parts
            )
        }
        return stacks.isEmpty ? "" : PageChart.stacks(stacks, caption: "Where a film’s time goes: thread time for a frame")
    }

    private func table(_ size: SizeReport) -> String {
        let heads = ["threads", "ms", "fastest<br/>round, ms", "a second", "CPU ms", "limit,<br/>a second", "of<br/>limit"]
        var rows = ""
        for stage in Stage.allCases {
            for (index, row) in size.rows(stage).enumerated() {
                let repeated = index > 0 && size.rows(stage)[index - 1].contestant == row.contestant
                let tag = row.isSoftware && !repeated ? " <span class=\"tag\">software</span>" : ""
                let who = repeated ? "" : escape(name(row)) + tag
                let cells = [
                    "\(row.threads)", PageText.number(row.rate.medianSeconds * 1e3),
                    PageText.number(row.rate.minimumSeconds * 1e3),
                    PageText.number(row.rate.median), PageText.number(row.rate.cpuSecondsPerItem * 1e3),
                    row.limit.map { PageText.number($0.itemsPerSecond) } ?? "", row.ratio.map(NumberText.percent) ?? "",
                ]
                let numbers = cells.map { "<td>\(escape($0))</td>" }.joined()
                let bound = "<td class=\"text bound\">\(escape(row.limit?.kind.title ?? ""))</td>"
                rows += "<tr><td class=\"text stage\">\(escape(size.heading(stage, row: index)))</td>"
                    + "<td class=\"text\">\(who)</td>\(numbers)\(bound)</tr>\n"
            }
        }
        return """
            <div class="scroll"><table>
            <thead><tr><th class="text">stage</th><th class="text">by</th>\(heads.map { "<th>\($0)</th>" }.joined())\
            <th class="text bound">bound by</th></tr></thead>
            <tbody>
            \(rows)</tbody>
            </table></div>
            """
    }

    // MARK: Limits

    var limits: String {
        let bars = report.limits.map { limit in
            PageChart.Bar(
                label: limit.title(limit.device.map { report.name("", $0) }), detail: "", value: limit.bytesPerSecond.median,
                text: NumberText.rate(limit.bytesPerSecond.median), note: limit.byCopyEngine ? "by the copy engine" : "",
                kind: limit.device == nil ? "cpu" : "gpu")
        }
        var meanings = ""
        for kind in StageLimit.Kind.allCases where report.sizes.contains(where: { $0.rows.contains { $0.limit?.kind == kind } }) {
            meanings += "<dt>\(escape(kind.title))</dt><dd>\(escape(kind.meaning))</dd>\n"
        }
        return """
            <section>
            <h2>This machine’s limits</h2>
            <p>Measured in the same run. Copies count bytes read and bytes written, transfers to and from a device one way.</p>
            \(PageChart.bars(bars, caption: "Bytes a second"))
            <h3>What bounds a stage</h3>
            <dl class="meanings">
            \(meanings)</dl>
            </section>
            """
    }

    // MARK: Method

    var method: String {
        let stages = Stage.allCases.filter { stage in report.sizes.contains { !$0.rows(stage).isEmpty } }
        let meanings = stages.map { "<dt>\(escape($0.title))</dt><dd>\(escape($0.meaning))</dd>" }.joined(separator: "\n")
        return """
            <section>
            <h2>How it was measured</h2>
            <p>Every contestant made the same frames first, by as many threads and with as many frames under way as later, and \
            their SHA-256 were compared; only then was anything measured. The frames of films are compared by checksums on their \
            way to the encoder. Contestants take turns, round by round, warmed up; threads begin together, and what they do is \
            counted while all of them are at work. “ms” is the wall clock’s time for an item with all threads together, the \
            median of the rounds; “CPU ms” is user and system time of all threads. Items are pictures in decode, prepare and \
            upload, and frames elsewhere. The whole run took \(NumberText.fixed(report.seconds, 0)) s.</p>
            <dl class="meanings">
            \(meanings)
            </dl>
            </section>
            <footer>Made by burns bench \(escape(report.version)). The same figures as JSON: burns bench --json FILE.</footer>
            """
    }
}
