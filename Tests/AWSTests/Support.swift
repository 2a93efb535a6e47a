import Foundation
import HTTP
import JSON
import Testing

/// A file of `Tests/AWSTests/Resources`.
func resource(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Resources/\(name)")
}

/// Runs a script of `Resources` with Debian's Python, for which botocore is installed; what it prints.
func python(_ script: String, _ arguments: [String] = [], input: String) throws -> JSON {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("burns-aws-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files, not pipes: both sides may write more than a pipe holds.
    let (inputFile, outputFile) = (folder.appendingPathComponent("in"), folder.appendingPathComponent("out"))
    try Data(input.utf8).write(to: inputFile)
    try Data().write(to: outputFile)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = ["-B", resource(script).path] + arguments
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(script) failed")
    return try JSON(parsing: Array(Data(contentsOf: outputFile)))
}

extension JSON {
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
}

extension HTTPRequest {
    init(_ method: String, _ host: String, _ path: String, query: String? = nil, headers: KeyValuePairs<String, String> = [:]) {
        self.init(method: method, address: HTTPAddress(scheme: "https", host: host, path: path, query: query))
        for (name, value) in headers { self.headers.append(name, value) }
    }
}
