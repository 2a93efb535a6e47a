import ArgumentParser
import Media
import Rendering

/// For Benchmarks/Banding: frames with the six bits that rounding takes away, as two streams.
struct DeepFramesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "deep-frames", shouldDisplay: false)

    @Argument(help: "The project.")
    var project: String
    @Option(help: "whole or fraction.")
    var part: DeepResampler.Part
    @Option(help: "Where the YUV4MPEG2 stream goes.")
    var y4m: String

    func run() throws {
        let session = RenderSession(
            location: try ProjectLocation(project, store: nil), output: OutputOptions(),
            options: RenderOptions(resampler: DeepResampler(part: part), jobs: Machine.coreCount), cancellation: Cancellation())
        _ = try session.run { examination, plan in
            guard let film = examination.film else { return }
            let source = FrameSource(plan, options: session.options, cancellation: session.cancellation)
            let sink = try FrameSink(.y4m(y4m), film: film, inputs: examination.inputPaths, print: { _ in })
            try source.forEachFrame(in: 0..<film.timeline.frameCount) { index, planes in try sink.receive(index, planes) }
            try sink.finish()
        }
    }
}

extension DeepResampler.Part: ExpressibleByArgument {}
