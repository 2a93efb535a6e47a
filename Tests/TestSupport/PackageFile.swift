import Foundation

/// A file of this package: "Tests/…", ".build/…".
public func packageFile(_ path: String) -> URL {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<3 { root.deleteLastPathComponent() }
    return root.appendingPathComponent(path)
}

/// A program that the package builds, beside the tests that run.
public func builtProgram(_ name: String) -> URL {
    let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(name)
    let candidates = [beside] + ["tests/release", "release", "debug"].map { packageFile(".build/\($0)/\(name)") }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? beside
}
