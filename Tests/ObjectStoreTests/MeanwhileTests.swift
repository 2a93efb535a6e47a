import AWS
import Foundation
import Library
import ObjectStore
import TestSupport
import Testing

/// What somebody writes while a transfer is under way is kept; and what is left of a transfer that failed does no harm.
@Suite(.timeLimit(.minutes(1))) struct MeanwhileTests {
    private func settings(_ fake: FakeS3, _ records: TemporaryFolder) -> StoreSettings {
        var settings = StoreSettings()
        settings.endpoint = "http://127.0.0.1:\(fake.server.port)"
        settings.environment = AWSEnvironment(["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "s"], homeFolder: nil)
        settings.recordFolder = records.path
        return settings
    }

    private let location = StoreLocation.s3(bucket: "bucket", prefix: "")

    private func push(
        _ folder: TemporaryFolder, _ fake: FakeS3, _ records: TemporaryFolder, deletes: Bool = false
    ) async throws -> ProjectTransfer.Outcome {
        try await ProjectTransfer.push(
            folder.path + "/p", as: "p", to: location, settings(fake, records), deletes: deletes).run()
    }

    private func sync(
        _ folder: TemporaryFolder, _ store: S3Store, _ direction: StoreSync.Direction, _ records: TemporaryFolder
    ) throws -> StoreSync {
        var sync = StoreSync(folder: try FolderStore(root: folder.path), store: store, direction: direction)
        sync.record = try SyncRecord(in: records.path, of: "the pair")
        return sync
    }

    /// Two push at the same time, and one is done before the other comes to the manifest.
    @Test(arguments: [true, false])
    func `A manifest that is written during a push is kept`(isFirstPush: Bool) async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        if !isFirstPush {
            try folder.write("{}", "p/manifest.json")
            #expect(try await push(folder, fake, records).failures == [])
        }
        try folder.write("{\"mine\": 1}", "p/manifest.json")
        try folder.write("x", "p/images/a.jpg")
        fake.setFault { [weak fake] request, number, _ in
            if request.method == "PUT", number == 0 { fake?.put(Array("theirs".utf8), "projects/p/manifest.json", at: .now) }
            return nil
        }
        let outcome = try await push(folder, fake, records)
        #expect(outcome.failures == [] && outcome.lateConflicts.map(\.key) == ["manifest.json"], "\(outcome)")
        #expect(fake.bytes("projects/p/manifest.json") == Array("theirs".utf8) && fake.bytes("projects/p/images/a.jpg") != nil)
        // The next one sees it as any other conflict.
        fake.setFault { _, _, _ in nil }
        fake.put(Array("theirs".utf8), "projects/p/manifest.json", at: AWSDate.now.adding(seconds: 60))
        #expect(try await push(folder, fake, records).plan.conflicts.map(\.key) == ["manifest.json"])
    }

    /// Of more files than move at once, the first ones show whether the server keeps to conditions. Until then it is asked for what
    /// a listing has told too long ago.
    @Test(arguments: [false, true])
    func `The first of many are looked for where the listing is old`(isOld: Bool) async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        fake.state.withLock { $0.ignoresConditions = isOld }
        for name in ["a", "b", "c"] { try folder.write(name, name) }
        var sync = try sync(folder, try await fake.store(), .up, records)
        sync.parallel = 1
        var plan = try await sync.plan()
        let before = fake.names.count
        // However slow this machine is.
        plan.lookedAt += .seconds(isOld ? -10 : 100)
        if isOld { fake.put(Array("theirs".utf8), "a", at: .now) }
        let failures = try await sync.run(plan)
        let names = Array(fake.names.dropFirst(before))
        if isOld {
            #expect(failures.map(\.key) == ["a"] && failures.allSatisfy(\.isConflict), "\(failures)")
            #expect(fake.bytes("a") == Array("theirs".utf8) && fake.bytes("c") == Array("c".utf8))
        } else {
            // Two of them try it.
            #expect(failures.isEmpty && names == ["PUT", "HEAD", "PUT", "PUT", "PUT"], "\(names)")
        }
    }

    @Test func `An object that is written before it is deleted is kept`() async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        for name in ["manifest.json", "a", "b"] { try folder.write(name, "p/" + name) }
        #expect(try await push(folder, fake, records).failures == [])
        for name in ["a", "b"] { unlink(folder.path + "/p/" + name) }
        try folder.write("new", "p/c")
        fake.setFault { [weak fake] request, _, _ in
            if request.method == "PUT" { fake?.put([9], "projects/p/a", at: .now) }
            return nil
        }
        let outcome = try await push(folder, fake, records, deletes: true)
        #expect(outcome.lateConflicts.map(\.key) == ["a"] && outcome.failures == [])
        #expect(fake.bytes("projects/p/a") == [9] && fake.bytes("projects/p/b") == nil)
    }

    @Test(arguments: [true, false], [100, 200_000])
    func `A file that is edited during a pull is kept`(isNew: Bool, size: Int) async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let store = try await fake.store()
        fake.put([1], "other")
        if !isNew {
            fake.put([1], "a")
            let sync = try sync(folder, store, .down, records)
            #expect(try await sync.run(try await sync.plan()) == [])
        }
        fake.put(content(size), "a")
        let path = folder.path
        fake.setFault { request, number, _ in
            guard request.method == "GET", FakeS3.key(request) == "a" else { return nil }
            try? Data("mine".utf8).write(to: URL(fileURLWithPath: path + "/a"))
            return nil
        }
        var sync = try sync(folder, store, .down, records)
        sync.transfer.partBytes = 64 << 10
        let failures = try await sync.run(try await sync.plan())
        #expect(failures.map(\.key) == ["a"] && failures.allSatisfy(\.isConflict), "\(failures)")
        #expect(try folder.bytes("a") == Array("mine".utf8))
        // What has come is of no use.
        #expect(try folder.names.sorted() == ["a", "other"])
        sync.overwrites = true
        #expect(try await sync.run(try await sync.plan()) == [])
        #expect(try folder.bytes("a") == content(size))
    }

    /// The answer to a push got lost. What then is in the store is one's own if it is what was sent, and not if it is as long.
    @Test(arguments: [true, false])
    func `What others write after a lost push is not taken for one's own`(isTheirs: Bool) async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let store = try await fake.store()
        func push() async throws -> [StoreSync.Failure] {
            let sync = try sync(folder, store, .up, records)
            let plan = try await sync.plan()
            #expect(plan.conflicts.isEmpty == !(isTheirs && fake.bytes("a") == [0x33]))
            return try await sync.run(plan)
        }
        try folder.write("1", "a")
        #expect(try await push() == [])
        try folder.write("2", "a")
        fake.setFault { request, number, answer in
            guard request.method == "PUT" else { return nil }
            if number == 0 { _ = answer() }
            return [.reset]
        }
        #expect(try await push().first?.error.kind == .unavailable && fake.bytes("a") == [0x32])
        fake.setFault { _, _, _ in nil }
        if isTheirs { fake.put([0x33], "a", at: .now) }
        try folder.write("4", "a")
        #expect(try await push() == [])
        #expect(fake.bytes("a") == [isTheirs ? 0x33 : 0x34])
    }

    /// From a fresh checkout, whose files are newer than the store's.
    @Test(arguments: [false, true])
    func `A first push that failed can be done again`(isRefused: Bool) async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        fake.put([1], "a")
        try folder.write("new", "a")
        let store = try await fake.store()
        for isFirst in [true, false] {
            fake.setFault { request, _, _ in
                guard isFirst, request.method == "PUT" else { return nil }
                return isRefused ? [.send(FakeS3.failure(403, "AccessDenied"))] : [.reset]
            }
            let sync = try sync(folder, store, .up, records)
            let plan = try await sync.plan()
            #expect(plan.conflicts.isEmpty && plan.transfers.count == 1)
            #expect(try await sync.run(plan).isEmpty == !isFirst)
            try sync.record?.tidy()
        }
        #expect(fake.bytes("a") == Array("new".utf8))
    }

    /// As encrypted objects are, or those whose parts have a size of their own.
    @Test func `What cannot be compared does not move again`() async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        fake.put([1], "a")
        fake.state.withLock { $0.objects["a"]?.etag = "0123456789abcdef0123456789abcdef-7" }
        let store = try await fake.store(variables: ["AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required"])
        for count in [1, 0] {
            let sync = try sync(folder, store, .down, records)
            let plan = try await sync.plan()
            #expect(plan.transfers.count == count && plan.conflicts.isEmpty && plan.unchangedCount == 1 - count)
            #expect(try await sync.run(plan) == [])
        }
    }

    @Test func `A touched file is no edit`() async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let store = try await fake.store()
        for text in ["1", "2"] {
            fake.put(Array(text.utf8), "a")
            let sync = try sync(folder, store, .down, records)
            let plan = try await sync.plan()
            #expect(plan.transfers.count == 1 && plan.conflicts.isEmpty)
            #expect(try await sync.run(plan) == [])
            let date = Date(timeIntervalSinceNow: 60)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: folder.path + "/a")
        }
        #expect(try folder.bytes("a") == [0x32])
    }

    /// Time is the server's: one that is an hour ahead has written nothing in the future.
    @Test(arguments: [3600, -3600])
    func `A file is newer by the server's clock`(ahead: Int) async throws {
        let (folder, records) = (try TemporaryFolder(), try TemporaryFolder())
        let fake = try FakeS3 { _, _, answer in [.send(FakeS3.dated(answer(), AWSDate.now.adding(seconds: ahead)))] }
        let store = try await fake.store()
        fake.put([1], "a", at: AWSDate.now.adding(seconds: ahead - 60))
        try folder.write("new", "a")
        #expect(try await sync(folder, store, .up, records).plan().transfers.count == 1)
        fake.put([1], "a", at: AWSDate.now.adding(seconds: ahead + 60))
        #expect(try await sync(folder, store, .up, records).plan().conflicts.count == 1)
    }

    /// `burns share` of somebody whose clock is slow would print what has expired already.
    @Test func `A presigned URL counts from the server's clock`() async throws {
        let now = AWSDate.now.adding(seconds: 1200)
        let fake = try FakeS3 { _, _, answer in [.send(FakeS3.dated(answer(), now))] }
        let query = try await fake.store().presign(.get, "a", expiresSeconds: 60).query ?? ""
        let text = query.split(separator: "&").first { $0.hasPrefix("X-Amz-Date=") }?.dropFirst(11)
        let date = text.flatMap { AWSDate(iso8601: String($0)) }
        #expect(abs(try #require(date).seconds(since: now)) <= 5)
    }

    /// In others' buckets.
    @Test func `A key that no file can have is left alone`() async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        try folder.write("{}", "p/manifest.json")
        for key in ["../x", "a//b", "gone"] { fake.put([1], "projects/p/" + key) }
        var sync = try await sync(folder, fake.store(), .up, records)
        (sync.prefix, sync.deletes, sync.record) = ("projects/", true, nil)
        let plan = try await sync.plan()
        #expect(plan.nameless.map(\.key) == ["projects/p/../x", "projects/p/a//b"] && plan.deletions == ["projects/p/gone"])
        let outcome = try await push(folder, fake, records, deletes: true)
        #expect(outcome.failures == [] && outcome.plan.nameless.count == 2)
        #expect(fake.bytes("projects/p/manifest.json") == Array("{}".utf8))
    }

    @Test func `A record that cannot be tidied up is a warning`() async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        try folder.write("{}", "p/manifest.json")
        let path = records.path
        fake.setFault { request, _, _ in
            if request.method == "PUT" { try? FileManager.default.removeItem(atPath: path) }
            return nil
        }
        let outcome = try await push(folder, fake, records)
        #expect(outcome.failures == [] && outcome.warnings.count == 1, "\(outcome)")
        #expect(fake.bytes("projects/p/manifest.json") != nil)
    }

    @Test func `A record forgets what is gone from both sides`() async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        for name in ["manifest.json", "a"] { try folder.write(name, "p/" + name) }
        #expect(try await push(folder, fake, records).failures == [])
        unlink(folder.path + "/p/a")
        fake.state.withLock { $0.objects["projects/p/a"] = nil }
        #expect(try await push(folder, fake, records).failures == [])
        let text = try records.read(try #require(try records.names.first))
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test func `Without a home folder there is a warning`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.put([1], "projects/p/manifest.json")
        var settings = settings(fake, folder)
        settings.recordFolder = nil
        let outcome = try await ProjectTransfer.pull("p", to: folder.path + "/p", from: location, settings).run()
        #expect(outcome.warnings.count == 1 && outcome.warnings[0].contains("HOME"))
    }
}
