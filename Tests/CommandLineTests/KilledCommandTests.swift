import Foundation
import Glibc
import TestSupport
import Testing

/// Commands that are killed at random moments and then run once more: both sides end as if nothing had been, and nothing is left.
@Suite(.serialized, .timeLimit(.minutes(3))) struct KilledCommandTests {
    private static let kills = 6

    /// Kills a command some times, at moments drawn by lot within the time that it takes.
    ///
    /// - Parameters:
    ///   - seconds: that it takes. Learned anew where it is done before.
    ///   - before: prepares a round; told whether the one before was killed.
    /// - Returns: how often it was killed before it was done.
    private func killing(
        _ arguments: [String], of bucket: BucketFixture, seed: UInt64, seconds: Double,
        before: (_ round: Int, _ wasKilled: Bool) throws -> Void = { _, _ in }
    ) throws -> Int {
        var random = SeededGenerator(seed: seed)
        var (count, seconds, wasKilled) = (0, seconds, false)
        for round in 0..<Self.kills {
            try before(round, wasKilled)
            let running = try bucket.sandbox.start(
                [Burns.path] + arguments, environment: bucket.place.environment(["BURNS_STORE": bucket.url]))
            usleep(UInt32(Double.random(in: 0.05...0.9, using: &random) * seconds * 1e6))
            running.send(SIGKILL)
            let done = try running.wait()
            wasKilled = done.status == 128 + SIGKILL
            if wasKilled { count += 1 } else { seconds = min(seconds, done.wallSeconds) }
        }
        return count
    }

    private func expectNothingLeft(_ bucket: BucketFixture) throws {
        #expect(bucket.sandbox.leftovers.isEmpty, "\(bucket.sandbox.leftovers)")
        let kept = try Files.list(bucket.sandbox.cache)
        #expect(kept.allSatisfy { [".mp4", ".m4a", ".object"].contains(where: $0.hasSuffix) }, "\(kept)")
        let uploads = "[str(u) for u in s3.list_multipart_uploads(Bucket=bucket).get('Uploads', [])]"
        #expect(try bucket.ask([String].self, uploads) == [])
    }

    /// A project with a file that goes in parts.
    private func project(in sandbox: Sandbox) throws -> String {
        let folder = try ProjectFixture.make(in: sandbox)
        try Files.makeFolder(folder + "/audio")
        try Files.makeFolder(folder + "/images/many")
        for number in 0..<200 { try Files.write("text \(number)", folder + "/images/many/\(number).txt") }
        try change(folder, 0)
        return folder
    }

    private func change(_ folder: String, _ number: Int) throws {
        var random = SeededGenerator(seed: UInt64(number))
        let block = (0..<1 << 17).map { _ in UInt8.random(in: 0...255, using: &random) }
        let bytes = (0..<(300 + number)).flatMap { [UInt8(truncatingIfNeeded: $0)] + block }
        try Files.write(Data(bytes), folder + "/audio/large.bin")
        try Files.write("text \(number)", folder + "/images/\(number % 3).txt")
    }

    @Test func `A push`() async throws {
        let bucket = try await BucketFixture(.ceph)
        let folder = try project(in: bucket.sandbox)
        let whole = try bucket.burns("push", folder)
        #expect(whole.status == 0, "\(whole.error)")
        let count = try killing(["push", folder], of: bucket, seed: 11, seconds: whole.wallSeconds) { round, wasKilled in
            // Some go on with what was killed, some have other files to send.
            if round % 2 == 0 || !wasKilled { try change(folder, round + 1) }
        }
        #expect(count >= 2)
        let last = try bucket.burns("push", folder)
        #expect(last.status == 0, "\(last.error)")
        try expectNothingLeft(bucket)
        #expect(try bucket.burns("pull", "p", "down").status == 0)
        #expect(try tool("diff", "-r", folder, bucket.sandbox.output + "/down").isEmpty)
    }

    @Test func `A pull`() async throws {
        let (bucket, other) = (try await BucketFixture(.ceph), try Sandbox())
        let folder = try project(in: other)
        #expect(try bucket.burns("push", folder, on: other).status == 0)
        let whole = try bucket.burns("pull", "p", "down")
        #expect(whole.status == 0, "\(whole.error)")
        let count = try killing(["pull", "p", "down"], of: bucket, seed: 12, seconds: whole.wallSeconds) { round, wasKilled in
            guard round % 2 == 0 || !wasKilled else { return }
            try change(folder, round + 1)
            #expect(try bucket.burns("push", folder, on: other).status == 0)
        }
        #expect(count >= 2)
        let last = try bucket.burns("pull", "p", "down")
        #expect(last.status == 0, "\(last.error)")
        try expectNothingLeft(bucket)
        #expect(try tool("diff", "-r", folder, bucket.sandbox.output + "/down").isEmpty)
        #expect(try Files.list(bucket.sandbox.output + "/down").allSatisfy { !$0.hasPrefix(".") })
    }

    @Test func `A render whose film is pushed`() async throws {
        let (bucket, other) = (try await BucketFixture(.ceph), try Sandbox())
        // 30 MB of film, which goes in parts.
        let settings = ["--size", "640x360", "--fps", "8", "--preset", "ultrafast", "--crf", "0", "--shared-cache"]
        let folder = try ProjectFixture.make(in: other, count: 6) { _, folder in
            for index in 0..<6 { try ProjectFixture.replace("\(index).jpg", in: folder, with: "large.jpg") }
        }
        #expect(try bucket.burns("push", folder, on: other).status == 0)
        let whole = try bucket.burns(["render", "p", "--json"] + settings, on: other)
        let reference = try #require(try whole.report().output)
        #expect(reference.bytes > 9_000_000)
        _ = try bucket.ask(AnyValue.self, """
            [s3.delete_object(Bucket=bucket, Key=o['Key']) for o in s3.list_objects_v2(Bucket=bucket)['Contents']
                if not o['Key'].startswith('projects/')]
            """)
        let count = try killing(["render", "p"] + settings, of: bucket, seed: 13, seconds: whole.wallSeconds)
        #expect(count >= 3)
        let last = try bucket.burns(["render", "p", "--json"] + settings)
        #expect(last.status == 0, "\(last.error)")
        #expect(try last.report().output?.sha256 == reference.sha256)
        try expectNothingLeft(bucket)
        let keys = try bucket.keys
        #expect(keys.filter { $0.hasPrefix("videos/") } == ["videos/p_final_video.mp4"])
        let chunks = try last.report().chunks.total
        // All of them, by whichever run, and none of the claims of the killed.
        let shared = keys.filter { $0.hasPrefix("segments/p/") }
        #expect(shared.count == chunks && shared.allSatisfy { $0.hasSuffix(".mp4") }, "\(shared)")
        #expect(try bucket.burns("pull", "p", "down").status == 0)
        #expect(try tool("diff", "-r", folder, bucket.sandbox.output + "/down").isEmpty)
    }

    @Test func `An import`() async throws {
        let bucket = try await BucketFixture(.ceph)
        let server = try ScriptedServer.serving { request in
            let picture = bitmap(width: 640, height: 360) { x, y in
                (UInt8(x & 255), UInt8(y & 255), request.target.utf8.last ?? 0)
            }
            return [.wait(.milliseconds(20)), .announce(picture.count), .send(picture)]
        }
        let count = 6
        let segments = (0..<count).map { number -> [String: Any] in
            let picture = ["url": "http://127.0.0.1:\(server.port)/\(number)", "query": "picture \(number)"]
            return ["id": number, "start_time": number, "end_time": number + 1, "generated_images": [picture]]
        }
        let (data, sound) = (bucket.sandbox.root + "/data.json", bucket.sandbox.root + "/talk.wav")
        try Files.write(try JSONSerialization.data(withJSONObject: ["segments": segments]), data)
        // 25 MB, which goes in parts.
        _ = try tool("ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=d=140", "-ar", "44100", "-ac", "2", sound)
        func arguments(_ id: String) -> [String] { ["import", data, "--project", id, "--audio", sound, "--allow-private-hosts"] }

        let whole = try bucket.burns(arguments("whole"))
        #expect(whole.status == 0, "\(whole.error)")
        let killed = try killing(arguments("p"), of: bucket, seed: 14, seconds: whole.wallSeconds)
        #expect(killed >= 3)
        let last = try bucket.burns(arguments("p"))
        #expect(last.status == 0, "\(last.error)")
        try expectNothingLeft(bucket)
        let keys = try bucket.keys.filter { $0.hasPrefix("projects/p/") }
        #expect(keys.count == count + 2 && keys.contains("projects/p/manifest.json"), "\(keys)")
        #expect(try bucket.burns("validate", "p").status == 0)
    }
}
