import ArgumentParser
import AWS
import JSON
import Library
import ObjectStore

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List the projects of a store, or the objects of one.",
        discussion: """
            Example: burns ls --store s3://burns-videos

            Of projects: the newest object's date (UTC), how many there are, their bytes, the id. Of objects: date, bytes, key.
            """)

    @Argument(help: "A project's id, or s3://BUCKET/projects/ID (default: all projects).")
    var project: String?
    @OptionGroup var store: StoreOptions
    @Flag(help: "Print the list as JSON on stdout.")
    var json = false

    func run() throws {
        if let named = project {
            let (project, location) = try store.project(named)
            let objects = try store.withStore(location) { try await Catalog.objects(ofProject: project, in: $0) }
            if json { return try Console.print(JSON.array(objects.map(Self.document)).serialized(pretty: true)) }
            for object in objects {
                try Self.line(object.modifiedAt, "", byteCountText(object.size), object.key)
            }
        } else {
            let location = try store.requiredLocation()
            let projects = try store.withStore(location) { try await Catalog.projects(in: $0) }
            if json { return try Console.print(JSON.array(projects.map(Self.document)).serialized(pretty: true)) }
            for project in projects {
                let notes = [
                    project.hasManifest ? nil : "no manifest", project.film.map { "film of \(byteCountText($0.size))" },
                    project.chunkCount > 0 ? "\(project.chunkCount) shared chunks of \(byteCountText(project.chunkBytes))" : nil,
                ].compactMap { $0 }
                try Self.line(
                    project.newestAt ?? project.film?.modifiedAt, "\(project.objectCount)", byteCountText(project.bytes),
                    project.id + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"))
            }
        }
    }

    private static func line(_ modifiedAt: Int?, _ count: String, _ bytes: String, _ name: String) throws {
        func right(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let counts = count.isEmpty ? "" : right(count, 6) + "  "
        try Console.print("\(date(modifiedAt))  \(counts)\(right(bytes, 10))  \(Console.printable(name))")
    }

    private static func date(_ seconds: Int?) -> String {
        seconds.map { AWSDate(secondsSince1970: $0).description } ?? "-"
    }

    private static func document(_ object: ListedObject) -> JSON {
        [
            "key": .string(object.key), "bytes": .integer(object.size), "etag": .string(object.etag.text),
            "modified_at": .string(date(object.modifiedAt)),
        ]
    }

    private static func document(_ project: StoredProject) -> JSON {
        [
            "id": .string(project.id), "objects": .integer(Int64(project.objectCount)), "bytes": .integer(project.bytes),
            "newest_at": project.newestAt.map { .string(date($0)) } ?? .null, "has_manifest": .bool(project.hasManifest),
            "shared_chunks": ["objects": .integer(Int64(project.chunkCount)), "bytes": .integer(project.chunkBytes)],
            "film": project.film.map(document) ?? .null,
        ]
    }
}
