import Foundation
import TestSupport
import Testing

@Suite struct BucketCommandTests {
    struct Lifecycle: Decodable {
        struct Rule: Decodable {
            struct Expiration: Decodable { let Days: Int? }
            struct Abort: Decodable { let DaysAfterInitiation: Int }
            struct Filter: Decodable { let Prefix: String? }
            let ID: String
            let Status: String
            let Filter: Filter?
            let Expiration: Expiration?
            let AbortIncompleteMultipartUpload: Abort?
        }
        let Rules: [Rule]
    }

    @Test func `A new bucket is private, encrypted and tidied up`() async throws {
        let bucket = try await BucketFixture(.moto, "--versioning", "--cors", "https://example.org", "--region", "eu-central-1")
        let rules = try bucket.ask(Lifecycle.self, "s3.get_bucket_lifecycle_configuration(Bucket=bucket)").Rules
        #expect(Set(rules.compactMap(\.Filter?.Prefix)) == ["projects/", "segments/", ""])
        #expect(rules.count { $0.Expiration?.Days == 14 } == 2 && rules.allSatisfy { $0.Status == "Enabled" })
        #expect(rules.contains { $0.AbortIncompleteMultipartUpload?.DaysAfterInitiation == 7 })
        let facts = try bucket.ask([String].self, """
            [s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
                ["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
             str(all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())),
             s3.get_bucket_versioning(Bucket=bucket)["Status"], s3.get_bucket_location(Bucket=bucket)["LocationConstraint"],
             s3.get_bucket_cors(Bucket=bucket)["CORSRules"][0]["AllowedOrigins"][0]]
            """)
        #expect(facts == ["AES256", "True", "Enabled", "eu-central-1", "https://example.org"])
    }

    @Test(arguments: Server.allCases)
    func `What others have set stays`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        _ = try bucket.ask([String: AnyValue].self, """
            [s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [
                {"ID": "theirs", "Filter": {"Prefix": "logs & <more>/"}, "Status": "Enabled", "Expiration": {"Days": 3}},
                {"ID": "burns-projects", "Filter": {"Prefix": "projects/"}, "Status": "Disabled", "Expiration": {"Days": 90}}]}),
             s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [
                {"AllowedOrigins": ["https://theirs.example"], "AllowedMethods": ["GET"]}]})][0]
            """)
        let done = try bucket.burns("bucket", "create", bucket.name, "--lifecycle-days", "30", "--cors", "*")
        #expect(done.status == 0, "\(done.error)")
        for line in [
            "bucket: left alone", "lifecycle: corrected: projects/ goes after 30 days", "lifecycle: created: segments/",
            "lifecycle: left alone: 1 rule of others",
        ] { #expect(done.error.contains(line), "\(done.error)") }
        let rules = try bucket.ask(Lifecycle.self, "s3.get_bucket_lifecycle_configuration(Bucket=bucket)").Rules
        let theirs = try #require(rules.first { $0.ID == "theirs" })
        #expect(theirs.Filter?.Prefix == "logs & <more>/" && theirs.Expiration?.Days == 3)
        #expect(rules.first { $0.ID == "burns-projects" }?.Expiration?.Days == 30 && rules.count == 4)
        let origins = try bucket.ask(
            [String].self, "[r['AllowedOrigins'][0] for r in s3.get_bucket_cors(Bucket=bucket)['CORSRules']]")
        #expect(Set(origins) == ["https://theirs.example", "*"])

        let again = try bucket.burns("bucket", "create", bucket.name, "--lifecycle-days", "30", "--cors", "*")
        #expect(again.status == 0 && !again.error.contains("created") && !again.error.contains("corrected"), "\(again.error)")
    }

    @Test(arguments: Server.allCases)
    func `One sentence for what cannot be, and no secrets`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        var cases: [([String], [String: String], String)] = [
            (["render", "gone"], [:], "there is no project gone"), (["pull", "gone"], [:], "there is no project gone"),
            (["ls", "gone"], [:], "there is no project gone"), (["share", "gone.mp4"], [:], "there is no such object"),
            (["render", bucket.url], [:], "is not a project"), (["ls"], ["BURNS_STORE": "s3://\(bucket.name)-gone"], "no such"),
            (["ls"], ["BURNS_STORE": ""], "no store is named"),
            (["ls", "--endpoint-url", "http://127.0.0.1:1"], ["AWS_MAX_ATTEMPTS": "1"], "connect"),
            (["push", bucket.sandbox.output], [:], "there is no manifest.json"),
            (["ls", "--profile", "gone"], [:], "there is no profile"),
            (["ls"], ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""], "there are no AWS credentials"),
        ]
        if server == .ceph { cases.append((["ls"], ["AWS_SECRET_ACCESS_KEY": "not-it-at-all"], "credentials are refused")) }
        for (arguments, environment, words) in cases {
            let done = try bucket.burns(arguments, environment)
            #expect(done.status == 1 && done.isOneSentence && done.error.contains(words), "\(arguments): \(done.error)")
            for secret in [bucket.place.secret_key, "not-it-at-all", "Signature="] { #expect(!done.error.contains(secret)) }
        }
        #expect(bucket.sandbox.leftovers.isEmpty)
        #expect(try Files.list(bucket.sandbox.output).isEmpty)
    }

    @Test(arguments: Server.allCases)
    func `Doctor says who, where and whether`(server: Server) async throws {
        let bucket = try await BucketFixture(server)
        let others = server == .moto ? ["AWS_ENDPOINT_URL": bucket.place.endpoint, "AWS_REGION": "us-east-1"] : [:]
        let done = try bucket.burns(["doctor"], others)
        #expect(done.status == 0, "\(done.out)")
        #expect(done.out.contains("ok   credentials: \(bucket.place.access_key) from "))
        #expect(done.out.contains(server == .moto ? "ok   identity: arn:aws:" : "--   identity: not asked for"))
        #expect(done.out.contains("ok   store: \(bucket.url) can be listed") && done.out.contains("ok   store, writing: "))
        #expect(!(done.out + done.error).contains(bucket.place.secret_key))
        #expect(try bucket.keys.isEmpty)
        let uploads = "[str(u) for u in s3.list_multipart_uploads(Bucket=bucket).get('Uploads', [])]"
        #expect(try bucket.ask([String].self, uploads).isEmpty)

        let gone = try bucket.burns(["doctor", "--store", "s3://\(bucket.name)-gone"])
        #expect(gone.status == 1 && gone.out.contains("FAIL store: "))
        #expect(gone.out.contains("burns bucket create \(bucket.name)-gone"))
        let nobody = try bucket.burns(["doctor"], ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""])
        #expect(nobody.status == 1 && nobody.out.contains("FAIL credentials: there are no AWS credentials"))
    }
}
