import Foundation
import Glibc
import ObjectStore
import Testing
import TestSupport

@Suite struct FolderStorePathTests {
    @Test(arguments: ["a.jpg", "projects/p/ü b.jpg", "./a.jpg", "projects//p/ü b.jpg", "projects/p/..b"])
    func finds(key: String) throws {
        let folder = try TemporaryFolder()
        for name in ["a.jpg", "projects/p/ü b.jpg", "projects/p/..b"] { try folder.write("x", name) }
        let found = try #require(try FolderStore(root: folder.path).path(ofKey: key))
        #expect(found.hasPrefix(folder.path + "/") && !found.contains("//") && !found.contains("/./"))
    }

    @Test(arguments: ["b.jpg", "a.jpg/b", "projects/none/a.jpg"])
    func isNotThere(key: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("x", "a.jpg")
        #expect(try FolderStore(root: folder.path).path(ofKey: key) == nil)
    }

    @Test(arguments: [
        "", "/etc/passwd", "..", "../x", "a/../../x", "a/..", "a\0b", String(repeating: "k", count: 1025), "out", "out/secret",
        "loop",
        String(repeating: "n", count: 300),
    ])
    func refuses(key: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("secret", "outside/secret")
        try folder.write("x", "store/a/x")
        #expect(symlink(folder.path + "/outside", folder.path + "/store/out") == 0)
        #expect(symlink("loop", folder.path + "/store/loop") == 0)
        let store = try FolderStore(root: folder.path + "/store")
        #expect(throws: StoreError.self) { try store.path(ofKey: key) }
    }

    /// A folder whose name only begins like the store's is not in it.
    @Test func aSiblingIsOutside() throws {
        let folder = try TemporaryFolder()
        try folder.write("x", "store-two/secret")
        try folder.write("x", "store/a")
        #expect(symlink("../store-two/secret", folder.path + "/store/link") == 0)
        #expect(throws: StoreError.self) { try FolderStore(root: folder.path + "/store").path(ofKey: "link") }
    }

    @Test func linksInsideAndToTheStoreAreFine() throws {
        let folder = try TemporaryFolder()
        try folder.write("x", "store/a")
        #expect(symlink("a", folder.path + "/store/link") == 0)
        #expect(symlink("store", folder.path + "/entrance") == 0)
        let store = try FolderStore(root: folder.path + "/entrance")
        #expect(store.root == folder.path + "/store")
        #expect(try store.path(ofKey: "link") == folder.path + "/store/a")
    }

    @Test(arguments: ["/nonexistent", "/etc/passwd", ""])
    func refusesAsRoot(path: String) { #expect(throws: StoreError.self) { try FolderStore(root: path) } }
}
