import AWS
import Foundation
import HTTP
import ObjectStore
import TestSupport
import Testing

/// What every store does, whatever it is.
@Suite(.timeLimit(.minutes(5))) struct ContractTests {
    typealias Kind = StoreUnderTest

    // MARK: Writing and reading

    @Test(arguments: Kind.allCases)
    func `What is written is read`(kind: Kind) async throws {
        let store = try await kind.make()
        let bytes = content(100_000)
        let etag = try await store.put(bytes, to: "a/b.jpg")
        #expect(try await store.read("a/b.jpg") == bytes)
        let info = try await store.head("a/b.jpg")
        #expect(info.key == "a/b.jpg" && info.size == 100_000 && info.etag == etag && !etag.text.isEmpty)
        #expect(abs(info.modifiedAt - HTTPDate.now) < 60)
        #expect(info.attributes == ObjectAttributes(contentType: "image/jpeg"))
    }

    @Test(arguments: Kind.allCases)
    func `An empty object is one`(kind: Kind) async throws {
        let store = try await kind.make()
        try await store.put([], to: "empty")
        #expect(try await store.head("empty").size == 0)
        #expect(try await store.read("empty") == [])
        try await refusal(.invalidRange) { try await store.read("empty", range: 0..<1) }
    }

    @Test(arguments: Kind.allCases)
    func `Another takes the place`(kind: Kind) async throws {
        let store = try await kind.make()
        let first = try await store.put(content(10), to: "a")
        let second = try await store.put(content(10, seed: 2), to: "a")
        #expect(first != second)
        #expect(try await store.read("a") == content(10, seed: 2))
    }

    @Test(arguments: Kind.allCases, [0..<1, 0..<100, 1..<2, 50..<100, 99..<100, 50..<1000, 0..<1000] as [Range<Int64>])
    func `A part is read`(kind: Kind, range: Range<Int64>) async throws {
        let store = try await kind.make()
        try await store.put(content(100), to: "a")
        let got = try await store.get("a", range: range, ifMatch: nil, into: .bytes(limit: 1000))
        let expected = range.clamped(to: 0..<100)
        #expect(got.range == expected && got.info.size == 100)
        #expect(got.bytes == Array(content(100)[Int(expected.lowerBound)..<Int(expected.upperBound)]))
    }

    @Test(arguments: Kind.allCases, [100..<101, 5000..<6000, 7..<7] as [Range<Int64>])
    func `Ranges outside are refused`(kind: Kind, range: Range<Int64>) async throws {
        let store = try await kind.make()
        try await store.put(content(100), to: "a")
        try await refusal(.invalidRange) { try await store.read("a", range: range) }
    }

    @Test(arguments: Kind.allCases)
    func `Files are read and written in parts`(kind: Kind) async throws {
        let (store, folder) = (try await kind.make(), try TemporaryFolder())
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: try folder.file(content(1000))))
        let body = HTTPBody.file(descriptor: file.fileDescriptor, offset: 100, count: 200)
        _ = try await store.put(body, to: "a", attributes: ObjectAttributes(), condition: nil)
        #expect(try await store.read("a") == Array(content(1000)[100..<300]))
        _ = try await store.get("a", range: 50..<60, ifMatch: nil, into: .file(descriptor: file.fileDescriptor, offset: 5))
        var expected = content(1000)
        expected.replaceSubrange(5..<15, with: content(1000)[150..<160])
        #expect(try folder.bytes("file") == expected)
    }

    @Test(arguments: Kind.allCases)
    func `More than is taken is refused`(kind: Kind) async throws {
        let store = try await kind.make()
        try await store.put(content(100), to: "a")
        try await refusal(.tooLarge) { try await store.read("a", limit: 99) }
        #expect(try await store.read("a", limit: 100).count == 100)
    }

    @Test(arguments: Kind.allCases)
    func `What is not there is said so`(kind: Kind) async throws {
        let store = try await kind.make()
        try await store.put([1], to: "folder/a")
        for key in ["b", "folder", "folder/b", "other/b"] {
            try await refusal(.notFound) { try await store.head(key) }
            try await refusal(.notFound) { try await store.read(key) }
            try await refusal(.notFound) { try await store.tags(of: key) }
            try await refusal(.notFound) { try await store.setTags(["a": "b"], of: key) }
            try await refusal(.notFound) { try await store.copy(key, to: "c") }
            #expect(try await store.headIfPresent(key) == nil)
        }
    }

    // MARK: Conditions

    @Test(arguments: Kind.allCases)
    func `Reads keep to the ETag`(kind: Kind) async throws {
        let store = try await kind.make()
        let old = try await store.put(content(10), to: "a")
        #expect(try await store.read("a", range: 2..<5, ifMatch: old).count == 3)
        try await store.put(content(10, seed: 2), to: "a")
        try await refusal(.preconditionFailed) { try await store.read("a", ifMatch: old) }
        try await refusal(.preconditionFailed) { try await store.read("a", range: 2..<5, ifMatch: old) }
    }

    @Test(arguments: Kind.allCases)
    func `Only what is not there is written`(kind: Kind) async throws {
        let store = try await kind.make()
        try await store.put(content(10), to: "a", condition: .absent)
        try await refusal(.preconditionFailed) { try await store.put(content(10, seed: 2), to: "a", condition: .absent) }
        #expect(try await store.read("a") == content(10))
    }

    @Test(arguments: Kind.allCases)
    func `Only what is still the same is replaced`(kind: Kind) async throws {
        let store = try await kind.make()
        let old = try await store.put(content(10), to: "a")
        let new = try await store.put(content(10, seed: 2), to: "a", condition: .matches(old))
        for _ in 0..<2 {
            try await refusal(.preconditionFailed) { try await store.put([3], to: "a", condition: .matches(old)) }
        }
        #expect(try await store.head("a").etag == new)
        // In parts, too.
        let folder = try TemporaryFolder()
        let path = try folder.file(content(6 << 20))
        for (condition, isKept) in [(WriteCondition.matches(old), true), (.absent, true), (.matches(new), false)] {
            var options = TransferOptions()
            (options.partBytes, options.condition) = (5 << 20, condition)
            guard isKept else {
                try await store.upload(path, to: "a", options: options)
                continue
            }
            try await refusal(.preconditionFailed) { [options] in try await store.upload(path, to: "a", options: options) }
        }
        #expect(try await store.read("a") == content(6 << 20))
    }

    @Test(arguments: Kind.allCases)
    func `Of many at once one wins`(kind: Kind) async throws {
        let store = try await kind.make()
        let winners = await withTaskGroup(of: Int?.self, returning: [Int].self) { group in
            for number in 0..<8 {
                group.addTask {
                    do {
                        try await store.put([UInt8(number)], to: "lock", condition: .absent)
                        return number
                    } catch { return (error as? StoreError)?.kind == .preconditionFailed ? nil : -1 }
                }
            }
            return await group.reduce(into: []) { if let number = $1 { $0.append(number) } }
        }
        #expect(winners.count == 1)
        #expect(try await store.read("lock") == winners.map { UInt8($0) })
    }

    // MARK: Attributes

    @Test(arguments: Kind.allCases)
    func `Attributes stay with the object`(kind: Kind) async throws {
        let store = try await kind.make()
        let metadata = [
            "plain": "a value, with: punctuation; = and % and \"quotes\"", "title": "Größe 漢字 🎬",
            "long": String(repeating: "ü", count: 300), "blanks": "  two  ", "looks-encoded": "=?UTF-8?B?w7w=?=",
        ]
        let tags = ["a b": kind.takesTagsBeyondASCII ? "ü=+/@" : "=+/@", "c": ""]
        let attributes = ObjectAttributes(contentType: "text/x-test; charset=utf-8", metadata: metadata, tags: tags)
        try await store.put([1], to: "a", attributes: attributes)
        let info = try await store.head("a")
        #expect(info.attributes.metadata == metadata)
        #expect(info.attributes.contentType == "text/x-test; charset=utf-8")
        #expect(try await store.get("a", range: nil, ifMatch: nil, into: .bytes(limit: 10)).info.attributes == info.attributes)
        #expect(try await store.tags(of: "a") == tags)

        try await store.setTags(["x y": "z = 1"], of: "a")
        #expect(try await store.tags(of: "a") == ["x y": "z = 1"])
        #expect(try await store.head("a").etag == info.etag)
        try await store.setTags([:], of: "a")
        #expect(try await store.tags(of: "a") == [:])
        try await store.put([2], to: "a")
        #expect(try await store.head("a").attributes == ObjectAttributes(contentType: "application/octet-stream"))
    }

    @Test(arguments: Kind.allCases, [
        ObjectAttributes(contentType: "a\nb"), ObjectAttributes(metadata: ["Upper": "x"]), ObjectAttributes(metadata: ["": "x"]),
        ObjectAttributes(metadata: ["a": "line\r\nX-Injected: 1"]),
        ObjectAttributes(metadata: ["a": String(repeating: "x", count: 2048)]),
        ObjectAttributes(tags: ["": "x"]), ObjectAttributes(tags: ["a": "<&>"]),
        ObjectAttributes(tags: ["x": String(repeating: "y", count: 257)]),
        ObjectAttributes(tags: Dictionary(uniqueKeysWithValues: (0...10).map { ("\($0)", "") })),
    ])
    func `Attributes that S3 would not take`(kind: Kind, attributes: ObjectAttributes) async throws {
        let store = try await kind.make()
        try await refusal(.invalidRequest) { try await store.put([1], to: "a", attributes: attributes) }
        #expect(try await store.headIfPresent("a") == nil)
    }

    // MARK: Keys

    static let oddKeys = [
        "with space", "+plus+", "=", "100%", "%2F", "%", "a:b", "it's", "(brackets)", "exclaim!", "star*", "at@", "comma,", ";",
        "a&b", "ü", "u\u{308}", "🎬 film", "漢字", "a?b", "a#b", "[x]{y}|z", "\\", "\"quoted\"", "<xml>&amp;", "~tilde",
        "^caret", "`tick`", "-", "_", "...", "a..b", ".hidden", "new\nline", "tab\tstop",
    ]

    @Test(arguments: Kind.allCases)
    func `Odd keys are keys like others`(kind: Kind) async throws {
        let store = try await kind.make()
        let odd = Self.oddKeys.filter { kind.takesLineFeeds || !$0.contains("\n") }
        let keys = odd + odd.map { "in \($0)/\($0).jpg" }
        for (number, key) in keys.enumerated() { try await store.put(Array("\(number)".utf8), to: key) }
        for (number, key) in keys.enumerated() {
            #expect(try await store.read(key) == Array("\(number)".utf8), "\(key)")
            #expect(try await store.head(key).key == key)
        }
        let listed = try await store.list().allObjects().map { Array($0.key.utf8) }
        #expect(listed == keys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
        _ = try await store.copy("100%", to: "copy of + % ü")
        #expect(try await store.read("copy of + % ü") == Array("\(keys.firstIndex(of: "100%") ?? -1)".utf8))
        #expect(try await store.delete(keys) == [])
        #expect(try await store.list().allObjects().map(\.key) == ["copy of + % ü"])
    }

    @Test(arguments: Kind.allCases)
    func `Keys may be long`(kind: Kind) async throws {
        let store = try await kind.make()
        let prefix = (store as? S3Store)?.prefix ?? ""
        let parts = (0..<5).map { "\($0)" + String(repeating: "x", count: 200) }.joined(separator: "/")
        let key = String((parts + String(repeating: "y", count: 40)).prefix(1024 - prefix.utf8.count))
        try await store.put([1], to: key)
        #expect(try await store.list().allObjects().map(\.key) == [key])
        try await refusal(.invalidKey) { try await store.put([1], to: key + "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz") }
        try await refusal(.invalidKey) { try await store.put([1], to: "") }
        try await refusal(.invalidKey) { try await store.head("") }
    }

    /// Objects in a bucket, but no files in a folder.
    static let keysWithoutFiles = [
        "a//b", "/a", "a/", "./a", "a/.", "../a", "a/../b", ".a.partial", String(repeating: "x", count: 256),
    ]

    @Test(arguments: Kind.servers, keysWithoutFiles)
    func `Keys that no file can have`(kind: Kind, key: String) async throws {
        let store = try await kind.make()
        try await store.put([7], to: key)
        #expect(try await store.read(key) == [7])
        #expect(try await store.list().allObjects().map(\.key) == [key])
        try await store.delete(key)
        #expect(try await store.headIfPresent(key) == nil)
    }

    @Test(arguments: keysWithoutFiles)
    func `A folder refuses keys that no file can have`(key: String) async throws {
        let folder = try TemporaryFolder()
        let store = try FolderStore(root: folder.path)
        try await refusal(.invalidKey) { try await store.put([7], to: key) }
        try await refusal(.invalidKey) { try await store.head(key) }
        try await refusal(.invalidKey) { try await store.delete(key) }
        #expect(try folder.names == [])
    }

    // MARK: Listing

    @Test(arguments: Kind.allCases)
    func `Listings have pages`(kind: Kind) async throws {
        let store = try await kind.make()
        let keys = ["a", "a-b", "a.txt", "a/b", "a/b/c", "a/d", "a0", "b/c/d", "b/e", "z"].filter { $0 != "a" && $0 != "a/b" }
        for key in keys { try await store.put(Array(key.utf8), to: key) }
        for pageSize in [1, 2, 3, 8, 1000] {
            var pages: [ListPage] = []
            for try await page in store.list(Listing(pageSize: pageSize)) { pages.append(page) }
            #expect(pages.flatMap(\.objects).map(\.key) == keys, "\(pageSize)")
            #expect(pages.allSatisfy { $0.objects.count <= pageSize && $0.commonPrefixes.isEmpty })
        }
        let infos = try await store.list(Listing(prefix: "a/")).allObjects()
        #expect(infos.map(\.key) == ["a/b/c", "a/d"])
        for info in infos {
            let head = try await store.head(info.key)
            #expect(info.etag == head.etag && info.size == head.size && abs(info.modifiedAt - head.modifiedAt) <= 1)
        }
        #expect(try await store.list(Listing(prefix: "b")).allObjects().map(\.key) == ["b/c/d", "b/e"])
        #expect(try await store.list(Listing(prefix: "nothing")).allObjects() == [])
    }

    @Test(arguments: Kind.allCases)
    func `Listings of one level`(kind: Kind) async throws {
        let store = try await kind.make()
        for key in ["a-b", "a/b/c", "a/d", "a0", "b/c/d", "b/e", "z ü/x"] { try await store.put([1], to: key) }
        for pageSize in [1, 2, 1000] {
            var (objects, prefixes): ([String], [String]) = ([], [])
            for try await page in store.list(Listing(depth: .oneLevel, pageSize: pageSize)) {
                objects += page.objects.map(\.key)
                prefixes += page.commonPrefixes
            }
            #expect(objects == ["a-b", "a0"] && prefixes == ["a/", "b/", "z ü/"], "\(pageSize)")
        }
        let page = try await store.page(of: Listing(prefix: "a/", depth: .oneLevel), after: nil)
        #expect(page.objects.map(\.key) == ["a/d"] && page.commonPrefixes == ["a/b/"] && page.next == nil)
        let half = try await store.page(of: Listing(prefix: "a", depth: .oneLevel), after: nil)
        #expect(half.objects.map(\.key) == ["a-b", "a0"] && half.commonPrefixes == ["a/"])
    }

    // MARK: Deleting and copying

    @Test(arguments: Kind.allCases)
    func `Many are deleted at once`(kind: Kind) async throws {
        let store = try await kind.make()
        // More than a request takes; a folder has none, and waits for the disk.
        let keys = (0..<(kind == .folder ? 123 : 1234)).map { "many/\($0 % 7)/\($0)" }
        await withTaskGroup(of: Void.self) { group in
            for start in 0..<8 {
                group.addTask {
                    for place in stride(from: start, to: keys.count, by: 8) { _ = try? await store.put([1], to: keys[place]) }
                }
            }
        }
        try await store.put([1], to: "other")
        #expect(try await store.list().allObjects().count == keys.count + 1)
        #expect(try await store.delete(keys + ["never/there"]) == [])
        #expect(try await store.list().allObjects().map(\.key) == ["other"])
        try await store.delete("other")
        try await store.delete("other")
        #expect(try await store.list().allObjects() == [])
    }

    @Test(arguments: Kind.allCases)
    func `Copies have the attributes`(kind: Kind) async throws {
        let store = try await kind.make()
        let attributes = ObjectAttributes(contentType: "text/x-test", metadata: ["title": "ü"], tags: ["a": "b"])
        try await store.put(content(1000), to: "a b.jpg", attributes: attributes)
        let etag = try await store.copy("a b.jpg", to: "c/d")
        let info = try await store.head("c/d")
        #expect(info.etag == etag && info.attributes.contentType == "text/x-test" && info.attributes.metadata == ["title": "ü"])
        #expect(try await store.tags(of: "c/d") == ["a": "b"])
        #expect(try await store.read("c/d") == content(1000))
        _ = try await store.copy("c/d", to: "c/d")
        #expect(try await store.read("c/d") == content(1000))
        #expect(try await store.head("c/d").attributes == info.attributes)
    }

    @Test(arguments: Kind.servers)
    func `Large objects are copied in parts`(kind: Kind) async throws {
        var limits = S3Store.Limits()
        (limits.singleCopyBytes, limits.copyPartBytes) = (6 << 20, 5 << 20)
        let store = try await kind.make(limits)
        let bytes = content(11 << 20)
        let attributes = ObjectAttributes(contentType: "text/x-test", metadata: ["title": "ü"], tags: ["a": "b c"])
        try await store.put(bytes, to: "a ü", attributes: attributes)
        let etag = try await store.copy("a ü", to: "b")
        let info = try await store.head("b")
        #expect(info.etag == etag && info.attributes.metadata == ["title": "ü"] && info.attributes.contentType == "text/x-test")
        #expect(try await store.tags(of: "b") == (kind.keepsTagsOfParts ? ["a": "b c"] : [:]))
        #expect(try await store.read("b") == bytes)
    }

    // MARK: Presigned URLs

    @Test(arguments: Kind.servers)
    func `Presigned URLs work without credentials`(kind: Kind) async throws {
        let store = try await kind.make()
        let client = try HTTPClient(.direct)
        let key = "odd + ü % & ' () key"
        let put = try await store.presign(.put, key, expiresSeconds: 60)
        #expect(try await client.perform(HTTPRequest(method: "PUT", address: put), sending: .bytes([1, 2, 3])).status == 200)
        let get = try await store.presign(.get, key, expiresSeconds: 60)
        #expect(try await client.perform(HTTPRequest(method: "GET", address: get)).body == [1, 2, 3])
        #expect(!"\(get) \(String(reflecting: get))".contains("Signature"))
        try await refusal(.invalidRequest) { try await store.presign(.get, key, expiresSeconds: 0) }
        try await refusal(.invalidRequest) { try await store.presign(.get, key, expiresSeconds: 604_801) }

        // One for reading is not one for writing, and it ends.
        let abuse = try await client.perform(HTTPRequest(method: "PUT", address: get), sending: .bytes([4]))
        #expect(abuse.status == (kind.verifiesSignatures ? 403 : 200))
        let short = (
            get: try await store.presign(.get, key, expiresSeconds: 1), put: try await store.presign(.put, key, expiresSeconds: 1)
        )
        try await Task.sleep(for: .seconds(2.5))
        let late = (
            get: try await client.perform(HTTPRequest(method: "GET", address: short.get)),
            put: try await client.perform(HTTPRequest(method: "PUT", address: short.put), sending: .bytes([5]))
        )
        #expect(late.get.status == (kind.verifiesSignatures ? 403 : 200))
        #expect(late.put.status == (kind.verifiesSignatures ? 403 : 200))
        if kind.verifiesSignatures { #expect(try await store.read(key) == [1, 2, 3]) }
    }

    @Test func `A folder has no presigned URLs`() async throws {
        let store = try await Kind.folder.make()
        try await refusal(.unsupported) { try await store.presign(.get, "a", expiresSeconds: 60) }
    }

    // MARK: Files

    @Test(arguments: Kind.allCases, [0, 1, (5 << 20) - 1, 5 << 20, (5 << 20) + 1, 21 << 20])
    func `Files go up and come down`(kind: Kind, size: Int) async throws {
        let (store, folder) = (try await kind.make(), try TemporaryFolder())
        var options = TransferOptions()
        options.partBytes = 5 << 20
        let path = try folder.file(content(size))
        let attributes = ObjectAttributes(contentType: "video/x-test", metadata: ["title": "ü"], tags: ["a": "b"])
        let etag = try await store.upload(path, to: "film ü.mp4", attributes: attributes, options: options)
        let info = try await store.download("film ü.mp4", to: folder.path + "/back", options: options)
        #expect(try folder.bytes("back") == content(size))
        #expect(info.etag == etag && info.size == size && info.attributes.metadata == ["title": "ü"])
        #expect(info.attributes.contentType == "video/x-test")
        let isInParts = store is S3Store && size > 5 << 20
        #expect(try await store.tags(of: "film ü.mp4") == (isInParts && !kind.keepsTagsOfParts ? [:] : ["a": "b"]))
        #expect(try folder.names == ["back", "file"])
        if let s3 = store as? S3Store { #expect(try await s3.unfinishedUploads() == []) }
    }

    @Test(arguments: Kind.allCases)
    func `Files that are not there`(kind: Kind) async throws {
        let (store, folder) = (try await kind.make(), try TemporaryFolder())
        try await refusal(.file) { try await store.upload(folder.path + "/none", to: "a") }
        try await refusal(.file) { try await store.upload(folder.path, to: "a") }
        try await refusal(.notFound) { try await store.download("none", to: folder.path + "/b") }
        try await store.put([1], to: "a")
        try await refusal(.file) { try await store.download("a", to: folder.path + "/none/b") }
        #expect(try folder.names == [])
    }
}
