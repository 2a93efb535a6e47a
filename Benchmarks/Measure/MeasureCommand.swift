import ArgumentParser

@main
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "burns-measure",
        abstract: "Measure where the time goes, against libraries and limits.",
        subcommands: [
            KernelsCommand.self, EncodeAloneCommand.self, GrowthCommand.self, ScalingCommand.self, EncodeFramesCommand.self,
            DeepFramesCommand.self,
        ])
}
