import JSON

extension Project {
    /// Reads a manifest, with every quirk that upstream tools are known for.
    ///
    /// - Parameter fallbackID: the project's id where the manifest names none: the folder's name.
    /// - Returns: the project, `nil` exactly if there is a diagnostic of severity error.
    /// - Cost: linear in the document; a report of at most 101 errors and 101 warnings.
    public static func read(_ bytes: [UInt8], fallbackID: String?) -> (project: Project?, diagnostics: [Diagnostic]) {
        var reader = ManifestReader()
        let document: JSON
        do throws(JSONError) {
            document = try JSON(parsing: bytes, maximumBytes: ManifestLimits.bytes)
        } catch {
            reader.report.error("$", error.description)
            return (nil, reader.report.diagnostics)
        }
        let project = reader.project(from: document, fallbackID: fallbackID)
        return (reader.report.errorCount == 0 ? project : nil, reader.report.diagnostics)
    }

    /// Why an id cannot be a project's, as the end of a sentence; `nil` if it can. Ids are parts of keys and of files' names.
    public static func objection(toID id: String) -> String? { ManifestReader.objection(toID: id) }
}
