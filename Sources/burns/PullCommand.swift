import ArgumentParser
import Library
import Rendering

struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Copy a project from the store into a folder: what is new or different.",
        discussion: """
            Example: burns pull earthrise --store s3://burns-videos

            Files of the same names that differ are replaced; others stay. Hidden files stay in the store.
            """)

    @Argument(help: "The project's id in the store.")
    var project: String
    @Argument(help: "The folder (default: the id, here).", completion: .directory)
    var folder: String?
    @OptionGroup var store: StoreOptions
    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func run() throws {
        let (location, bar) = (try store.requiredLocation(), ProgressBar(isVisible: !quiet))
        let result = try store.run(resume: "the same command goes on from there") { [project, folder] settings in
            let transfer = try await ProjectTransfer.pull(project, to: folder, from: location, settings)
            return try await transfer.run { bar.update($0) }
        }
        try result.report("pulled \(project) into \(folder ?? project)", quiet: quiet, bar)
    }
}
