import Foundation
import Media
import Testing

/// A folder of its own for one test, removed with the object. The name has all that trips up careless path handling.
final class ScratchFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("burns media: 'test' \(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}

/// Runs a tool found on PATH in `folder`; its standard output. Fails the test where the tool fails.
@discardableResult
func run(_ tool: String, _ arguments: [String], in folder: ScratchFolder? = nil, mayFail: Bool = false) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    if let folder { process.currentDirectoryURL = folder.url }
    let output = Pipe()
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent("burns-stderr-\(UUID().uuidString)")
    try Data().write(to: errors)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus != 0 && !mayFail {
        let text = try String(contentsOf: errors, encoding: .utf8)
        Issue.record("\(tool) \(arguments.joined(separator: " ")): \(text)")
    }
    return String(decoding: data, as: UTF8.self)
}

@discardableResult
func ffmpeg(_ arguments: String..., in folder: ScratchFolder? = nil) throws -> String {
    try run("ffmpeg", ["-hide_banner", "-v", "error", "-y", "-nostdin"] + arguments, in: folder)
}

/// ffprobe's `-show_entries` as lines of `key=value`.
func probe(_ path: String, _ entries: String, _ more: String...) throws -> [String] {
    try run("ffprobe", ["-v", "error", "-show_entries", entries, "-of", "default=nw=1"] + more + ["file:" + path])
        .split(separator: "\n").map(String.init)
}

func frameHashes(_ path: String, _ more: String...) throws -> [String] {
    try run("ffmpeg", ["-v", "error", "-nostdin", "-i", "file:" + path, "-map", "0:v", "-f", "framemd5"] + more + ["-"])
        .split(separator: "\n").filter { !$0.hasPrefix("#") }
        .compactMap { $0.split(separator: ",").last.map { $0.trimmingCharacters(in: .whitespaces) } }
}

/// Draws a picture that moves with its index: enough for an encoder to want B-frames.
func draw(_ index: Int, _ frame: borrowing VideoFrame) {
    frame.withPlanes { planes in
        for row in 0..<planes.height {
            for column in 0..<planes.width {
                let wave = (column * 3 + row * 2 + index * 5) % 200
                let isInBox = (column - index * 2) & 31 < 8 && (row + index) & 31 < 8
                planes.y[row * planes.yStrideBytes + column] = isInBox ? 230 : UInt8(16 + wave)
            }
        }
        for row in 0..<planes.chromaHeight {
            for column in 0..<planes.chromaWidth {
                planes.cb[row * planes.cbStrideBytes + column] = UInt8(60 + (column + index) % 130)
                planes.cr[row * planes.crStrideBytes + column] = UInt8(60 + (row * 2 + index) % 130)
            }
        }
    }
}

@discardableResult
func makeChunk(_ settings: VideoSettings, frames: Range<Int>, path: String) throws -> ChunkInfo {
    let encoder = try ChunkEncoder(settings: settings, path: path)
    for index in frames {
        let frame = try encoder.makeFrame()
        draw(index, frame)
        try encoder.encode(frame)
    }
    return try encoder.finish()
}

func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch {
        return "\(error)"
    }
}

extension VideoSettings {
    static func small(_ encoder: String = "libx264", preset: String? = nil, crf: Double? = nil, width: Int = 128, height: Int = 96) -> VideoSettings {
        VideoSettings(
            width: width, height: height, frameRate: Rational(numerator: 24, denominator: 1), encoder: encoder, preset: preset, crf: crf)
    }
}
