import Files
import HTTP
import JSON
import ObjectStore
import Timeline

/// A data file, read and found to be a project: segments, and where their pictures are to be had.
///
/// It comes from strangers. Files that it names are looked for beside it and below, and nowhere else.
public struct ImportData: Sendable {
    public let project: Project
    /// What is read otherwise than written.
    public let warnings: [Diagnostic]
    /// As it was, with the project's id.
    let document: JSON.Object
    /// The data file's own.
    let folder: FolderStore
    /// In the order of the data.
    let entries: [ImportEntry]

    /// - Parameters:
    ///   - path: the data file.
    ///   - projectID: goes before the one in the data.
    ///   - hasNarration: the user names the narration, so that the one in the data does not matter.
    /// - Throws: `ImportError` with every problem.
    public init(path: String, projectID: String, hasNarration: Bool = false) throws {
        if let objection = Project.objection(toID: projectID) {
            throw ImportError("\(projectID.debugDescription) is no project id: \(objection)")
        }
        do {
            folder = try FolderStore(root: PathParts(path).folder)
            var document = try JSON(
                // One more than is taken, so that the parser is the one to say what is allowed.
                parsing: SmallFile.read(path, upTo: ManifestLimits.bytes + 1), maximumBytes: ManifestLimits.bytes)
            if case .object(var object) = document {
                object["project_id"] = .string(projectID)
                if hasNarration { object["audio_file"] = nil }
                document = .object(object)
            }
            let (project, diagnostics) = Project.read(document.serializedBytes(), fallbackID: projectID)
            guard let project, case .object(let object) = document else {
                throw ImportError(diagnostics.filter { $0.severity == .error }.map { ImportData.sentence($0, path) })
            }
            (self.project, self.document) = (project, object)
            warnings = diagnostics.filter { $0.severity == .warning }
            entries = ImportEntry.all(of: project, in: object)
        } catch let error as JSONError {
            throw ImportError("\(path): \(error)")
        } catch let error as FileError {
            throw ImportError("\(error)")
        } catch let error as StoreError {
            throw ImportError("\(error)")
        }
    }

    private static func sentence(_ problem: Diagnostic, _ path: String) -> String {
        let hint = problem.path.hasPrefix("$.audio_file") ? "; or name the narration with --audio" : ""
        return "\(path): \(problem.path): \(problem.message)\(hint)"
    }
}

/// One picture of one segment, as the data have it.
struct ImportEntry: Sendable {
    /// Where in the document: the segment, and the place among its pictures that are not null.
    struct Place: Hashable, Sendable {
        let segment: Int
        let picture: Int
    }

    let place: Place
    let jsonPath: String
    let reference: MediaReference
    let segment: Segment
    let query: String?
    let provider: String?

    static func all(of project: Project, in document: JSON.Object) -> [ImportEntry] {
        guard case .array(let segments)? = document["segments"] else { return [] }
        var entries: [ImportEntry] = []
        // A project that could be read has all its segments, in the document's order.
        for (number, (segment, value)) in zip(project.segments, segments).enumerated() {
            let pictures = pictures(of: value)
            for (place, (use, picture)) in zip(segment.shots, pictures).enumerated() {
                entries.append(
                    ImportEntry(
                        place: Place(segment: number, picture: place), jsonPath: use.jsonPath,
                        reference: project.pictures[use.pictureIndex], segment: segment,
                        query: text(picture["query"]) ?? firstQuery(of: value), provider: text(picture["provider"])))
            }
        }
        return entries
    }

    /// What a segment shows: an array, or one picture that was not put into one.
    static func pictures(of segment: JSON) -> [JSON] {
        switch segment["generated_images"] {
        case .array(let elements)?: elements.filter { $0 != .null }
        case let single? where single != .null: [single]
        default: []
        }
    }

    private static func firstQuery(of segment: JSON) -> String? {
        if case .array(let queries)? = segment["image_queries"], let first = queries.first { text(first) } else { nil }
    }

    private static func text(_ value: JSON?) -> String? {
        if case .string(let text)? = value, !text.isEmpty { text } else { nil }
    }
}
