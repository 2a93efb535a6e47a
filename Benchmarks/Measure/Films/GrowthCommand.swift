import ArgumentParser
import BenchmarkSupport
import Files
import Foundation
import JSON
import MachineBenchmark
import Rendering

struct GrowthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth",
        abstract: "Render films of 1, 5 and 30 minutes: time per frame and memory must not grow with the length.",
        discussion: """
            Generated projects: a new picture of 640x360 every five seconds, crossfades, a narration. Runs of the lengths \
            alternate; times are medians, peaks the largest. Exit status 1 if the longest film takes more than 1.1 times the \
            wall or CPU time per frame of the one before it, or more than 1.15 times its memory.
            """)

    @Option(help: "The burns to measure.")
    var burns = ".build/release/burns"
    @Option(help: "The films' lengths, rising, with commas.")
    var minutes = "1,5,30"
    @Option(help: "WIDTHxHEIGHT or a name, as burns render takes it.")
    var size = "480x270"
    @Option(help: "libx264's preset.")
    var preset = "ultrafast"
    @Option(help: "Chunks side by side.")
    var jobs = Machine.coreCount
    @Option(help: "Runs of each.")
    var runs = 3
    @Option(help: "Also write the figures as JSON.")
    var json: String?

    private static let limits = (time: 1.1, memory: 1.15)

    private struct Row {
        let minutes: Int
        let frames: Int
        let wallSeconds: Double
        let cpuSeconds: Double
        let peakBytes: Int

        var wallPerFrame: Double { wallSeconds / Double(frames) }
        var cpuPerFrame: Double { cpuSeconds / Double(frames) }
    }

    private func lengths() throws -> [Int] {
        let lengths = minutes.split(separator: ",").map { Int($0) ?? 0 }
        guard lengths.count >= 2, lengths.allSatisfy({ 1...240 ~= $0 }), zip(lengths, lengths.dropFirst()).allSatisfy(<) else {
            throw ValidationError("--minutes \(minutes): say at least two lengths of 1 to 240, rising, like 1,5,30.")
        }
        return lengths
    }

    func validate() throws {
        _ = try lengths()
        if !(1...100).contains(runs) { throw ValidationError("--runs \(runs): allowed are 1 to 100.") }
    }

    func run() throws {
        let lengths = try lengths()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("burns-growth-\(getpid())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let projects = try lengths.map { try SyntheticProject(minutes: $0, in: folder) }
        let scratch = try ScratchFolder()
        var taken = lengths.map { _ in [RenderRun]() }
        for _ in 0..<runs {
            for index in lengths.indices {
                taken[index].append(
                    try RenderRun(
                        burns: burns, project: projects[index].folder.path, jobs: jobs,
                        arguments: ["--size", size, "--preset", preset], scratch: scratch))
            }
        }
        let rows = zip(lengths, taken).map { minutes, taken in
            Row(
                minutes: minutes, frames: taken[0].frames, wallSeconds: taken.map(\.usage.wallSeconds).median,
                cpuSeconds: taken.map(\.usage.cpuSeconds).median, peakBytes: taken.map(\.peakResidentBytes).max() ?? 0)
        }
        report(rows)
        if let json { try write(rows, to: json) }
        let (before, longest) = (rows[rows.count - 2], rows[rows.count - 1])
        guard longest.wallPerFrame <= before.wallPerFrame * Self.limits.time,
            longest.cpuPerFrame <= before.cpuPerFrame * Self.limits.time,
            Double(longest.peakBytes) <= Double(before.peakBytes) * Self.limits.memory
        else {
            throw BenchmarkError(
                "A film of \(longest.minutes) minutes takes too much more time per frame, or memory, than one of "
                    + "\(before.minutes).")
        }
    }

    private func write(_ rows: [Row], to path: String) throws {
        let document: JSON = [
            "machine": MachineDescription().document, "size": .string(size), "preset": .string(preset),
            "jobs": .integer(Int64(jobs)), "runs": .integer(Int64(runs)),
            "limits": ["time_per_frame": .number(Self.limits.time), "memory": .number(Self.limits.memory)],
            "rows": .array(
                rows.map { row in
                    [
                        "minutes": .integer(Int64(row.minutes)), "frames": .integer(Int64(row.frames)),
                        "wall_s": .number(row.wallSeconds), "cpu_s": .number(row.cpuSeconds),
                        "peak_rss_bytes": .integer(Int64(row.peakBytes)),
                    ]
                }),
        ]
        try Data(document.serializedBytes(pretty: true)).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    private func report(_ rows: [Row]) {
        say(MachineDescription().sentence)
        say("\(size), libx264 \(preset), \(jobs) jobs, medians of \(runs) runs")
        let columns = ["minutes", "frames", "wall s", "CPU s", "ms wall/frame", "ms CPU/frame", "peak MB"]
        say(columns.map { $0.aligned(right: 14) }.joined())
        for row in rows {
            func number(_ format: String, _ value: Double) -> String { String(format: format, value) }
            let cells = [
                "\(row.minutes)", "\(row.frames)", number("%.2f", row.wallSeconds), number("%.2f", row.cpuSeconds),
                number("%.3f", row.wallPerFrame * 1e3), number("%.3f", row.cpuPerFrame * 1e3),
                number("%.0f", Double(row.peakBytes) / 1e6),
            ]
            say(cells.map { $0.aligned(right: 14) }.joined())
        }
    }
}
