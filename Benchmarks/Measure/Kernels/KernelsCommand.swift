import ArgumentParser
import BenchmarkSupport
import CFFmpeg
import Foundation
import ResamplingCPU

struct KernelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels",
        abstract: "Resample 1080p frames on one thread, beside zimg and libswscale.",
        discussion: """
            CPU time of the thread per frame: median, minimum, and x, how many times as long as Burns' best kernels. "rebuilt" \
            and "zoom" make a new graph or context for each frame. True is the PSNR against the picture itself, known at every \
            point; own is that against the contestant's own filter in double precision. "!" marks a target missed.

            Exit status 1 if zimg's bicubic takes less than 1.5 times or libswscale's less than 1.7 times as long as Burns in \
            a pan at any ratio, or is closer to the true picture.
            """)

    @Option(help: "Also write the figures as JSON.")
    var json: String?
    @Option(help: "Rounds in which contestants take turns.")
    var rounds = 7
    @Option(help: "Seconds of a contestant's turn.")
    var seconds = 0.1
    @Option(help: "Burns' kernels to measure, with commas (default: all that this machine has).")
    var levels: String?

    private static let ratios = [1.0, 1.25, 1.5, 2.0]

    func validate() throws {
        if !(1...1000).contains(rounds) { throw ValidationError("--rounds \(rounds): allowed are 1 to 1000.") }
        if !(0.001...60).contains(seconds) { throw ValidationError("--seconds \(seconds): allowed are 0.001 to 60.") }
        _ = try kernels()
    }

    private func kernels() throws -> [FrameKernels] {
        guard let levels else { return FrameKernels.available }
        let names = levels.split(separator: ",").map(String.init)
        let chosen = FrameKernels.available.filter { names.contains($0.name) }
        guard !chosen.isEmpty, chosen.count == names.count else {
            let all = FrameKernels.available.map(\.name).joined(separator: ", ")
            throw ValidationError("--levels \(levels): this machine has \(all).")
        }
        return chosen
    }

    func run() throws {
        // "data is not aligned" of every other offset.
        av_log_set_level(AV_LOG_ERROR)
        let machine = MachineDescription()
        say(machine.sentence)
        let levels = try kernels()
        let results = try Self.ratios.map { ratio in
            let result = try RatioResult(Scene(ratio: ratio), levels: levels, rounds: rounds, seconds: seconds)
            say(KernelTable.lines(result))
            return result
        }
        let misses = results.flatMap(KernelTargets.misses)
        if let json {
            let document = KernelDocument.document(results, machine: machine, misses: misses)
            try Data(document.serializedBytes(pretty: true)).write(to: URL(fileURLWithPath: json), options: .atomic)
        }
        guard misses.isEmpty else { throw BenchmarkError("\(misses.count) targets are missed: the table marks them with \"!\".") }
    }
}
