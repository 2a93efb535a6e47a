import JSON
import MachineBenchmark
import Testing

@Suite struct BuiltInProjectTests {
    /// Chunks that are the same are rendered once, and cores then have nothing to do.
    @Test(arguments: [1, 2, 32, 64, 200, 1024])
    func everyCoreHasWork(jobs: Int) {
        let shots = BuiltInProject.shotCount(jobs: jobs, cores: jobs)
        #expect(shots >= 2 * jobs)
        var kinds: Set<String> = []
        guard case .array(let segments)? = BuiltInProject.manifest(shots: shots)["segments"] else {
            Issue.record("there are no segments")
            return
        }
        for segment in segments { kinds.insert(segment["generated_images"]?.serialized() ?? "") }
        #expect(segments.count == shots && kinds.count == shots)
    }

    @Test(arguments: [(8, 2, 8), (1024, 2, 64), (1, 96, 4), (16, 192, 32)])
    func jobsThatAreNotCores(jobs: Int, cores: Int, shots: Int) {
        #expect(BuiltInProject.shotCount(jobs: jobs, cores: cores) == shots)
    }
}
