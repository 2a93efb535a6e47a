import ArgumentParser
import BenchmarkSupport
import Files
import Foundation
import JSON
import MachineBenchmark
import Rendering

struct EncodeAloneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode-alone",
        abstract: "Compare rendering a film with only encoding its frames.",
        discussion: """
            "encode alone": all frames of the film lie in memory (3.1 MB each at 1080p) and are encoded into the same chunks, by \
            the same encoder and jobs. "burns render": the whole film from its project, pictures, sound and joining included. \
            Runs alternate; shown are medians. Frames are made on the CPU on both sides. Exit status 1 if the CPU time of the \
            film is more than 1.06 times that of encoding alone, or if the cores are less than 95 % busy between the first \
            frame and the last.
            """)

    @OptionGroup var film: FilmOptions
    @Option(help: "Chunks side by side.")
    var jobs = Machine.coreCount
    @Option(help: "Runs of each.")
    var runs = 3
    @Option(help: "Only so many frames from the film's beginning are encoded alone; the figure is then scaled to all of them.")
    var frames: Int?
    @Option(help: "Also write the figures as JSON.")
    var json: String?

    private static let target = 1.06
    private static let busyTarget = 0.95

    func validate() throws {
        if !(1...100).contains(runs) { throw ValidationError("--runs \(runs): allowed are 1 to 100.") }
        if !(1...1024).contains(jobs) { throw ValidationError("--jobs \(jobs): allowed are 1 to 1024.") }
        if let frames, frames < 1 { throw ValidationError("--frames \(frames): at least 1.") }
    }

    func run() throws {
        let scratch = try ScratchFolder()
        var whole: [RenderRun] = []
        var alone: [FrameEncoding] = []
        for _ in 0..<runs {
            whole.append(
                try RenderRun(
                    burns: film.burns, project: film.project, jobs: jobs, arguments: film.presetArguments, scratch: scratch))
            let encode = ["encode-frames", "--project", film.project, "--jobs", "\(jobs)"]
            let limit = frames.map { ["--frames", "\($0)"] } ?? []
            let (output, _) = try ChildProcess.run([CommandLine.arguments[0]] + encode + limit + film.presetArguments)
            alone.append(try FrameEncoding(JSON(parsing: output)))
        }
        let busy = try BusyShare(film.session(jobs: jobs), scratch: scratch)

        let frameCount = whole[0].frames
        // The frames encoded alone may be fewer.
        let scale = Double(frameCount) / Double(alone[0].frames)
        let (wholeCPU, wholeWall) = (whole.map(\.usage.cpuSeconds).median, whole.map(\.usage.wallSeconds).median)
        let (aloneCPU, aloneWall) = (alone.map(\.cpuSeconds).median * scale, alone.map(\.wallSeconds).median * scale)
        say(MachineDescription().sentence)
        let taken = "\(jobs) jobs, medians of \(runs) runs; \(alone[0].frames) frames encoded alone"
        say("\(film.project): \(frameCount) frames, \(taken)")
        say("".padded(to: 16) + ["CPU s", "wall s", "ms CPU/frame"].map { $0.aligned(right: 14) }.joined())
        for (name, cpu, wall) in [("burns render", wholeCPU, wholeWall), ("encode alone", aloneCPU, aloneWall)] {
            let cells = [cpu, wall, cpu / Double(frameCount) * 1e3].map { String(format: "%.2f", $0) }
            say(name.padded(to: 16) + cells.map { $0.aligned(right: 14) }.joined())
        }
        let ratios = String(format: "%.3f%14.3f", wholeCPU / aloneCPU, wholeWall / aloneWall)
        say("ratio".padded(to: 16) + ratios.aligned(right: 28))
        say(
            String(
                format: "burns render: %.1f %% of %d cores busy between the first and the last frame, peak memory %.0f MB",
                busy.share * 100, busy.cores, Double(whole.map(\.peakResidentBytes).max() ?? 0) / 1e6))
        if let json {
            let document: JSON = [
                "machine": MachineDescription().document, "project": .string(film.project), "jobs": .integer(Int64(jobs)),
                "frames": .integer(Int64(frameCount)), "frames_encoded_alone": .integer(Int64(alone[0].frames)),
                "runs": .integer(Int64(runs)), "render_cpu_s": .number(wholeCPU), "render_wall_s": .number(wholeWall),
                "encode_cpu_s": .number(aloneCPU), "encode_wall_s": .number(aloneWall),
                "cpu_ratio": .number(wholeCPU / aloneCPU), "cpu_ratio_limit": .number(Self.target),
                "wall_ratio": .number(wholeWall / aloneWall),
                "busy_share": .number(busy.share), "busy_share_wanted": .number(Self.busyTarget),
                "peak_rss_bytes": .integer(Int64(whole.map(\.peakResidentBytes).max() ?? 0)),
            ]
            try Data(document.serializedBytes(pretty: true)).write(to: URL(fileURLWithPath: json), options: .atomic)
        }
        guard wholeCPU / aloneCPU <= Self.target else {
            throw BenchmarkError("A film takes more than \(Self.target) times the CPU time of encoding its frames alone.")
        }
        guard busy.share >= Self.busyTarget else {
            throw BenchmarkError("A film keeps its cores less than \(Self.busyTarget * 100) % busy.")
        }
    }
}
