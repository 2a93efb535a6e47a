import ArgumentParser
import BenchmarkSupport
import Foundation
import JSON

@main
struct SmoothnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "burns-smoothness",
        abstract: "Measure how smoothly pictures move, on frames before encoding.",
        discussion: """
            Pictures with dots are filmed by slow pans and zooms; each dot is located in each frame, in luma, Cb and Cr, and \
            compared with the ideal path. "ideal frames" are drawn from the formula: their figures are the tracker's own error. \
            zoompan and perspective are ffmpeg's filters; zoompan-8000 scales to 8000 px first, the usual remedy for zoompan's \
            shaking; moviepy cuts whole pixels out of the picture, moviepy-box an exact rectangle.

            Exit status 1 if Burns is further than 0.01 px RMS from the path, bends it by more than 0.005 px/frame^2, or makes a \
            backward step.
            """)

    @Option(help: "The burns to measure.")
    var burns = ".build/release/burns"
    @Flag(help: "Leave the peers out.")
    var burnsOnly = false
    @Option(help: "The folder of the peers' scripts.")
    var peers = "Benchmarks/Peers"
    @Option(help: "A Python interpreter that has MoviePy (Peers/moviepy_venv.py makes one); without it MoviePy is left out.")
    var moviepyPython: String?
    @Option(help: "Samples of its plane from one ring of a dot to the next, 6 to 16: how fine the detail is that is tracked.")
    var ring = 16.0
    @Flag(help: "Leave the moves out: only the zone plate.")
    var flickerOnly = false

    @Option(help: "Also write the figures as JSON.")
    var json: String?

    func validate() throws {
        guard Dot.ringRange.contains(ring) else {
            throw ValidationError("--ring \(ring): allowed are \(Dot.ringRange.lowerBound) to \(Dot.ringRange.upperBound) samples.")
        }
    }

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("burns-smoothness-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var results = Results(ringSamples: ring)
        if !burnsOnly && moviepyPython == nil { say("MoviePy is left out: --moviepy-python names no interpreter that has it.\n") }
        say(Results.heading)
        for (number, move) in Move.all.enumerated() where !flickerOnly {
            let dots = Dot.grid(for: move, ringSamples: ring)
            let project = try Project("move-\(number)", move: move, in: folder)
            try TestPicture.Dots.write(dots, to: project.picture.path)
            for source in sources {
                let measurement = try await measure(move, dots, from: source, project)
                say(Results.lines(measurement))
                results.measurements.append(measurement)
            }
        }
        let zonePlate = try Project("zone-plate", move: FlickerFigures.move, in: folder)
        try TestPicture.ZonePlate.write(to: zonePlate.picture.path)
        for source in sources where source != .ideal {
            let reader = try reader(FlickerFigures.move, source, zonePlate)
            let figures = try FlickerFigures(source: source) { try reader.next() }
            say(Results.line(figures))
            results.flicker.append(figures)
        }
        if let json {
            try Data(results.document.serializedBytes(pretty: true)).write(to: URL(fileURLWithPath: json), options: .atomic)
        }
        guard flickerOnly || results.burnsIsSmooth else {
            throw BenchmarkError(
                "burns is not smooth: allowed are \(MotionFigures.rmsLimit) px RMS, \(MotionFigures.secondDifferenceLimit) px/frame^2 and no backward step.")
        }
    }

    /// Unlike `print`, at once, also into a pipe.
    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    private var sources: [FrameSource] {
        FrameSource.allCases.filter { !(burnsOnly && $0.isPeer) && !(moviepyPython == nil && $0.needsMoviePy) }
    }

    private func measure(_ move: Move, _ dots: [Dot], from source: FrameSource, _ project: Project) async throws -> Measurement {
        if source == .ideal {
            return try await Measurement.take(move, dots, from: source) { IdealFrames.frame($0, dots: dots, move: move) }
        }
        let reader = try reader(move, source, project)
        return try await Measurement.take(move, dots, from: source) { _ in try reader.next() }
    }

    private func reader(_ move: Move, _ source: FrameSource, _ project: Project) throws -> FrameReader {
        try FrameReader(
            command: source.command(burns: burns, peers: peers, moviepyPython: moviepyPython, project: project, move: move))
    }
}
