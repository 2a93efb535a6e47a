import Foundation
import Testing

@Suite struct ValidateAndDoctorTests {
    private struct Validation: Decodable {
        struct Problem: Decodable { let path, message: String }
        struct Shot: Decodable { let segment: Int; let picture: String; let firstFrame, endFrame: Int; let motion: String }
        let renderable: Bool
        let frames: Int?
        let errors, warnings: [Problem]
        let shots: [Shot]?
    }

    private func validation(_ done: Finished) throws -> Validation {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Validation.self, from: Data(done.out.utf8))
    }

    @Test func theExampleIsFine() throws {
        let sandbox = try Sandbox()
        let done = try sandbox.burns("validate", ProjectFixture.earthrise, "--json")
        #expect(done.status == 0 && done.error.isEmpty)
        let found = try validation(done)
        #expect(found.renderable && found.errors.isEmpty && found.warnings.isEmpty && found.frames == 949)
        let shots = try #require(found.shots)
        #expect(shots.count == 6 && shots.first?.firstFrame == 0 && shots.last?.endFrame == 949)
        for (before, after) in zip(shots, shots.dropFirst()) {
            #expect(before.endFrame == after.firstFrame && before.motion != after.motion)
        }
        let words = try sandbox.burns("validate", ProjectFixture.earthrise)
        #expect(words.status == 0 && words.out.isEmpty && words.error.contains("earthrise can be rendered: 6 shots, 949 frames"))
    }

    @Test func everyProblemWithItsPlace() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox, count: 5) { manifest, folder in
            var segments = manifest["segments"] as? [[String: Any]] ?? []
            segments[2]["start_time"] = 3.5  // overlaps: cut, and a warning
            manifest["segments"] = segments
            manifest["audio_file"] = "projects/p/gone.mp3"
            try FileManager.default.removeItem(atPath: folder + "/images/1.jpg")
        }
        try ProjectFixture.replace("3.jpg", in: project, with: "text.jpg")
        let done = try sandbox.burns("validate", project, "--json")
        #expect(done.status == 1 && done.error.isEmpty)
        let found = try validation(done)
        #expect(!found.renderable && found.shots == nil && found.frames == nil)
        #expect(
            Set(found.errors.map(\.path)) == ["$.segments[1].generated_images[0]", "$.segments[3].generated_images[0]", "$.audio_file"])
        #expect(found.errors.contains { $0.message.contains("projects/p/images/1.jpg") })
        let words = try sandbox.burns("validate", project)
        #expect(words.status == 1 && words.error.split(separator: "\n").count { $0.hasPrefix("error: $") } == 3)
    }

    @Test func warningsDoNotFail() throws {
        let sandbox = try Sandbox()
        let project = try ProjectFixture.make(in: sandbox) { manifest, _ in
            var segments = manifest["segments"] as? [[String: Any]] ?? []
            segments[1]["start_time"] = 1.0
            manifest["segments"] = segments
        }
        let done = try sandbox.burns("validate", project, "--json")
        #expect(done.status == 0)
        let found = try validation(done)
        #expect(found.renderable && found.errors.isEmpty && !found.warnings.isEmpty)
        #expect(found.warnings.allSatisfy { $0.path.hasPrefix("$.segments[") })
        let render = try sandbox.render(project)
        #expect(render.status == 0 && render.error.hasPrefix("warning: $.segments["))
    }

    @Test func doctor() throws {
        let sandbox = try Sandbox()
        let done = try sandbox.burns("doctor", "--json")
        #expect(done.status == 0 && done.error.isEmpty)
        struct Finding: Decodable { let topic, state, text: String }
        let findings = try JSONDecoder().decode([Finding].self, from: Data(done.out.utf8))
        let topics = ["CPU kernels", "Vulkan", "encoder libx264", "memory", "cache", "store", "credentials"]
        #expect(Set(topics).isSubset(of: findings.map(\.topic)))
        #expect(findings.allSatisfy { ["works", "absent", "broken"].contains($0.state) && !$0.text.isEmpty })
        #expect(try sandbox.burns("doctor").out.split(separator: "\n").count == findings.count)
        #expect(try Files.list(sandbox.cache).isEmpty)

        for level in ["scalar", "avx2", "avx512"] {
            let text = try sandbox.burns("doctor", environment: ["BURNS_CPU": level]).out
            #expect(text.contains("\(level) is used, as BURNS_CPU asks, of scalar"), "\(text)")
        }

        for environment in [["BURNS_CPU": "mmx"], ["BURNS_CACHE": "/dev/null/x"], ["BURNS_STORE": "/nonexistent"], ["BURNS_STORE": "s3://b"]] {
            let broken = try sandbox.burns("doctor", environment: environment)
            #expect(broken.status == 1 && broken.out.contains("FAIL"), "\(environment)")
        }
    }

    @Test func versionAndHelp() throws {
        let sandbox = try Sandbox()
        let version = try sandbox.burns("--version")
        #expect(version.status == 0 && version.out.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
        let commands = [
            [], ["render"], ["frames"], ["validate"], ["doctor"], ["ls"], ["pull"], ["push"], ["share"], ["clean"],
            ["bucket", "create"], ["bench"],
        ]
        for command in commands {
            let help = try sandbox.start([Burns.path] + command + ["--help"]).wait()
            #expect(help.status == 0 && help.error.isEmpty && help.out.contains("USAGE: burns"))
            #expect(command.isEmpty || help.out.contains("Example: burns \(command[0])"))
        }
    }

    @Test(arguments: [
        ["nosuch"], ["render"], ["render", "x", "--nosuch"], ["render", "x", "--size", "15x15"], ["render", "x", "--size", "1920"],
        ["render", "x", "--size", "160x91"], ["render", "x", "--fps", "0"], ["render", "x", "--fps", "30000/0"], ["render", "x", "--fps", "nan"],
        ["render", "x", "--jobs", "0"], ["render", "x", "--jobs", "99999"], ["render", "x", "--crf"], ["render", "x", "--crf", "good"],
        ["render", "x", "--chunk", "0/3"], ["render", "x", "--chunk", "4/3"], ["render", "x", "--chunk", "1/0"], ["render", "x", "--chunk", "a"],
        ["render", "x", "--chunk", "1/2", "--no-cache"], ["render", "x", "--chunk", "1/2", "-o", "y"], ["render", "x", "--captions", "loud"],
        ["render", "x", "--on-missing", "ignore"], ["render", "x", "--backend", "abacus"], ["render", "x", "--backend", "cpu", "--device", "0"],
        ["frames", "x", "--hash", "--device", ""],
        ["render", "x", "--cache-limit", "nan"], ["render", "x", "--cache-limit", "0"], ["render", "x", "--max-megapixels", "0"],
        ["validate"], ["frames"], ["doctor", "x"], ["ls", "--max-rate", "fast"], ["share", "k", "--expires", "8d"], ["clean"],
        ["bench", "a", "b"], ["bench", "--size", "15x15"], ["bench", "--jobs", "0"], ["bench", "--json", ""],
        ["bench", "--html", "-"], ["bench", "--backend", "cpu", "--device", "0"], ["clean", "--older-than", "0d"], ["bucket", "create", "b", "--lifecycle-days", "0"], ["bucket", "create", "b", "--cors", "x"],
    ])
    func wrongUsage(arguments: [String]) throws {
        let sandbox = try Sandbox()
        let done = try sandbox.start([Burns.path] + arguments).wait()
        #expect(done.status == 64, "\(done.status) \(done.error)")
        #expect(done.out.isEmpty && done.error.hasPrefix("Error: "))
    }

    @Test(arguments: [
        ["--encoder", "nosuch"], ["--encoder", "aac"], ["--encoder", "mpeg4", "--preset", "fast"], ["--preset", "warp"], ["--crf", "99"],
        ["--crf", "nan"], ["--crf=-1"], ["--backend", "vulkan"], ["--store", "/nonexistent"], ["--store", "s3://B"], ["--store", "gs://bucket"], ["--store", ""],
    ])
    func settingsThatCannotBe(arguments: [String]) throws {
        let sandbox = try Sandbox()
        let done = try sandbox.start(
            [Burns.path, "render", ProjectFixture.earthrise, "-o", sandbox.film, "--size", "160x90", "--fps", "4"] + arguments
        ).wait(secondsAllowed: 20)
        #expect(done.status == 1 && done.isOneSentence, "\(done.status) \(done.error)")
        #expect(done.cpuSeconds < 2)
        #expect(try Files.list(sandbox.output).isEmpty)
        #expect(sandbox.leftovers.isEmpty)
    }
}
