import ArgumentParser
import BenchmarkSupport
import Files
import Foundation
import JSON
import Media
import Rendering
import ResamplingCPU

/// What is rendered, and by which program.
struct FilmOptions: ParsableArguments {
    @Option(help: "The burns to measure.")
    var burns = ".build/release/burns"
    @Option(help: "The project.")
    var project = "Examples/store/projects/earthrise"
    @Option(help: "libx264's preset (default: the project's).")
    var preset: String?

    func session(jobs: Int) throws -> RenderSession {
        var output = OutputOptions()
        output.preset = preset
        return RenderSession(
            location: try ProjectLocation(project, store: nil), output: output,
            options: RenderOptions(resampler: CPUResampler(), jobs: jobs), cancellation: Cancellation())
    }

    var presetArguments: [String] { preset.map { ["--preset", $0] } ?? [] }
}

/// One `burns render` on the CPU and without a cache: what the kernel counts, and what its report says.
struct RenderRun {
    let usage: ProcessUsage
    let frames: Int
    /// The program's own figure, from exec on.
    let peakResidentBytes: Int

    init(
        burns: String, project: String, jobs: Int, arguments: [String], scratch: ScratchFolder, cores: Int? = nil
    ) throws {
        let command = [burns, "render", project, "--no-cache", "-q", "--json", "-o", scratch.path + "/film.mp4"]
        let how = ["--backend", "cpu", "--jobs", "\(jobs)"]
        let (output, usage) = try ChildProcess.run(command + how + arguments, cores: cores)
        let report = try JSON(parsing: output)
        guard case .integer(let frames)? = report["frames"], case .integer(let peak)? = report["peak_rss_bytes"] else {
            throw BenchmarkError("The report of burns render lacks frames or peak_rss_bytes.")
        }
        self.usage = usage
        self.frames = Int(frames)
        peakResidentBytes = Int(peak)
    }
}
