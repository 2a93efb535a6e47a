import Foundation
import TestSupport
import Testing

/// What one of Burns and the AWS CLI writes, the other reads.
@Suite(.serialized) struct InterchangeTests {
    private static let names = [
        "with space.txt", "a+b=c%2F%.txt", "it's (1)!*@,;&:$.txt", "ü é.txt", "🎬 film.txt", "[x]{y}#?~^`.txt", "empty.txt",
        "-dash.txt",
    ]

    /// A project with odd names, and a file that goes in parts.
    private func project(in sandbox: Sandbox, seed: UInt64) throws -> String {
        let folder = try ProjectFixture.make(in: sandbox)
        for name in Self.names { try Files.write(name.hasPrefix("empty") ? "" : "\(name) \(seed)", folder + "/images/" + name) }
        try Files.makeFolder(folder + "/audio")
        try Files.write(Data(bytes(20_000_001, seed: seed)), folder + "/audio/large.bin")
        return folder
    }

    private func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        while bytes.count < count { withUnsafeBytes(of: random.next()) { bytes += $0 } }
        return Array(bytes.prefix(count))
    }

    private func aws(_ bucket: BucketFixture, _ arguments: String...) throws -> Finished {
        let (place, configuration) = (bucket.place, bucket.sandbox.root + "/aws-config")
        // moto 5 fails to put parts together that this version of the AWS CLI has sent.
        let settings = place.domain == nil ? "s3 =\n  multipart_threshold = 64MB\n" : ""
        try Files.write("[default]\n" + settings, configuration)
        let environment = place.environment([
            "AWS_CONFIG_FILE": configuration, "AWS_REGION": "us-east-1", "AWS_PAGER": "",
        ])
        return try bucket.sandbox.start(
            ["/usr/bin/aws", "--endpoint-url", place.endpoint, "--output", "json"] + arguments, environment: environment
        ).wait(secondsAllowed: 90)
    }

    private struct Head: Decodable {
        let ContentType: String
        let Metadata: [String: String]
        let ContentLength: Int
        let ChecksumCRC32C: String?
    }

    private func head(_ bucket: BucketFixture, _ key: String) throws -> Head {
        let done = try aws(
            bucket, "s3api", "head-object", "--bucket", bucket.name, "--key", key, "--checksum-mode", "ENABLED")
        try #require(done.status == 0, "\(done.error)")
        return try JSONDecoder().decode(Head.self, from: Data(done.out.utf8))
    }

    @Test(arguments: Server.allCases)
    func `The AWS CLI reads what Burns has written`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        let folder = try project(in: bucket.sandbox, seed: 1)
        // Ceph 16 knows no checksums.
        let checksums = server == .moto ? ["AWS_REQUEST_CHECKSUM_CALCULATION": "when_supported"] : [:]
        let pushed = try bucket.burns(["push", folder], checksums)
        #expect(pushed.status == 0, "\(pushed.error)")

        let there = "\(bucket.url)/projects/p"
        var done = try aws(bucket, "s3", "sync", "--only-show-errors", there, bucket.sandbox.output + "/synced")
        #expect(done.status == 0, "\(done.error)")
        #expect(try tool("diff", "-r", folder, bucket.sandbox.output + "/synced").isEmpty)
        done = try aws(bucket, "s3", "sync", "--size-only", "--dryrun", "--delete", folder, there)
        #expect(done.status == 0 && done.out.isEmpty, "\(done.out)\(done.error)")

        let large = try head(bucket, "projects/p/audio/large.bin")
        #expect(large.ContentLength == 20_000_001 && large.ContentType == "application/octet-stream")
        if server == .moto { #expect(large.ChecksumCRC32C?.isEmpty == false) }
        #expect(try head(bucket, "projects/p/images/0.jpg").ContentType == "image/jpeg")

        // A film, with what is said of it.
        let film = try bucket.render("p").report()
        let facts = try head(bucket, "videos/p_final_video.mp4")
        #expect(facts.ContentType == "video/mp4" && facts.Metadata["sha256"] == film.output?.sha256)
        done = try aws(bucket, "s3", "cp", "--only-show-errors", "\(bucket.url)/videos/p_final_video.mp4", "film.mp4")
        #expect(done.status == 0, "\(done.error)")
        #expect(try tool("sha256sum", bucket.sandbox.output + "/film.mp4").hasPrefix(film.output?.sha256 ?? "-"))
    }

    @Test(arguments: Server.allCases)
    func `Burns reads what the AWS CLI has written`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        let folder = try project(in: bucket.sandbox, seed: 2)
        let there = "\(bucket.url)/projects/p"
        var done = try aws(
            bucket, "s3", "sync", "--only-show-errors", "--metadata", "title=a title,provider=aws", folder, there)
        #expect(done.status == 0, "\(done.error)")
        if server == .moto {
            // With a checksum that Burns compares.
            done = try aws(
                bucket, "s3api", "put-object", "--bucket", bucket.name, "--key", "projects/p/images/0.jpg", "--body",
                folder + "/images/0.jpg", "--checksum-algorithm", "CRC32C")
            #expect(done.status == 0 && done.out.contains("ChecksumCRC32C"), "\(done.error)")
        }
        let pulled = try bucket.burns("pull", "p", bucket.sandbox.output + "/pulled")
        #expect(pulled.status == 0, "\(pulled.error)")
        #expect(try tool("diff", "-r", folder, bucket.sandbox.output + "/pulled").isEmpty)
        // Also that the content is the same is seen, in parts and in one piece.
        let pushed = try bucket.burns("push", folder)
        #expect(pushed.error.contains("0 files of 0 bytes, \(Self.names.count + 5) unchanged"), "\(pushed.error)")
        #expect(try bucket.burns("validate", "p").status == 0)
        #expect(bucket.sandbox.leftovers.isEmpty)
    }
}
