import Testing
import Timeline

/// Keys that are nearly right are warned of; other tools' keys are left alone.
@Suite struct KeyTests {
    /// A row: where in the manifest, the key written there, and the path of the warning (`nil`: none).
    @Test(arguments: [
        ("manifest", "stlye", "$.stlye"), ("manifest", "outpt", "$.outpt"), ("manifest", "analysis_metrics", nil),
        ("manifest", "transition", "$.transition"), ("manifest", "word_count", nil),
        ("segment", "txt", "$.segments[0].txt"), ("segment", "strat_time", "$.segments[0].strat_time"),
        ("segment", "transition", "$.segments[0].transition"), ("segment", "motion", "$.segments[0].motion"),
        ("segment", "image_queries", nil), ("segment", "confidence", nil),
        ("picture", "motoin", "$.segments[0].generated_images[0].motoin"),
        ("picture", "fitt", "$.segments[0].generated_images[0].fitt"),
        ("picture", "easing", "$.segments[0].generated_images[0].easing"), ("picture", "width", nil), ("picture", "query", nil),
    ] as [(String, String, String?)])
    func warns(place: String, key: String, path: String?) throws {
        func extra(_ here: String) -> String { here == place ? "\"\(key)\": \"x\"," : "" }
        let manifest = """
            { \(extra("manifest")) "project_id": "p", "segments": [ { \(extra("segment")) "start": 0, "end_time": 2,
              "generated_images": [ { \(extra("picture")) "s3_key": "a.jpg" } ] } ] }
            """
        let (project, diagnostics) = Project.read(Array(manifest.utf8), fallbackID: nil)
        #expect(project != nil, "\(diagnostics)")
        #expect(diagnostics.map(\.path) == (path.map { [$0] } ?? []))
        #expect(diagnostics.allSatisfy { $0.severity == .warning })
    }
}
