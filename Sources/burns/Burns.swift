import ArgumentParser
import CSystem
import Glibc
import Rendering
import Resampling

@main
struct Burns: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "burns",
        abstract: "Renders projects of pictures and narration into films with smooth pans and zooms.",
        discussion: """
            PROJECT is a project folder, a manifest file, an id in the store, or s3://BUCKET/projects/ID.
            Exit status: 0 done, 1 failed, 64 wrong usage, 130 cancelled.
            """,
        version: "0.1.0",
        subcommands: [
            RenderCommand.self, FramesCommand.self, ValidateCommand.self, BucketCommand.self, ListCommand.self,
            ImportCommand.self, PullCommand.self, PushCommand.self, ShareCommand.self, CleanCommand.self, BenchCommand.self,
            DoctorCommand.self,
        ])

    static func main() {
        // A reader that goes away is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Nor is a file that grows past what the shell allows (ulimit -f).
        signal(SIGXFSZ, SIG_IGN)
        // Pictures and frames go back to the system when they are let go of, instead of growing the heap for good.
        burns_map_large_blocks()
        // Before anything is computed. A name that is none is an error of the commands that make frames, and a finding of
        // `doctor`.
        if case .success(let limit?) = Result(catching: Environment.instructionSet) { InstructionSet.limit(to: limit) }
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as RenderError where error.isCancellation {
            Glibc.exit(130)
        } catch let error where error is CleanExit || error is ExitCode || error is ValidationError {
            exit(withError: error)
        } catch {
            // What the argument parser throws knows its own exit status; everything else is a failure of ours.
            guard exitCode(for: error) == .failure else { exit(withError: error) }
            Console.error("\(error)")
            Glibc.exit(1)
        }
    }
}
