import AWS
import Library
import ObjectStore
import Synchronization
import TestSupport
import Testing

/// What a bucket that is there already loses by being set up: nothing that nobody has spoken of.
@Suite(.timeLimit(.minutes(1))) struct BucketSetupTests {
    /// A bucket with these lifecycle rules, and the documents that are written to it, by setting.
    private func bucket(rules: String = "") throws -> (fake: FakeS3, written: @Sendable () -> [String: String]) {
        let written = Mutex<[String: String]>([:])
        let fake = try FakeS3 { request, _, _ in
            let query = FakeS3.parameters(request)
            guard FakeS3.key(request).isEmpty, query["list-type"] == nil else { return nil }
            if request.method == "PUT" {
                written.withLock { $0[query.keys.first ?? ""] = request.bodyText }
                return [.send(FakeS3.response(200))]
            }
            let isThere = request.method == "HEAD" || query["lifecycle"] != nil && !rules.isEmpty
            let document = "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>"
            return [.send(!isThere ? FakeS3.response(404) : FakeS3.document(request.method == "HEAD" ? "" : document))]
        }
        return (fake, { written.withLock { $0 } })
    }

    /// S3 resets it where a document comes without the header.
    @Test func `The smallest size that goes to another class stays`() async throws {
        let name = "x-amz-transition-default-minimum-object-size"
        let rules = rule("projects", "projects", days: 90)
        let fake = try FakeS3 { request, _, _ in
            guard FakeS3.key(request).isEmpty, request.method != "PUT" else { return [.send(FakeS3.response(200))] }
            let document = "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>"
            guard FakeS3.parameters(request)["lifecycle"] != nil else { return nil }
            return [.send(FakeS3.document(document, 200, ["\(name): varies_by_storage_class"]))]
        }
        var setup = BucketSetup()
        setup.lifecycleDays = 7
        do { try await setup.run(try await fake.store()) { _ in } } catch is StoreError {}
        let written = try #require(fake.server.requests.first { $0.method == "PUT" && FakeS3.parameters($0)["lifecycle"] != nil })
        #expect(written[name] == "varies_by_storage_class")
        let others = fake.server.requests.filter { $0.method == "PUT" && FakeS3.parameters($0)["lifecycle"] == nil }
        #expect(others.allSatisfy { $0[name] == nil })
    }

    private func rule(_ id: String, _ folder: String, days: Int, status: String = "Enabled") -> String {
        "<Rule><ID>burns-\(id)</ID><Filter><Prefix>\(folder)/</Prefix></Filter><Status>\(status)</Status>"
            + "<Expiration><Days>\(days)</Days></Expiration></Rule>"
    }

    private func run(_ fake: FakeS3, days: Int?) async throws -> [String] {
        var setup = BucketSetup()
        setup.lifecycleDays = days
        let steps = Mutex<[String]>([])
        try await setup.run(try await fake.store()) { step in
            steps.withLock { $0.append("\(step.outcome.rawValue): \(step.text)") }
        }
        return steps.withLock { $0 }
    }

    @Test(arguments: ["us-east-1", "eu-central-1"])
    func `A new bucket is where it is wanted`(region: String) async throws {
        let fake = try FakeS3 { request, _, _ in [.send(FakeS3.response(request.method == "PUT" ? 200 : 404))] }
        let store = try await fake.store(variables: ["AWS_REGION": region])
        do { try await BucketSetup().run(store) { _ in } } catch is StoreError {}
        let made = try #require(fake.server.requests.first { $0.method == "PUT" && FakeS3.parameters($0).isEmpty })
        // The first region is the one that must not be named.
        #expect(made.bodyText.contains("<LocationConstraint>\(region)</LocationConstraint>") == (region != "us-east-1"))
        #expect(made.bodyText.isEmpty == (region == "us-east-1"))
    }

    @Test func `A bucket of somebody else's is left alone`() async throws {
        let fake = try FakeS3 { _, _, _ in [.send(FakeS3.response(403))] }
        try await refusal(.accessDenied) { try await BucketSetup().run(try await fake.store()) { _ in } }
        #expect(fake.server.requests.allSatisfy { $0.method == "HEAD" })
    }

    @Test func `Days that were chosen stay where none are said`() async throws {
        let rules = rule("projects", "projects", days: 90) + rule("segments", "segments", days: 2, status: "Disabled")
        let (fake, written) = try bucket(rules: rules)
        let steps = try await run(fake, days: nil)
        #expect(steps.contains("left alone: projects/ goes after 90 days"), "\(steps)")
        #expect(steps.contains("left alone: segments/ stays: its rule is switched off"), "\(steps)")
        // With the rule for unfinished uploads, which was not there.
        let document = try #require(written()["lifecycle"])
        #expect(document.contains("<Days>90</Days>") && document.contains("Disabled") && !document.contains("<Days>14</Days>"))

        #expect(try await run(fake, days: 30).contains("corrected: projects/ goes after 30 days"))
        #expect(written()["lifecycle"]?.contains("<Days>90</Days>") == false)
    }

    /// Some servers know no lifecycle, some no CORS; the bucket is private all the same, and first.
    @Test(arguments: ["GET", "PUT"])
    func `What a server does not know keeps nothing from being protected`(method: String) async throws {
        let fake = try FakeS3 { request, _, _ in
            guard FakeS3.key(request).isEmpty, request.method != "HEAD" else { return [.send(FakeS3.response(200))] }
            let query = FakeS3.parameters(request)
            let isUnknown = request.method == method && (query["lifecycle"] != nil || query["cors"] != nil)
            if isUnknown { return [.send(FakeS3.failure(501, "NotImplemented"))] }
            if query["list-type"] != nil { return nil }
            return [.send(FakeS3.response(request.method == "PUT" ? 200 : 404))]
        }
        var setup = BucketSetup()
        setup.origins = ["*"]
        let steps = Mutex<[String]>([])
        try await setup.run(try await fake.store()) { step in
            steps.withLock { $0.append("\(step.subject): \(step.outcome.rawValue)") }
        }
        #expect(steps.withLock { $0 } == [
            "bucket: left alone", "public access: created", "encryption: created", "lifecycle: unavailable", "CORS: unavailable",
        ])
    }

    @Test func `What is old already does not go without a word`() async throws {
        let (fake, written) = try bucket()
        fake.put([1], "projects/theirs/plan.pdf", at: AWSDate.now.adding(seconds: -15 * 86_400))
        let error = try await #require(throws: LibraryError.self) { try await run(fake, days: nil) }
        #expect(error.description.contains("s3://bucket/projects/theirs/plan.pdf is of "))
        #expect(error.description.contains("--lifecycle-days"))
        #expect(written().isEmpty)
        #expect(try await run(fake, days: 14).contains("created: projects/ goes after 14 days"))
    }

    @Test func `What is young keeps nobody from it`() async throws {
        let (fake, written) = try bucket()
        fake.put([1], "projects/p/manifest.json", at: AWSDate.now.adding(seconds: -86_400))
        #expect(try await run(fake, days: nil).contains("created: projects/ goes after 14 days"))
        #expect(written()["lifecycle"]?.contains("<Days>14</Days>") == true)
    }

    /// Rules of others that take away before ours would.
    @Test func `Days of others are said`() async throws {
        let others = rule("logs", "logs", days: 3) + rule("all", "projects", days: 5, status: "Disabled")
            + "<Rule><ID>everything</ID><Filter></Filter><Status>Enabled</Status><Expiration><Days>14</Days></Expiration></Rule>"
        let (fake, _) = try bucket(rules: others)
        let steps = try await run(fake, days: 90)
        #expect(steps.contains("left alone: a rule of others, everything, takes projects/ away after 14 days already"), "\(steps)")
        #expect(steps.contains("left alone: a rule of others, everything, takes segments/ away after 14 days already"))
        #expect(steps.contains("left alone: 3 rules of others") && steps.count { $0.contains("a rule of others") } == 2)
    }

    /// A new rule takes earlier versions along.
    @Test(arguments: [nil, 14]) func `Earlier versions are not deleted unasked`(days: Int?) async throws {
        let fake = try FakeS3 { request, _, _ in
            let query = FakeS3.parameters(request)
            guard FakeS3.key(request).isEmpty, query["list-type"] == nil else { return nil }
            let versioning = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"
            if request.method == "GET", query["versioning"] != nil { return [.send(FakeS3.document(versioning))] }
            return [.send(FakeS3.response(request.method == "GET" ? 404 : 200))]
        }
        if let days {
            #expect(try await run(fake, days: days).contains("created: projects/ goes after 14 days"))
        } else {
            let error = try await #require(throws: LibraryError.self) { _ = try await run(fake, days: nil) }
            #expect(error.description.contains("earlier versions") && error.description.contains("--lifecycle-days"))
            #expect(fake.server.requests.allSatisfy { $0.method != "PUT" })
        }
    }

    /// Where a server takes signatures for any region.
    @Test func `A bucket is where the server says`() async throws {
        let fake = try FakeS3 { request, _, _ in
            guard request.method == "HEAD" else { return [.send(FakeS3.response(request.method == "GET" ? 404 : 200))] }
            return [.send(FakeS3.response(200, ["x-amz-bucket-region: eu-central-1"]))]
        }
        #expect(try await run(fake, days: 14).first == "left alone: s3://bucket in eu-central-1")
    }
}
