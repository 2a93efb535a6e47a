import ArgumentParser
import AWS
import Library
import ObjectStore
import Rendering

struct CleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Delete projects that nobody has touched for long.",
        discussion: """
            Example: burns clean --older-than 14d --dry-run --store s3://burns-videos

            A project goes whole, with its shared chunks, when its newest object is older. Films in videos/ stay unless asked for.
            """)

    @Option(help: "The age, like 12h, 14d or 8w.")
    var olderThan: String
    @OptionGroup var store: StoreOptions
    @Flag(help: "Say what would go, and delete nothing.")
    var dryRun = false
    @Flag(help: "Delete the projects' films of that age (videos/ID_final_video.mp4 and its subtitles), too.")
    var videos = false

    func validate() throws {
        guard TimeSpan.parse(olderThan) != nil else {
            throw ValidationError("--older-than \(olderThan): say a time like 12h, 14d or 8w.")
        }
    }

    func run() throws {
        let location = try store.requiredLocation()
        let age = TimeSpan.parse(olderThan) ?? .max
        let (plan, outcome) = try store.withStore(location, resume: "what is deleted is gone") { [dryRun, videos] store in
            let cleaning = Cleaning(store, olderThanSeconds: age, includesFilms: videos)
            let plan = try await cleaning.plan()
            let tell = { @Sendable (project: StoredProject) in
                let chunks = project.chunkCount == 0
                    ? "" : " and \(project.chunkCount) shared chunks of \(byteCountText(project.chunkBytes))"
                Console.note(
                    "\(project.id): \(counted(project.objectCount, "object")) of \(byteCountText(project.bytes))\(chunks), newest of "
                        + AWSDate(secondsSince1970: project.newestAt ?? 0).description)
            }
            if dryRun { plan.projects.forEach(tell) }
            let outcome = dryRun ? Cleaning.Outcome() : try await cleaning.run(plan, each: tell)
            for film in plan.films { Console.note("\(film.key): \(byteCountText(film.size))") }
            return (plan, outcome)
        }
        for project in plan.strangers {
            Console.warning("\(project.id) is old, and is left alone: it has no manifest.json with segments")
        }
        for id in outcome.spared { Console.warning("\(id) was written to just now, and is left alone") }
        for failure in outcome.failures { Console.error("\(failure.key) could not be deleted: \(failure.error)") }
        let what = "\(counted(plan.projects.count, "project")) and \(counted(plan.films.count, "film"))"
        Console.note(
            dryRun
                ? "would delete \(what): \(counted(plan.objectCount, "object")), \(byteCountText(plan.bytes))"
                : "deleted \(counted(outcome.deletedCount, "object")), \(byteCountText(outcome.deletedBytes))")
        if !outcome.failures.isEmpty { throw ExitCode(1) }
    }
}
