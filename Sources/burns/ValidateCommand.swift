import ArgumentParser
import JSON
import Rendering
import Timeline

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Name every problem of a project with its JSON path.",
        discussion: """
            Example: burns validate projects/earthrise
            Example: burns validate s3://burns-videos/projects/earthrise

            Exit status 1 if there is an error: something that would keep the project from being rendered. Warnings say what \
            is rendered otherwise than written.
            """)

    @OptionGroup var project: ProjectOptions
    @OptionGroup var outputFlags: OutputFlags
    @OptionGroup var pictureLimit: PictureLimitOption
    @Flag(help: "Print the problems and the shots as JSON on stdout.")
    var json = false

    func run() throws {
        let cancellation = Cancellation()
        let watch = SignalWatch(cancellation, resume: "start again")
        defer { watch.end() }
        let examination = try ProjectExamination(
            try project.find(cancellation, quiet: json), options: try outputFlags.options(), limits: pictureLimit.limits,
            cancellation: cancellation)
        if json {
            try Console.print(ValidationReport.document(examination).serialized(pretty: true))
        } else {
            for problem in examination.errors { Console.error("\(problem.path): \(problem.message)") }
            for problem in examination.warnings { Console.warning("\(problem.path): \(problem.message)") }
            let counts = "\(counted(examination.errors.count, "error")), \(counted(examination.warnings.count, "warning"))"
            if let film = examination.film {
                Console.note(
                    "\(film.project.id) can be rendered: \(counted(film.timeline.shots.count, "shot")), "
                        + "\(counted(film.timeline.frameCount, "frame")) at \(film.timeline.frameRate) fps, "
                        + "\(film.timeline.outputSize); \(counts)"
                )
            } else {
                Console.note("\(examination.location.manifestName) cannot be rendered: \(counts)")
            }
        }
        if examination.film == nil { throw ExitCode(1) }
    }
}
