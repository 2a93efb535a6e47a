import ArgumentParser
import BenchmarkSupport
import Files
import Foundation
import JSON
import MachineBenchmark
import Rendering

struct ScalingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaling",
        abstract: "Frames per second on 1, 2, 4, 8 and 16 cores, as far as there are so many.",
        discussion: """
            `burns render` without a cache runs with as many jobs as cores and is held to those cores. Runs alternate; figures \
            are medians over wall time.
            """)

    @OptionGroup var film: FilmOptions
    @Option(help: "Sizes, with commas.")
    var sizes = "1080p,4k,vertical"
    @Option(help: "Runs of each.")
    var runs = 3
    @Option(help: "Also write the figures as JSON.")
    var json: String?

    private struct Row {
        let size: String
        let cores: Int
        var renders: [RenderRun] = []

        var framesPerSecond: Double { Double(renders[0].frames) / renders.map(\.usage.wallSeconds).median }
    }

    func validate() throws {
        if !(1...100).contains(runs) { throw ValidationError("--runs \(runs): allowed are 1 to 100.") }
    }

    func run() throws {
        let scratch = try ScratchFolder()
        let cores = [1, 2, 4, 8, 16].filter { $0 <= Machine.coreCount }
        var rows = sizes.split(separator: ",").flatMap { size in cores.map { Row(size: String(size), cores: $0) } }
        for _ in 0..<runs {
            for index in rows.indices {
                let (size, cores) = (rows[index].size, rows[index].cores)
                rows[index].renders.append(
                    try RenderRun(
                        burns: film.burns, project: film.project, jobs: cores,
                        arguments: ["--size", size] + film.presetArguments, scratch: scratch, cores: cores))
            }
        }
        report(rows)
        if let json {
            let document: JSON = [
                "machine": MachineDescription().document, "project": .string(film.project), "runs": .integer(Int64(runs)),
                "rows": .array(
                    rows.map { row in
                        [
                            "size": .string(row.size), "cores": .integer(Int64(row.cores)),
                            "render_fps": .number(row.framesPerSecond),
                        ]
                    }),
            ]
            try Data(document.serializedBytes(pretty: true)).write(to: URL(fileURLWithPath: json), options: .atomic)
        }
    }

    private func report(_ rows: [Row]) {
        say(MachineDescription().sentence)
        say("\(film.project), medians of \(runs) runs; x: against one core")
        say("".padded(to: 12) + ["cores", "fps", "x"].map { $0.aligned(right: 14) }.joined())
        for row in rows {
            guard let one = rows.first(where: { $0.size == row.size }) else { continue }
            let cells = [row.framesPerSecond, row.framesPerSecond / one.framesPerSecond]
            say(row.size.padded(to: 12) + "\(row.cores)".aligned(right: 14)
                + cells.map { String(format: "%.2f", $0).aligned(right: 14) }.joined())
        }
    }
}
