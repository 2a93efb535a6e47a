import ArgumentParser
import Files
import Library
import ObjectStore
import Rendering

struct PushCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Copy a project's folder, or a film, to the store: what is new or different.",
        discussion: """
            Example: burns push projects/earthrise --store s3://burns-videos
            Example: burns push earthrise_final_video.mp4 --store s3://burns-videos

            A folder becomes projects/ID/, where ID is the manifest's project_id, or else the folder's name. Hidden files stay \
            here. Objects that somebody has written since they were last pulled or pushed, also while this push is at work, are \
            kept and named. Where they were edited here, too, or are from after a file that they never were, the exit status is \
            1. A film becomes videos/NAME.mp4.
            """)

    @Argument(help: "A project's folder with its manifest.json, or a film.", completion: .file())
    var path: String
    @Option(help: "The project's id in the store.")
    var project: String?
    @OptionGroup var store: StoreOptions
    @Flag(help: "Delete what is in the store's project and not in the folder.")
    var delete = false
    @Flag(help: "Replace, and with --delete delete, also what others have written.")
    var overwrite = false
    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    func run() throws {
        let (location, bar) = (try store.requiredLocation(), ProgressBar(isVisible: !quiet))
        // With notes beside the cache, the same command goes on with uploads that were killed.
        let notes = try ChunkCache.defaultFolder().map { folder throws(FileError) in try ChunkCache(folder: folder).folder }
        if [".mp4", ".m4v"].contains(where: path.lowercased().hasSuffix) {
            if delete || overwrite || project != nil {
                throw Failure("--delete, --overwrite and --project go with a project's folder, not with a film")
            }
            let key = StoreLayout.films + PathParts(path).name
            let name = try store.withStore(location, resume: "the same command goes on from there") { [path] store in
                var options = TransferOptions()
                options.journalFolder = notes
                options.progress = { bar.update(bytes: $0.done, of: $0.total) }
                try await store.upload(path, to: key, options: options)
                if let notes, let bucket = store as? S3Store { try await bucket.abandonUploads(notedIn: notes, below: key) }
                return store.location.naming(key)
            }
            bar.clear()
            if !quiet { Console.note(name) }
            return
        }
        let resume = "the same command goes on from there"
        let (id, result) = try store.run(resume: resume) { [path, project, delete, overwrite] settings in
            var settings = settings
            (settings.journalFolder, settings.recordFolder) = (notes, Environment.stateFolder)
            let transfer = try await ProjectTransfer.push(
                path, as: project, to: location, settings, deletes: delete, overwrites: overwrite)
            return (transfer.id, try await transfer.run { bar.update($0) })
        }
        try result.report(
            "pushed \(path) to \(location.naming(StoreLayout.folder(ofProject: id)))",
            newer: "was written anew in the store, and is kept; pull it",
            conflict: "differs, and is kept: it was written in the store as well as here, or never in this folder; "
                + "--overwrite replaces it",
            quiet: quiet, bar)
    }
}

extension ProjectTransfer.Outcome {
    /// Says what moved and what did not.
    ///
    /// - Parameters:
    ///   - newer: why something was kept that is newer there.
    ///   - conflict: the same of what was edited on both sides.
    func report(_ what: String, newer: String, conflict: String, quiet: Bool, _ bar: ProgressBar) throws {
        bar.clear()
        if !quiet {
            warnings.forEach(Console.warning)
            name(plan.newer, newer, Console.warning)
            name(plan.nameless, "is left alone: no file can have such a name", Console.warning)
        }
        name(plan.conflicts, conflict, Console.error)
        for conflict in lateConflicts { Console.error("\(conflict.error), and is left as it is; the same command looks again") }
        for failure in failures { Console.error("\(failure.key): \(failure.error)") }
        if !failures.isEmpty {
            throw Failure(
                "\(counted(failures.count, "file")) could not be moved or deleted; the manifest was not moved before them")
        }
        let lateKeys = Set(lateConflicts.map { ObjectKey($0.key) })
        let deleted = plan.deletions.count { !lateKeys.contains(ObjectKey($0)) }
        let moved = plan.transfers.filter { !lateKeys.contains(ObjectKey($0.key)) }
        let kept = plan.newer.count + plan.conflicts.count + lateConflicts.count
        let rest = (deleted == 0 ? "" : ", \(deleted) deleted") + (kept == 0 ? "" : ", \(kept) kept")
        if !quiet {
            Console.note(
                "\(what): \(counted(moved.count, "file")) of \(byteCountText(moved.reduce(0) { $0 + $1.size })), "
                    + "\(plan.unchangedCount) unchanged\(rest)")
        }
        if !plan.conflicts.isEmpty || !lateConflicts.isEmpty { throw ExitCode(1) }
    }

    /// One line for each, and one for the rest of very many.
    private func name(_ objects: [ListedObject], _ why: String, _ say: (String) -> Void) {
        let most = 20
        for object in objects.prefix(most) { say("\(object.key) \(why)") }
        if objects.count > most { say("so it is with \(objects.count - most) more") }
    }
}
