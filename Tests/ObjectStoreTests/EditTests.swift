import AWS
import Foundation
import Library
import ObjectStore
import TestSupport
import Testing

/// What somebody has edited on the side that is written to is kept.
@Suite(.timeLimit(.minutes(2))) struct EditTests {
    enum Fate: String {
        case same, moves, newer, conflicts

        init(_ plan: StoreSync.Plan) {
            self = !plan.transfers.isEmpty ? .moves : !plan.newer.isEmpty ? .newer : !plan.conflicts.isEmpty ? .conflicts : .same
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        /// Before: what was the same, if anything was; then what each side has become, `nil`: nothing.
        let before: String?, here, there: String?
        let pull, push: Fate
        var testDescription: String { "\(before ?? "-"): \(here ?? "-"), \(there ?? "-")" }
    }

    static let table = [
        Row(before: "a", here: "a", there: "a", pull: .same, push: .same),
        Row(before: "a", here: "a", there: "b", pull: .moves, push: .newer),
        Row(before: "a", here: "b", there: "a", pull: .newer, push: .moves),
        Row(before: "a", here: "b", there: "c", pull: .conflicts, push: .conflicts),
        Row(before: "a", here: "b", there: "b", pull: .same, push: .same),
        Row(before: "a", here: nil, there: "b", pull: .moves, push: .same),
        Row(before: "a", here: "b", there: nil, pull: .same, push: .moves),
        // Of these nobody knows anything.
        Row(before: nil, here: "a", there: "b", pull: .conflicts, push: .conflicts),
        Row(before: nil, here: "a", there: "a", pull: .same, push: .same),
        Row(before: nil, here: nil, there: "a", pull: .moves, push: .same),
        Row(before: nil, here: "a", there: nil, pull: .same, push: .moves),
    ]

    /// Begins with an accent.
    static let key = "\u{301} é%25+.txt"

    private func sync(_ folder: FolderStore, _ store: any ObjectStore, _ direction: StoreSync.Direction, _ records: String) throws
        -> StoreSync
    {
        var sync = StoreSync(folder: folder, store: store, direction: direction)
        sync.record = try SyncRecord(in: records, of: "the pair")
        return sync
    }

    @Test(arguments: StoreUnderTest.allCases, EditTests.table)
    func `Every case`(kind: StoreUnderTest, row: Row) async throws {
        for direction in [StoreSync.Direction.down, .up] {
            for first in [StoreSync.Direction.down, .up] {
                let (store, folder, records) = (try await kind.make(), try TemporaryFolder(), try TemporaryFolder())
                let local = try FolderStore(root: folder.path)
                if let before = row.before {
                    try await (first == .down ? store : local as any ObjectStore).put(Array(before.utf8), to: Self.key)
                    let sync = try sync(local, store, first, records.path)
                    #expect(try await sync.run(try await sync.plan()) == [])
                    try sync.record?.tidy()
                }
                for (side, text) in [(local as any ObjectStore, row.here), (store, row.there)] where text != row.before {
                    if let text { try await side.put(Array(text.utf8), to: Self.key) } else { try await side.delete(Self.key) }
                }
                var sync = try sync(local, store, direction, records.path)
                let plan = try await sync.plan()
                #expect(Fate(plan) == (direction == .down ? row.pull : row.push), "\(direction), first \(first): \(plan)")
                sync.overwrites = true
                let (source, target) = direction == .down ? (row.there, row.here) : (row.here, row.there)
                #expect(try await sync.plan().transfers.count == (source == nil || source == target ? 0 : 1))
            }
        }
    }

    /// Of which no record says anything: what was written after the object is what is to be pushed, but not the other way round.
    @Test(arguments: StoreUnderTest.allCases)
    func `A file from after the object is pushed`(kind: StoreUnderTest) async throws {
        let (store, folder, records) = (try await kind.make(), try TemporaryFolder(), try TemporaryFolder())
        let local = try FolderStore(root: folder.path)
        try await store.put(Array("a".utf8), to: "a.txt")
        try folder.write("b", "a.txt")
        for (seconds, fate) in [(-60.0, Fate.conflicts), (60, .moves)] {
            let date = Date(timeIntervalSinceNow: seconds)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: folder.path + "/a.txt")
            let (up, down) = ("\(records.path)/up\(seconds)", "\(records.path)/down\(seconds)")
            #expect(Fate(try await sync(local, store, .up, up).plan()) == fate)
            #expect(Fate(try await sync(local, store, .down, down).plan()) == .conflicts)
        }
    }

    /// What is found to be the same is known from then on.
    @Test func `What was the same without having moved is known`() async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        try folder.write("a", "a.txt")
        fake.put(Array("a".utf8), "a.txt")
        let local = try FolderStore(root: folder.path)
        for (text, fate) in [("a", Fate.same), ("b", .moves)] {
            fake.put(Array(text.utf8), "a.txt")
            let sync = try await sync(local, fake.store(), .down, records.path)
            #expect(Fate(try await sync.plan()) == fate)
        }
    }

    /// A process that is killed between a step and the note of it has noted that it was about to.
    @Test(arguments: [StoreSync.Direction.down, .up])
    func `A record that was not written to its end`(direction: StoreSync.Direction) async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let local = try FolderStore(root: folder.path)
        func put(_ text: String, _ side: StoreSync.Direction) throws {
            if side == .down { fake.put(Array(text.utf8), "a.txt", at: .now) } else { try folder.write(text, "a.txt") }
        }
        try put("a", direction)
        do {
            let sync = try await sync(local, fake.store(), direction, records.path)
            #expect(try await sync.run(try await sync.plan()) == [])
        }
        let path = records.path + "/" + (try #require(try records.names.first))
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3 && lines[0].hasPrefix(direction == .up ? "sends " : "receives ") && lines[1].hasPrefix("is "))
        // Half of the last line is there, or none of it.
        for rest in [lines[0] + "\n", lines[0] + "\n" + lines[1].dropLast(3)] {
            try String(rest).write(toFile: path, atomically: false, encoding: .utf8)
            try put("b\(rest.count)", direction)
            let sync = try await sync(local, fake.store(), direction, records.path)
            let plan = try await sync.plan()
            #expect(plan.transfers.count == 1 && plan.conflicts.isEmpty, "\(plan)")
            try put("a", direction)
        }
    }

    @Test func `One process at a time has a record`() async throws {
        let records = try TemporaryFolder()
        let record = try SyncRecord(in: records.path + "/new/folder", of: "a")
        let error = #expect(throws: StoreError.self) { try SyncRecord(in: records.path + "/new/folder", of: "a") }
        #expect(error?.kind == .busy && error?.description.contains("another process") == true)
        _ = try SyncRecord(in: records.path + "/new/folder", of: "b")
        withExtendedLifetime(record) {}
    }

    /// Of thousands of files, nothing is read that need not be, and the record stays as long as one line for each.
    @Test func `Thousands of files`() async throws {
        let (fake, folder, records) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        for number in 0..<1000 { fake.put(Array("\(number)".utf8), "images/\(number).jpg") }
        let local = try FolderStore(root: folder.path)
        let store = try await fake.store()
        for _ in 0..<2 {
            let sync = try sync(local, store, .down, records.path)
            let plan = try await sync.plan()
            #expect(try await sync.run(plan) == [])
            try sync.record?.tidy()
            #expect(plan.conflicts.isEmpty && plan.newer.isEmpty)
        }
        let text = try records.read(try #require(try records.names.first))
        #expect(text.split(separator: "\n").count == 1000)
        #expect(fake.names.count { $0 == "GET" } == 1000)
    }
}
