import ArgumentParser
import Library
import Rendering

struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Copy a project from the store into a folder: what is new or different.",
        discussion: """
            Example: burns pull earthrise --store s3://burns-videos

            Files that were edited here since they were last pulled or pushed are kept and named. Where the store has them anew, \
            too, or they differ and were never pulled, the exit status is 1. Other files stay; hidden files stay in the store.
            """)

    @Argument(help: "The project's id in the store, or s3://BUCKET/projects/ID.")
    var project: String
    @Argument(help: "The folder (default: the id, here).", completion: .directory)
    var folder: String?
    @OptionGroup var store: StoreOptions
    @Flag(help: "Replace also files that were edited here.")
    var overwrite = false
    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func run() throws {
        let ((project, location), bar) = (try store.project(project), ProgressBar(isVisible: !quiet))
        let result = try store.run(resume: "the same command goes on from there") { [project, folder, overwrite] settings in
            var settings = settings
            settings.recordFolder = Environment.stateFolder
            let transfer = try await ProjectTransfer.pull(
                project, to: folder, from: location, settings, overwrites: overwrite)
            return try await transfer.run { bar.update($0) }
        }
        try result.report(
            "pulled \(project) into \(folder ?? project)",
            newer: "was edited here, and is kept",
            conflict: "differs, and is kept: it was edited here as well as in the store, or never pulled; "
                + "--overwrite replaces it",
            quiet: quiet, bar)
    }
}
