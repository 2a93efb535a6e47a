import Foundation
import Glibc
import ObjectStore
import Synchronization
import TestSupport
import Testing

/// What is a folder's alone.
@Suite struct FolderStoreTests {
    @Test func `Files that others put there are objects`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("text", "a/b.png")
        let store = try FolderStore(root: folder.path)
        #expect(try await store.read("a/b.png") == Array("text".utf8))
        let info = try await store.head("a/b.png")
        #expect(info.attributes.contentType == "image/png")
        #expect(try await store.list().allObjects().map(\.key) == ["a/b.png"])
        // In place, as other programs write.
        try #require(FileHandle(forWritingAtPath: folder.path + "/a/b.png")).write(contentsOf: Data("TEXT".utf8))
        try await refusal(.preconditionFailed) { try await store.read("a/b.png", ifMatch: info.etag) }
    }

    static let canMount = geteuid() == 0 && mount("none", "/", "none-such", 0, nil) != 0 && errno != EPERM

    /// Nothing is written without what is to be said of it.
    @Test(.enabled(if: canMount, "needs root to mount a file system without extended attributes"))
    func `A file system without attributes is said so`() async throws {
        let folder = try TemporaryFolder()
        try #require(mount("none", folder.path, "ramfs", 0, nil) == 0)
        defer { umount2(folder.path, Int32(MNT_DETACH)) }
        let store = try FolderStore(root: folder.path)
        for attributes in [
            ObjectAttributes(metadata: ["a": "b"]), ObjectAttributes(tags: ["a": "b"]), ObjectAttributes(contentType: "text/x"),
        ] {
            let error = try await refusal(.unsupported) { try await store.put([1], to: "a.jpg", attributes: attributes) }
            #expect(error.description.hasPrefix("a.jpg cannot be written: its file system has no extended attributes"))
            #expect(try folder.names == [])
        }
        try await store.put([1], to: "a.jpg", attributes: ObjectAttributes(contentType: "image/jpeg"))
        #expect(try await store.head("a.jpg").attributes == ObjectAttributes(contentType: "image/jpeg"))
        #expect(try await store.tags(of: "a.jpg") == [:])
        try await refusal(.unsupported) { try await store.setTags(["a": "b"], of: "a.jpg") }
        try await store.setTags([:], of: "a.jpg")
        #expect(try await store.read("a.jpg") == [1])
    }

    @Test func `A name is a file or a folder`() async throws {
        let folder = try TemporaryFolder()
        let store = try FolderStore(root: folder.path)
        try await store.put([1], to: "a")
        try await store.put([1], to: "b/c")
        try await refusal(.invalidKey) { try await store.put([2], to: "a/b") }
        try await refusal(.invalidKey) { try await store.put([2], to: "b") }
        #expect(try await store.list().allObjects().map(\.key) == ["a", "b/c"])
        #expect(try folder.names == ["a", "b"])
    }

    @Test func `Folders go with their last object`() async throws {
        let folder = try TemporaryFolder()
        let store = try FolderStore(root: folder.path)
        for key in ["a/b/c", "a/b/d", "e"] { try await store.put([1], to: key) }
        try await store.delete("a/b/c")
        #expect(try folder.names == ["a", "e"])
        try await store.delete("a/b/d")
        #expect(try folder.names == ["e"])
        try await store.delete("e")
        #expect(try folder.names == [])
    }

    @Test func `Links that lead out are not followed`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("secret", "outside/secret")
        try folder.write("x", "store/a")
        #expect(symlink(folder.path + "/outside", folder.path + "/store/out") == 0)
        #expect(symlink(folder.path + "/outside/secret", folder.path + "/store/link") == 0)
        let store = try FolderStore(root: folder.path + "/store")
        try await refusal(.invalidKey) { try await store.put([1], to: "out/new") }
        try await refusal(.invalidKey) { try await store.put([1], to: "out/deep/new") }
        try await refusal(.invalidKey) { try await store.delete("out/secret") }
        try await refusal(.invalidKey) { try await store.read("link") }
        #expect(try await store.list().allObjects().map(\.key) == ["a"])
        // A link is replaced and deleted, not what it leads to.
        try await store.put([1], to: "link")
        #expect(try folder.read("outside/secret") == "secret")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/outside") == ["secret"])
    }

    @Test func `Links that are left out are known`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("x", "outside/file")
        try folder.write("x", "store/images/a")
        for (name, place) in [
            ("good", "images/a"), ("images/out", "../../outside/file"), ("folder", "images"), ("nowhere", "none"),
        ] { #expect(symlink(place, folder.path + "/store/" + name) == 0) }
        let store = try FolderStore(root: folder.path + "/store")
        #expect(try await store.list().allObjects().map(\.key) == ["good", "images/a"])
        #expect(try store.linksWithoutObjects() == ["folder", "images/out", "nowhere"])
    }

    @Test func `A file that changes while it is read does not become an object`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/source"
        try folder.write(Data(content(32 << 20)), "source")
        try folder.write("old", "store/a")
        let store = try FolderStore(root: folder.path + "/store")
        let hasBegun = Mutex(false)
        let isDone = Mutex(false)
        let writer = Task.detached {
            let file = try #require(FileHandle(forWritingAtPath: path))
            while !isDone.withLock({ $0 }) {
                try file.seek(toOffset: 0)
                try file.write(contentsOf: Data([1, 2, 3]))
                hasBegun.withLock { $0 = true }
                usleep(1000)
            }
        }
        try await eventually { hasBegun.withLock { $0 } }
        try await refusal(.changed) { try await store.upload(path, to: "a") }
        isDone.withLock { $0 = true }
        try await writer.value
        #expect(try folder.read("store/a") == "old")
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.root) == ["a"])
    }

    @Test func `Unfinished files are no objects`() async throws {
        let folder = try TemporaryFolder()
        let store = try FolderStore(root: folder.path)
        try folder.write("x", ".a.123.partial")
        try folder.write("x", "b/.c.download.partial")
        #expect(try await store.list().allObjects() == [])
        #expect(try await store.page(of: Listing(depth: .oneLevel), after: nil).commonPrefixes == [])
    }

    @Test func `A store whose folder is gone is said so`() async throws {
        let folder = try TemporaryFolder()
        try folder.write("x", "store/a")
        let store = try FolderStore(root: folder.path + "/store")
        try FileManager.default.removeItem(atPath: folder.path + "/store")
        try await refusal(.noStore) { try await store.put([1], to: "a") }
        try await refusal(.notFound) { try await store.read("a") }
    }

    @Test func `Many writers and deleters do not trip over each other`() async throws {
        let folder = try TemporaryFolder()
        let store = try FolderStore(root: folder.path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    for round in 0..<10 {
                        try await store.put([UInt8(number), UInt8(round)], to: "a/b/\(number % 2)")
                        try await store.delete("a/b/\(number % 2)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try folder.names == [])
    }
}
