import Foundation
import HTTP
import ObjectStore
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct SyncTests {
    static let ways: [(direction: StoreSync.Direction, deletes: Bool)] = [
        (.up, true), (.up, false), (.down, true), (.down, false),
    ]

    /// Name of a case, what is in the source, what is in the target, and what has to happen with `deletes`.
    static let table: [(String, source: String?, target: String?, moves: Bool, goes: Bool)] = [
        ("new", "a", nil, true, false), ("same", "a", "a", false, false), ("longer", "aa", "a", true, false),
        ("shorter", "a", "aa", true, false), ("different", "b", "a", true, false), ("only in the target", nil, "a", false, true),
        ("empty", "", nil, true, false), ("both empty", "", "", false, false),
    ]

    @Test(arguments: StoreUnderTest.allCases, SyncTests.ways)
    func `Only what differs moves`(kind: StoreUnderTest, how: (direction: StoreSync.Direction, deletes: Bool)) async throws {
        let (direction, deletes) = how
        let (store, folder) = (try await kind.make(), try TemporaryFolder())
        let local = try FolderStore(root: folder.path)
        var sync = StoreSync(folder: local, store: store, direction: direction)
        (sync.prefix, sync.deletes) = ("p/", deletes)
        let sides: [any ObjectStore] = [local, store]
        let (source, target) = direction == .up ? (sides[0], sides[1]) : (sides[1], sides[0])
        for row in Self.table {
            if let text = row.source { try await source.put(Array(text.utf8), to: "p/" + row.0) }
            if let text = row.target { try await target.put(Array(text.utf8), to: "p/" + row.0) }
        }
        try await source.put([1], to: "outside")

        let plan = try await sync.plan()
        #expect(plan.transfers.map(\.key) == Self.table.filter(\.moves).map { "p/" + $0.0 }.sorted())
        #expect(plan.deletions == (deletes ? Self.table.filter(\.goes).map { "p/" + $0.0 } : []))
        #expect(plan.unchangedCount == 2)
        #expect(try await sync.run(plan) == [])
        for row in Self.table {
            let expected = row.source ?? (deletes ? nil : row.target)
            let found = try await target.headIfPresent("p/" + row.0) == nil ? nil : try await target.read("p/" + row.0)
            #expect(found == expected.map { Array($0.utf8) }, "\(row.0)")
        }
        #expect(try await sync.plan().isEmpty)
        #expect(try await target.headIfPresent("outside") == nil)
    }

    @Test(arguments: StoreUnderTest.servers)
    func `Objects in parts are known again`(kind: StoreUnderTest) async throws {
        let (store, folder) = (try await kind.make(), try TemporaryFolder())
        var sync = StoreSync(folder: try FolderStore(root: folder.path), store: store, direction: .up)
        sync.transfer.partBytes = 5 << 20
        var bytes = content(11 << 20)
        _ = try folder.file(bytes, "large")
        #expect(try await sync.run(try await sync.plan()) == [])
        #expect(try await sync.plan().isEmpty)
        bytes[6 << 20] ^= 1
        _ = try folder.file(bytes, "large")
        #expect(try await sync.plan().transfers.map(\.key) == ["large"])
    }

    /// "é" as one character, and as a letter with an accent: Swift's texts take them for equal, stores do not.
    @Test(arguments: StoreUnderTest.allCases, SyncTests.ways)
    func `Names that look alike are two`(
        kind: StoreUnderTest, how: (direction: StoreSync.Direction, deletes: Bool)
    ) async throws {
        let (store, folder) = (try await kind.make(), try TemporaryFolder())
        let local = try FolderStore(root: folder.path)
        var sync = StoreSync(folder: local, store: store, direction: how.direction)
        sync.deletes = how.deletes
        let (source, target): (any ObjectStore, any ObjectStore) = how.direction == .up ? (local, store) : (store, local)
        let names = ["\u{E9}/\u{E9}.jpg", "e\u{301}/e\u{301}.jpg", "\u{E9}/e\u{301}.jpg", "e\u{301}/\u{E9}.jpg"]
        for (number, name) in names.enumerated() { try await source.put([UInt8(number)], to: name) }
        #expect(try await sync.run(try await sync.plan()) == [])
        let sorted = names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(try await target.list().allObjects().map { Array($0.key.utf8) } == sorted)
        for (number, name) in names.enumerated() { #expect(try await target.read(name) == [UInt8(number)]) }

        try await source.delete(names[0])
        try await source.put([9, 9], to: names[1])
        let plan = try await sync.plan()
        #expect(plan.transfers.map { Array($0.key.utf8) } == [Array(names[1].utf8)] && plan.unchangedCount == 2)
        #expect(plan.deletions.map { Array($0.utf8) } == (how.deletes ? [Array(names[0].utf8)] : []))
        #expect(try await sync.run(plan) == [])
        #expect(try await target.read(names[1]) == [9, 9])
        #expect(try await (target.headIfPresent(names[0]) == nil) == how.deletes)
    }

    /// As the console of S3 makes them.
    @Test(arguments: SyncTests.ways)
    func `Marks of folders are left alone`(how: (direction: StoreSync.Direction, deletes: Bool)) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.put([], "p/images/")
        var sync = StoreSync(
            folder: try FolderStore(root: folder.path), store: try await fake.store(), direction: how.direction)
        (sync.prefix, sync.deletes) = ("p/", how.deletes)
        #expect(try await sync.plan().isEmpty)
    }

    @Test func `What fails does not stop the rest, and nothing is deleted then`() async throws {
        let fake = try FakeS3 { request, _, _ in
            request.method == "PUT" && FakeS3.key(request) == "b" ? [.send(FakeS3.failure(403, "AccessDenied"))] : nil
        }
        fake.put([1], "old")
        let folder = try TemporaryFolder()
        for name in ["a", "b", "c"] { try folder.write(name, name) }
        var sync = StoreSync(folder: try FolderStore(root: folder.path), store: try await fake.store(), direction: .up)
        sync.deletes = true
        let failures = try await sync.run(try await sync.plan())
        #expect(failures.map(\.key) == ["b"] && failures.first?.error.kind == .accessDenied)
        #expect(fake.state.withLock { $0.objects.keys.sorted() } == ["a", "c", "old"])
    }

    /// Of objects that are gone by now, or are other ones. Other programs have such files, too.
    @Test func `What killed pulls have left goes`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.put([1], "images/a.jpg")
        fake.put(content(100_000), "audio/b.mp3")
        let kept = ["audio/.b.mp3.download.partial", "audio/.b.mp3.download.journal.partial"]
        let ours = [
            ".gone.mp3.download.partial", ".gone.mp3.download.journal.partial", "audio/.gone.123.partial",
            "images/.a.jpg.download.partial", "images/.a.jpg.99.partial", "old/.c.4711.partial",
        ]
        let theirs = [".partial", ".mine.partial", "a.download.partial", ".git/.x.1.partial", ".12.partial"]
        for name in ours + theirs + kept { try folder.write("x", name) }
        fake.setFault { request, _, _ in request.method == "GET" && FakeS3.key(request) == "audio/b.mp3" ? [.reset] : nil }
        var sync = StoreSync(folder: try FolderStore(root: folder.path), store: try await fake.store(), direction: .down)
        sync.transfer.partBytes = 64 << 10
        #expect(try await sync.run(try await sync.plan()).map(\.key) == ["audio/b.mp3"])
        func left() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".partial") }.sorted()
        }
        #expect(try left() == (theirs + kept).sorted())
        fake.setFault { _, _, _ in nil }
        #expect(try await sync.run(try await sync.plan()) == [])
        #expect(try left() == theirs.sorted())
        #expect(try folder.bytes("audio/b.mp3") == content(100_000))
    }

    /// 500 faults of all kinds over 200 objects: in the end both sides are equal, and nothing else is left anywhere.
    @Test(arguments: [StoreSync.Direction.up, .down], [false, true])
    func `Faults at random`(direction: StoreSync.Direction, hasRecord: Bool) async throws {
        let faults = Mutex((random: SeededGenerator(seed: 42), left: 0))
        let fake = try FakeS3 { request, _, answer in
            let fault = faults.withLock { faults -> FaultTests.Passing? in
                guard faults.left > 0, Int.random(in: 0..<3, using: &faults.random) == 0 else { return nil }
                faults.left -= 1
                return FaultTests.Passing.allCases.randomElement(using: &faults.random)
            }
            // Instead of some: what looks like a success.
            if fault == .tooMany, FakeS3.name(request) == "POST upload" { return [.send(FakeS3.failure(200, "InternalError"))] }
            if fault == .badGateway, FakeS3.name(request) == "GET" {
                var bytes = answer()
                bytes[bytes.count - 1] ^= 1
                return [.send(bytes)]
            }
            // What was done before the answer got lost is done; who says "later" has done nothing.
            let isRefusal = fault.map { [.slowDown, .tooMany, .requestTimeout].contains($0) } ?? false
            return fault.map { $0.steps(isRefusal ? [] : answer()) }
        }
        let (folder, journal, records) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
        var generator = SeededGenerator(seed: 7)
        for number in 0..<200 {
            let bytes = content(Int.random(in: 0..<40_000, using: &generator), seed: UInt64(number))
            let key = "projects/\(number % 7)/images/\(number).jpg"
            if direction == .up { try folder.write(Data(bytes), key) } else { fake.put(bytes, key) }
        }
        // In the way on the other side; with a record, it would be kept.
        if !hasRecord {
            if direction == .up { fake.put([1], "projects/0/old") } else { try folder.write("x", "projects/0/old") }
        }
        let local = try FolderStore(root: folder.path)
        var limits = S3Store.Limits()
        limits.silence = .milliseconds(800)
        let store = try await fake.store(limits: limits) { $0.stall = HTTPClient.StallLimit(duration: .milliseconds(800)) }
        var sync = StoreSync(folder: local, store: store, direction: direction)
        if hasRecord { sync.record = try SyncRecord(in: records.path, of: "the pair") }
        (sync.deletes, sync.transfer.partBytes, sync.transfer.parallel) = (true, 8 << 10, 2)
        sync.transfer.journalFolder = journal.path
        faults.withLock { $0.left = 500 }
        let target: any ObjectStore = direction == .up ? store : local
        var rounds = 0
        while rounds < 100 {
            rounds += 1
            do {
                let plan = try await sync.plan()
                #expect(plan.conflicts.isEmpty && plan.newer.isEmpty)
                if plan.isEmpty, faults.withLock({ $0.left }) == 0 { break }
                // Equal, and faults are left: once more from the beginning.
                if plan.isEmpty { _ = try await target.delete(try await store.list().allObjects().map(\.key)) }
                let failures = try await sync.run(plan)
                #expect(failures.allSatisfy { !$0.isConflict }, "\(failures)")
            } catch let error as StoreError where error.kind == .unavailable {}
        }
        #expect(faults.withLock { $0.left } == 0)
        // As every push does in the end: the note on an upload stays where all answers to its completion got lost.
        if direction == .up { try await store.abandonUploads(notedIn: journal.path) }
        let (here, there) = (try await local.list().allObjects(), try await store.list().allObjects())
        #expect(here.count == 200 && here.map(\.key) == there.map(\.key))
        for object in here { #expect(try await local.read(object.key) == fake.bytes(object.key)) }
        // Files and folders that are not objects would be temporary ones.
        let all = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.contains(".partial") }
        #expect(try all == [] && journal.names == [])
        #expect(fake.state.withLock { $0.uploads.isEmpty })
    }
}
