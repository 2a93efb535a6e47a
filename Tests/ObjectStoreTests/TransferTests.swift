import AWS
import Digest
import Foundation
import HTTP
import ObjectStore
import Synchronization
import TestSupport
import Testing

/// Files on their way: interrupted, resumed, changed, watched.
@Suite(.timeLimit(.minutes(2))) struct TransferTests {
    private static let part = 64 << 10
    private static let bytes = content(10 * part + 5)

    private var options: TransferOptions {
        var options = TransferOptions()
        options.partBytes = Int64(TransferTests.part)
        options.parallel = 2
        return options
    }

    // MARK: Uploads

    @Test func `A failed upload leaves nothing`() async throws {
        let fake = try FakeS3 { request, number, _ in
            FakeS3.name(request) == "PUT part" && number == 4 ? [.send(FakeS3.failure(403, "AccessDenied"))] : nil
        }
        let (store, folder) = (try await fake.store(), try TemporaryFolder())
        let path = try folder.file(TransferTests.bytes)
        try await refusal(.accessDenied) { try await store.upload(path, to: "a", options: options) }
        #expect(fake.bytes("a") == nil && fake.state.withLock { $0.uploads.isEmpty })
    }

    @Test func `A cancelled upload leaves nothing`() async throws {
        let fake = try FakeS3 { request, number, _ in FakeS3.name(request) == "PUT part" && number >= 4 ? [.stall] : nil }
        let (store, folder) = (try await fake.store(), try TemporaryFolder())
        let path = try folder.file(TransferTests.bytes)
        let options = options
        let task = Task { try await store.upload(path, to: "a", options: options) }
        try await eventually { fake.names.count(where: { $0 == "PUT part" }) >= 6 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(fake.bytes("a") == nil && fake.state.withLock { $0.uploads.isEmpty })
    }

    /// What a kill leaves: the parts that have arrived, and the journal.
    private func killedUpload(_ fake: FakeS3, _ path: String, journal: String, contentName: String? = nil) async throws {
        fake.setFault { request, number, _ in
            let name = FakeS3.name(request)
            // The dead abort nothing.
            if name == "PUT part", number >= 5 { return [.stall] }
            return name == "DELETE upload" ? [.send(FakeS3.failure(403, "AccessDenied"))] : nil
        }
        var options = options
        (options.journalFolder, options.contentName) = (journal, contentName)
        let store = try await fake.store()
        let task = Task { [options] in try await store.upload(path, to: "a", options: options) }
        try await eventually { fake.names.count(where: { $0 == "PUT part" }) >= 7 }
        let notes = try FileManager.default.contentsOfDirectory(atPath: journal)
        let kept = try notes.map { ($0, try Data(contentsOf: URL(fileURLWithPath: journal + "/" + $0))) }
        task.cancel()
        _ = await task.result
        for (name, data) in kept { try data.write(to: URL(fileURLWithPath: journal + "/" + name)) }
        #expect(kept.count == 1 && fake.state.withLock { $0.uploads.count } == 1)
        fake.setFault { _, _, _ in nil }
    }

    @Test func `An upload goes on after a kill`() async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let path = try folder.file(TransferTests.bytes)
        try await killedUpload(fake, path, journal: journal.path)
        let before = fake.names.count
        var options = options
        options.journalFolder = journal.path
        try await fake.store().upload(path, to: "a", options: options)
        let names = fake.names.dropFirst(before)
        #expect(names.count(where: { $0 == "PUT part" }) == 6 && !names.contains("POST uploads"), "\(names)")
        #expect(fake.bytes("a") == TransferTests.bytes && fake.state.withLock { $0.uploads.isEmpty })
        #expect(try journal.names == [])
    }

    @Test func `An upload of a file that has changed starts again`() async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let path = try folder.file(TransferTests.bytes)
        try await killedUpload(fake, path, journal: journal.path)
        let other = content(TransferTests.bytes.count, seed: 2)
        _ = try folder.file(other)
        var options = options
        options.journalFolder = journal.path
        try await fake.store().upload(path, to: "a", options: options)
        #expect(fake.bytes("a") == other && fake.state.withLock { $0.uploads.isEmpty })
    }

    @Test func `An upload that the server has forgotten starts again`() async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let path = try folder.file(TransferTests.bytes)
        try await killedUpload(fake, path, journal: journal.path)
        fake.state.withLock { $0.uploads = [:] }
        var options = options
        options.journalFolder = journal.path
        try await fake.store().upload(path, to: "a", options: options)
        #expect(fake.bytes("a") == TransferTests.bytes)
    }

    /// Policies that let one write, but neither see nor end what was begun.
    @Test(arguments: [true, false])
    func `An upload that we may not go on with starts again`(hasChanged: Bool) async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let path = try folder.file(TransferTests.bytes)
        try await killedUpload(fake, path, journal: journal.path)
        let bytes = hasChanged ? content(TransferTests.bytes.count, seed: 2) : TransferTests.bytes
        if hasChanged { _ = try folder.file(bytes) }
        fake.setFault { request, _, _ in
            ["GET upload", "DELETE upload"].contains(FakeS3.name(request)) ? [.send(FakeS3.failure(403, "AccessDenied"))] : nil
        }
        var options = options
        options.journalFolder = journal.path
        try await fake.store().upload(path, to: "a", options: options)
        #expect(fake.bytes("a") == bytes)
        #expect(try journal.names == [])
    }

    @Test func `An upload goes on with another file of the same content`() async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        var options = options
        (options.journalFolder, options.contentName) = (journal.path, "a digest")
        try await killedUpload(fake, try folder.file(TransferTests.bytes), journal: journal.path, contentName: "a digest")
        let before = fake.names.count
        try await fake.store().upload(try folder.file(TransferTests.bytes, "another"), to: "a", options: options)
        #expect(fake.names.dropFirst(before).count(where: { $0 == "PUT part" }) == 6)
        #expect(fake.bytes("a") == TransferTests.bytes && fake.state.withLock { $0.uploads.isEmpty })
    }

    @Test func `A cancelled upload with a note goes on, too`() async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let path = try folder.file(TransferTests.bytes)
        fake.setFault { request, number, _ in FakeS3.name(request) == "PUT part" && number >= 5 ? [.stall] : nil }
        var options = options
        options.journalFolder = journal.path
        let store = try await fake.store()
        let task = Task { [options] in try await store.upload(path, to: "a", options: options) }
        try await eventually { fake.names.count(where: { $0 == "PUT part" }) >= 7 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try fake.state.withLock { $0.uploads.count } == 1 && journal.names.count == 1)

        fake.setFault { _, _, _ in nil }
        let before = fake.names.count
        try await store.upload(path, to: "a", options: options)
        #expect(fake.names.dropFirst(before).count(where: { $0 == "PUT part" }) == 6)
        #expect(fake.bytes("a") == TransferTests.bytes && fake.state.withLock { $0.uploads.isEmpty })
        #expect(try journal.names == [])
    }

    /// Killed after the request to begin an upload, before its answer.
    private func killedBeginning(_ fake: FakeS3, _ path: String, journal: String) async throws {
        fake.setFault { request, _, answer in
            guard FakeS3.name(request) == "POST uploads" else { return nil }
            _ = answer()
            return [.stall]
        }
        var options = options
        options.journalFolder = journal
        let store = try await fake.store()
        let task = Task { [options] in try await store.upload(path, to: "a", options: options) }
        try await eventually { fake.state.withLock { !$0.uploads.isEmpty } }
        task.cancel()
        _ = await task.result
        fake.setFault { _, _, _ in nil }
        #expect(fake.state.withLock { $0.uploads.count } == 1)
    }

    @Test func `An upload whose beginning was not answered is thrown away`() async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let path = try folder.file(TransferTests.bytes)
        try await killedBeginning(fake, path, journal: journal.path)
        // Others' uploads stay: of another object, or of another day.
        fake.state.withLock {
            $0.uploads["other"] = FakeS3.Upload(key: "ab")
            $0.uploads["old"] = FakeS3.Upload(key: "a", begunAt: AWSDate.now.adding(seconds: -86_400))
        }
        var options = options
        options.journalFolder = journal.path
        try await fake.store().upload(path, to: "a", options: options)
        #expect(fake.bytes("a") == TransferTests.bytes && fake.state.withLock { $0.uploads.keys.sorted() } == ["old", "other"])
        #expect(try journal.names == [])
    }

    @Test func `What nobody goes on with is thrown away`() async throws {
        let (fake, folder, journal) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        let path = try folder.file(TransferTests.bytes)
        try await killedUpload(fake, path, journal: journal.path)
        let store = try await fake.store()
        try await store.abandonUploads(notedIn: journal.path, below: "b")
        #expect(try journal.names.count == 1 && fake.state.withLock { $0.uploads.count } == 1)
        try await store.abandonUploads(notedIn: journal.path)
        #expect(try journal.names == [] && fake.state.withLock { $0.uploads.isEmpty })

        try await killedBeginning(fake, path, journal: journal.path)
        try await store.abandonUploads(notedIn: journal.path, below: "a")
        #expect(try journal.names == [] && fake.state.withLock { $0.uploads.isEmpty })
        // What is no note is left alone.
        try journal.write("text", "upload-notes.txt")
        try await store.abandonUploads(notedIn: journal.path)
        #expect(try journal.names == ["upload-notes.txt"])
    }

    @Test func `A file that changes while it is sent is noticed`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file(TransferTests.bytes)
        let fake = try FakeS3 { request, number, _ in
            if FakeS3.name(request) == "PUT part", number == 3 {
                let file = FileHandle(forWritingAtPath: path)
                try? file?.write(contentsOf: Data([1, 2, 3]))
            }
            return nil
        }
        let store = try await fake.store()
        try await refusal(.changed) { try await store.upload(path, to: "a", options: options) }
        #expect(fake.bytes("a") == nil && fake.state.withLock { $0.uploads.isEmpty })
    }

    // MARK: Downloads

    /// Cancelled when five ranges of eleven are there.
    private func interruptedDownload(_ fake: FakeS3, to path: String, variables: [String: String] = [:]) async throws {
        fake.put(TransferTests.bytes, "a")
        fake.setFault { request, number, _ in request.method == "GET" && number >= 5 ? [.stall] : nil }
        let store = try await fake.store(variables: variables)
        let task = Task { [options] in try await store.download("a", to: path, options: options) }
        try await eventually { fake.names.count(where: { $0 == "GET" }) >= 7 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        fake.setFault { _, _, _ in nil }
    }

    /// Also where nobody wants the server's checksums to be compared.
    @Test(arguments: ["when_supported", "when_required"])
    func `A download goes on where it was`(policy: String) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        let variables = ["AWS_RESPONSE_CHECKSUM_VALIDATION": policy]
        try await interruptedDownload(fake, to: folder.path + "/b", variables: variables)
        #expect(try folder.names == [".b.download.journal.partial", ".b.download.partial"])
        let before = fake.names.count
        try await fake.store(variables: variables).downloadDiscarding("a", to: folder.path + "/b", options: options)
        #expect(fake.names.dropFirst(before).count(where: { $0 == "GET" }) == 6)
        #expect(try folder.bytes("b") == TransferTests.bytes)
        #expect(try folder.names == ["b"])
    }

    @Test(arguments: CRC.Kind.allCases)
    func `A download goes on by the sum that the server states`(kind: CRC.Kind) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.state(checksum: kind)
        try await interruptedDownload(fake, to: folder.path + "/b")
        let before = fake.names.count
        let info = try await fake.store().download("a", to: folder.path + "/b", options: options)
        #expect(fake.names.dropFirst(before).count(where: { $0 == "GET" }) == 6)
        #expect(try folder.bytes("b") == TransferTests.bytes && info.checksum?.algorithm == kind.rawValue)
    }

    /// Of a range that was under way, what had come is kept, a mebibyte at a time.
    @Test func `A range goes on where it was`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        let bytes = content(6 << 20)
        var options = options
        (options.partBytes, options.parallel) = (5 << 20, 1)
        fake.put(bytes, "a")
        fake.setFault { request, _, answer in
            request.method == "GET" ? [.send(Array(answer().prefix(3_500_000))), .stall] : nil
        }
        let store = try await fake.store()
        let task = Task { [options] in try await store.download("a", to: folder.path + "/b", options: options) }
        let journal = folder.path + "/.b.download.journal.partial"
        try await eventually { ((try? String(contentsOfFile: journal, encoding: .utf8)) ?? "").split(separator: "\n").count >= 4 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }

        fake.setFault { _, _, _ in nil }
        let before = fake.server.requests.count
        try await store.downloadDiscarding("a", to: folder.path + "/b", options: options)
        let ranges = fake.server.requests.dropFirst(before).compactMap { $0["Range"] }
        let start = try #require(ranges.first?.dropFirst("bytes=".count).split(separator: "-").first.flatMap { Int($0) })
        #expect(ranges.count == 2 && 3 << 20...3_500_000 ~= start, "\(ranges)")
        #expect(try folder.bytes("b") == bytes && folder.names == ["b"])
    }

    /// A server, or what is before it, that lets no more than so much through at once.
    @Test func `A range that breaks off goes on where it was`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        let bytes = content(9 << 20)
        var options = options
        (options.partBytes, options.parallel) = (5 << 20, 2)
        fake.put(bytes, "a")
        fake.setFault { request, _, answer in
            request.method == "GET" ? [.send(Array(answer().prefix(1_300_000))), .close] : nil
        }
        let store = try await fake.store(variables: ["AWS_MAX_ATTEMPTS": "2"])
        try await store.downloadDiscarding("a", to: folder.path + "/b", options: options)
        #expect(try folder.bytes("b") == bytes && folder.names == ["b"])
        // Each mebibyte once, but for the ends.
        #expect(9...11 ~= fake.names.count { $0 == "GET" }, "\(fake.names)")
    }

    @Test func `A range that is not what the journal says is read again`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        try await interruptedDownload(fake, to: folder.path + "/b")
        let file = try #require(FileHandle(forWritingAtPath: folder.path + "/.b.download.partial"))
        try file.write(contentsOf: Data([9, 9, 9]))
        let journal = try #require(FileHandle(forWritingAtPath: folder.path + "/.b.download.journal.partial"))
        try journal.seekToEnd()
        // Half a line, and lines that make no sense.
        try journal.write(contentsOf: Data("x y z\n11 2\n8 1 -3\n9 1 70000\n10 5 1000\n7 12".utf8))
        let before = fake.names.count
        try await fake.store().downloadDiscarding("a", to: folder.path + "/b", options: options)
        #expect(fake.names.dropFirst(before).count(where: { $0 == "GET" }) == 7)
        #expect(try folder.bytes("b") == TransferTests.bytes)
    }

    @Test func `Ranges of another object are of no use`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        try await interruptedDownload(fake, to: folder.path + "/b")
        let other = content(TransferTests.bytes.count, seed: 2)
        fake.put(other, "a")
        try await fake.store().downloadDiscarding("a", to: folder.path + "/b", options: options)
        #expect(try folder.bytes("b") == other)
        #expect(try folder.names == ["b"])
    }

    @Test func `What nobody goes on with is swept away`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        try await interruptedDownload(fake, to: folder.path + "/b")
        fake.put([1], "a")
        try await fake.store().downloadDiscarding("a", to: folder.path + "/b", options: options)
        #expect(try folder.names == ["b"])
    }

    @Test func `Two downloads to one file do not mix`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.put(TransferTests.bytes, "a")
        fake.setFault { request, number, _ in request.method == "GET" && number < 2 ? [.stall] : nil }
        let store = try await fake.store()
        let task = Task { [options] in try await store.download("a", to: folder.path + "/b", options: options) }
        try await eventually { fake.names.count(where: { $0 == "GET" }) >= 2 }
        let error = try await refusal(.busy) { try await store.download("a", to: folder.path + "/b", options: options) }
        #expect(error.description.contains("another process"))
        task.cancel()
        _ = await task.result
    }

    @Test func `Long names that begin alike do not get into each other's way`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        let names = ["1", "2"].map { String(repeating: "x", count: 200) + $0 }
        for name in names { fake.put(TransferTests.bytes, name) }
        fake.setFault { request, number, _ in request.method == "GET" && number < 2 ? [.stall] : nil }
        let store = try await fake.store()
        let task = Task { [options] in try await store.download(names[0], to: folder.path + "/" + names[0], options: options) }
        try await eventually { fake.names.count(where: { $0 == "GET" }) >= 2 }
        try await store.downloadDiscarding(names[1], to: folder.path + "/" + names[1], options: options)
        #expect(try folder.bytes(names[1]) == TransferTests.bytes)
        task.cancel()
        _ = await task.result
    }

    /// One begins with what is still the other's, and has its name already when the lock is free.
    @Test func `A file that is whole is never touched again`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        fake.put([1, 2, 3], "a")
        let path = folder.path + "/b"
        var options = options
        options.partBytes = 1
        let isDone = Mutex(false)
        let watch = Task.detached {
            var seen: Set<[UInt8]> = []
            while !isDone.withLock({ $0 }) {
                if let bytes = try? folder.bytes("b") { seen.insert(bytes) }
                try await Task.sleep(for: .microseconds(200))
            }
            return seen
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                let store = try await fake.store()
                group.addTask { [options] in
                    for _ in 0..<50 {
                        do {
                            try await store.downloadDiscarding("a", to: path, options: options)
                        } catch let error as StoreError where error.description.contains("another process") {}
                    }
                }
            }
            try await group.waitForAll()
        }
        isDone.withLock { $0 = true }
        #expect(try await watch.value == [[1, 2, 3]])
    }

    // MARK: Failures

    /// Longer than it is tried again. What has arrived stays for the next run.
    @Test func `An outage costs no part that has arrived`() async throws {
        let (fake, folder, notes) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        var options = options
        (options.parallel, options.journalFolder) = (1, notes.path)
        let path = try folder.file(TransferTests.bytes)
        fake.setFault { request, number, _ in FakeS3.name(request) == "PUT part" && number >= 5 ? [.reset] : nil }
        let store = try await fake.store()
        try await refusal(.unavailable) { [options] in try await store.upload(path, to: "a", options: options) }
        fake.setFault { _, _, _ in nil }
        let before = fake.names.count
        try await fake.store().upload(path, to: "a", options: options)
        #expect(fake.names.dropFirst(before).count { $0 == "PUT part" } == 6)
        #expect(fake.bytes("a") == TransferTests.bytes)
        #expect(try notes.names == [] && fake.state.withLock { $0.uploads.isEmpty })
    }

    /// Of a file that is made anew each time, and is another one by now.
    @Test(arguments: ["when_supported", "when_required"])
    func `A part that is another one by now is sent again`(policy: String) async throws {
        let (fake, folder, notes) = (try FakeS3(), try TemporaryFolder(), try TemporaryFolder())
        var options = options
        (options.parallel, options.journalFolder, options.contentName) = (1, notes.path, "the film")
        fake.setFault { request, number, _ in FakeS3.name(request) == "PUT part" && number >= 5 ? [.reset] : nil }
        let store = try await fake.store(variables: ["AWS_REQUEST_CHECKSUM_CALCULATION": policy])
        try await refusal(.unavailable) { [options] in
            try await store.upload(try folder.file(TransferTests.bytes), to: "a", options: options)
        }
        fake.setFault { _, _, _ in nil }
        var other = TransferTests.bytes
        other[70_000] ^= 1
        let before = fake.names.count
        try await store.upload(try folder.file(other, "other"), to: "a", options: options)
        #expect(fake.bytes("a") == other)
        #expect(fake.names.dropFirst(before).count { $0 == "PUT part" } == 7)
    }

    // MARK: Progress

    @Test(arguments: [100, TransferTests.bytes.count])
    func `Progress ends at the whole`(size: Int) async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        let reports = Mutex<[TransferProgress]>([])
        var options = options
        options.progress = { progress in reports.withLock { $0.append(progress) } }
        let store = try await fake.store()
        let bytes = Array(TransferTests.bytes.prefix(size))
        try await store.upload(try folder.file(bytes), to: "a", options: options)
        let up = reports.withLock { reports in
            defer { reports = [] }
            return reports
        }
        _ = try await store.download("a", to: folder.path + "/b", options: options)
        for list in [up, reports.withLock { $0 }] {
            #expect(list.first?.done == 0 && list.last?.done == Int64(size))
            #expect(list.allSatisfy { $0.total == size && $0.done <= size })
            #expect(zip(list, list.dropFirst()).allSatisfy { $0.done <= $1.done })
        }
    }

    // MARK: Parts

    @Test(arguments: [
        (0, 8 << 20, 8 << 20, 1), (1, 8 << 20, 8 << 20, 1), (8 << 20, 8 << 20, 8 << 20, 1), ((8 << 20) + 1, 8 << 20, 8 << 20, 2),
        (512 << 20, 8 << 20, 8 << 20, 64), ((512 << 20) + 1, 8 << 20, 16 << 20, 33), (1 << 30, 8 << 20, 16 << 20, 64),
        (4 << 30, 8 << 20, 32 << 20, 128), (80_000 << 20, 8 << 20, 32 << 20, 2500),
        (320_000 << 20, 8 << 20, 32 << 20, 10_000), ((320_000 << 20) + 1, 8 << 20, 33 << 20, 9697),
        (5 << 40, 8 << 20, 525 << 20, 9987),
    ] as [(Int64, Int64, Int64, Int)])
    func `Parts are as many as are of use, and never more than ten thousand`(size: Int64, asked: Int64, partBytes: Int64, count: Int) {
        let plan = PartPlan(size: size, partBytes: asked)
        #expect(plan.partBytes == partBytes && plan.count == count && count <= 10_000)
        #expect(plan.range(1).lowerBound == 0 && plan.range(count).upperBound == size)
        if count > 1 { #expect(plan.range(2).lowerBound == partBytes) }
    }

    @Test func `Objects that came in parts of another usual length are known again`() async throws {
        let (fake, folder) = (try FakeS3(), try TemporaryFolder())
        // No checksum: the ETag is all that tells.
        let store = try await fake.store(variables: ["AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required"])
        var bytes = content(6 << 20)
        let path = try folder.file(bytes)
        var options = TransferOptions()
        options.partBytes = 5 << 20
        try await store.upload(path, to: "a", options: options)
        let listed = ListedObject(try await store.head("a"))
        #expect(listed.etag.text.hasSuffix("-2"))
        #expect(try await store.holds(listed, contentOf: path, partBytes: 3 << 20) == true)
        #expect(try await store.holds(listed, contentOf: path, partBytes: 8 << 20) == true)
        bytes[5 << 20] ^= 1
        #expect(try await store.holds(listed, contentOf: try folder.file(bytes, "other"), partBytes: 8 << 20) == nil)
    }
}

extension ObjectStore {
    func downloadDiscarding(_ key: String, to path: String, options: TransferOptions) async throws {
        _ = try await download(key, to: path, options: options)
    }
}

/// Waits for what another task does; at most ten seconds.
func eventually(_ isTrue: () -> Bool) async throws {
    for _ in 0..<1000 where !isTrue() { try await Task.sleep(for: .milliseconds(10)) }
    #expect(isTrue())
}
