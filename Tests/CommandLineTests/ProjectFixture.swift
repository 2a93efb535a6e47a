import Foundation
import Testing

/// Projects made of generated pictures.
enum ProjectFixture {
    /// The built-in example.
    static let earthrise = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Examples/store/projects/earthrise").path

    /// Six JPEGs of 320 × 200, and some that are broken in ways of their own; made once for all tests.
    private static let pictures = Result { try makePictures() }
    private static let script = """
        import struct, zlib
        from PIL import Image
        import numpy as np
        def picture(seed, width=320, height=200):
            random = np.random.default_rng(seed)
            return Image.fromarray(random.integers(0, 255, (height // 8, width // 8, 3), dtype=np.uint8)).resize((width, height), Image.BICUBIC)
        for seed in range(6): picture(seed).save(f"{seed}.jpg", quality=90)
        picture(9, 2400, 1600).save("large.jpg", quality=80)
        def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        def png(name, width, height, data):
            header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
            open(name, "wb").write(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
        png("bomb.png", 60000, 60000, zlib.compress(bytes(1000000)))
        png("undecodable.png", 320, 200, b"\\x78\\x9c" + bytes(255 - i % 256 for i in range(5000)))
        data = open("1.jpg", "rb").read()
        open("truncated.jpg", "wb").write(data[:len(data) // 2])
        open("text.jpg", "w").write("This is no picture. " * 50)
        open("empty.jpg", "w").close()
        """

    private static func makePictures() throws -> Sandbox {
        let sandbox = try Sandbox()
        let made = try sandbox.start(["/usr/bin/python3", "-c", script]).wait()
        try #require(made.status == 0, "\(made.error)")
        let root = sandbox.root
        atexit_b { try? FileManager.default.removeItem(atPath: root) }
        return sandbox
    }

    static func picture(_ name: String) throws -> String { try pictures.get().output + "/" + name }

    static func segment(_ index: Int, seconds: Double = 2, picture: String) -> [String: Any] {
        [
            "id": index, "start_time": Double(index) * seconds, "end_time": Double(index + 1) * seconds,
            "text": "The text of number \(index).", "generated_images": [["s3_key": "projects/p/images/\(picture)"]],
        ]
    }

    /// A project of `count` segments with a picture each.
    ///
    /// - Returns: its folder; the manifest is what `edit` makes of it.
    static func make(
        in sandbox: Sandbox, count: Int = 3, _ edit: (_ manifest: inout [String: Any], _ folder: String) throws -> Void = { _, _ in }
    ) throws -> String {
        let folder = sandbox.root + "/store/projects/p"
        try Files.makeFolder(folder + "/images")
        for index in 0..<count { try Files.copy(picture("\(index % 6).jpg"), to: "\(folder)/images/\(index).jpg") }
        var manifest: [String: Any] = [
            "project_id": "p", "segments": (0..<count).map { segment($0, picture: "\($0).jpg") },
        ]
        try edit(&manifest, folder)
        try Files.write(try JSONSerialization.data(withJSONObject: manifest), folder + "/manifest.json")
        return folder
    }

    static func edit(_ folder: String, _ change: (inout [String: Any]) -> Void) throws {
        let object = try JSONSerialization.jsonObject(with: Files.read(folder + "/manifest.json"))
        var manifest = try #require(object as? [String: Any])
        change(&manifest)
        try Files.write(try JSONSerialization.data(withJSONObject: manifest), folder + "/manifest.json")
    }

    /// Puts another picture, made for a test, in the place of one of a project's.
    static func replace(_ name: String, in folder: String, with fixture: String) throws {
        let path = folder + "/images/" + name
        try FileManager.default.removeItem(atPath: path)
        try Files.copy(picture(fixture), to: path)
    }
}

private func atexit_b(_ body: @escaping @Sendable () -> Void) {
    cleanup.set(body)
    atexit { cleanup.run() }
}

private let cleanup = Cleanup()
private final class Cleanup: @unchecked Sendable {  // set once before the process ends, run once as it does
    private var body: (@Sendable () -> Void)?
    func set(_ body: @escaping @Sendable () -> Void) { self.body = body }
    func run() { body?() }
}
