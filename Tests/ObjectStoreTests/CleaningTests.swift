import AWS
import Foundation
import Library
import ObjectStore
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct CleaningTests {
    private static let day = 86_400
    private static let manifest = Array(
        #"{"segments": [{"start": 0, "end": 1, "generated_images": [{"path": "images/a.jpg"}]}]}"#.utf8)

    private func bucket(_ fault: @escaping FakeS3.Fault) throws -> FakeS3 {
        let fake = try FakeS3(fault)
        let (old, young) = (AWSDate.now.adding(seconds: -20 * Self.day), AWSDate.now.adding(seconds: -Self.day))
        fake.put(Self.manifest, "projects/old/manifest.json", at: old)
        fake.put(Self.manifest, "projects/young/manifest.json", at: young)
        fake.put([1], "videos/old_final_video.mp4", at: old)
        fake.put([1], "videos/young_final_video.mp4", at: old)
        return fake
    }

    /// A machine without a battery for its clock knows the year and no more.
    @Test(arguments: [0, 30, 365, -365])
    func `Age is by the server's clock`(days: Int) async throws {
        let fake = try bucket { _, _, answer in [.send(FakeS3.dated(answer()))] }
        let store = try await fake.store(clock: AWSClock { AWSDate.now.adding(seconds: days * Self.day) })
        let plan = try await Cleaning(store, olderThanSeconds: 14 * Self.day, includesFilms: false).plan()
        #expect(plan.projects.map(\.id) == ["old"])
    }

    @Test func `What has no date is not old`() async throws {
        let fake = try bucket { _, _, answer in
            [.send(String(decoding: answer(), as: UTF8.self).replacingOccurrences(of: "LastModified", with: "NeverModifie"))]
        }
        let store = try await fake.store()
        let error = try await refusal(.corrupted) {
            try await Cleaning(store, olderThanSeconds: 14 * Self.day, includesFilms: false).plan()
        }
        #expect(error.description.contains("when the object was written"))
    }

    /// `projects/` is what people call the folder of their work, and `manifest.json` is what programs for the web have.
    @Test func `Projects whose ids look alike are two`() async throws {
        let folder = try TemporaryFolder()
        for id in ["\u{E9}", "e\u{301}"] { try folder.write(#"{"segments": []}"#, "projects/\(id)/manifest.json") }
        try folder.write("x", "segments/e\u{301}/a.mp4")
        let projects = try await Catalog.projects(in: try FolderStore(root: folder.path))
        #expect(projects.map { Array($0.id.utf8) } == ["e\u{301}", "\u{E9}"].map { Array($0.utf8) })
        #expect(projects.map(\.objectCount) == [1, 1] && projects.map(\.chunkCount) == [1, 0])
        #expect(Set(projects).count == 2)
    }

    @Test func `What is no project is left alone`() async throws {
        let fake = try bucket { _, _, _ in nil }
        let old = AWSDate.now.adding(seconds: -20 * Self.day)
        for key in [
            "app/manifest.json", "app/main.js", "thesis/thesis.tex", "unfinished/images/a.jpg", "unfinished/audio/a.mp3",
        ] {
            fake.put(Array(#"{"name": "An app", "icons": []}"#.utf8), "projects/" + key, at: old)
        }
        let plan = try await Cleaning(try await fake.store(), olderThanSeconds: 14 * Self.day, includesFilms: false).plan()
        #expect(plan.projects.map(\.id) == ["old", "unfinished"] && plan.strangers.map(\.id) == ["app", "thesis"])
    }

    @Test func `What was written after the plan stays`() async throws {
        let fake = try bucket { _, _, _ in nil }
        let cleaning = Cleaning(try await fake.store(), olderThanSeconds: 14 * Self.day, includesFilms: true)
        let plan = try await cleaning.plan()
        #expect(plan.projects.map(\.id) == ["old"] && plan.films.count == 2)
        fake.put([2], "videos/young_final_video.mp4", at: .now)
        let outcome = try await cleaning.run(plan) { _ in }
        #expect(outcome.spared == ["videos/young_final_video.mp4"] && outcome.deletedCount == 2)
        let left = fake.state.withLock { $0.objects.keys.sorted() }
        #expect(left == ["projects/young/manifest.json", "videos/young_final_video.mp4"])
    }

    @Test func `Subtitles go with their films`() async throws {
        let fake = try bucket { _, _, _ in nil }
        let old = AWSDate.now.adding(seconds: -20 * Self.day)
        for ending in ["srt", "vtt", "txt"] { fake.put([1], "videos/old_final_video." + ending, at: old) }
        let cleaning = Cleaning(try await fake.store(), olderThanSeconds: 14 * Self.day, includesFilms: true)
        _ = try await cleaning.run(try await cleaning.plan()) { _ in }
        #expect(fake.state.withLock { $0.objects.keys.filter { $0.hasPrefix("videos/") } } == ["videos/old_final_video.txt"])
    }

    /// Otherwise what is left would be no project any more, and stay for ever.
    @Test func `A manifest stays with what could not be deleted`() async throws {
        let fake = try bucket { request, _, _ in
            guard FakeS3.name(request) == "POST delete", request.bodyText.contains("images/a.jpg") else { return nil }
            let error = "<Error><Key>projects/old/images/a.jpg</Key><Code>AccessDenied</Code></Error>"
            return [.send(FakeS3.document("<DeleteResult>\(error)</DeleteResult>"))]
        }
        fake.put([1], "projects/old/images/a.jpg", at: AWSDate.now.adding(seconds: -20 * Self.day))
        let cleaning = Cleaning(try await fake.store(), olderThanSeconds: 14 * Self.day, includesFilms: false)
        let told = Mutex<[String]>([])
        let outcome = try await cleaning.run(try await cleaning.plan()) { project in told.withLock { $0.append(project.id) } }
        #expect(outcome.failures.map(\.key) == ["projects/old/images/a.jpg"] && told.withLock { $0 } == [])
        #expect(outcome.failures[0].error.description.contains("s3:DeleteObject"))
        #expect(fake.bytes("projects/old/manifest.json") != nil)
    }
}
