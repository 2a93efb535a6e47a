import Foundation
import JSON
import TestSupport

/// A project of any length: a new picture every five seconds, with motions by preset and crossfades, and a narration.
///
/// Each picture file differs from all others, so that none is held or decoded once for many.
struct SyntheticProject {
    let folder: URL

    private static let shotSeconds = 5
    private static let pictureSize = (width: 640, height: 360)
    /// Patterns; files of one pattern differ in one pixel.
    private static let distinct = 6

    /// - Parameter minutes: of film.
    init(minutes: Int, in parent: URL) throws {
        folder = parent.appendingPathComponent("minutes-\(minutes)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let patterns = (0..<Self.distinct).map(Self.pattern)
        let count = minutes * 60 / Self.shotSeconds
        for index in 0..<count {
            var bytes = patterns[index % Self.distinct]
            // The last row of the file is the picture's first.
            bytes[bytes.count - 3] = UInt8(truncatingIfNeeded: index)
            bytes[bytes.count - 2] = UInt8(truncatingIfNeeded: index >> 8)
            try Data(bytes).write(to: folder.appendingPathComponent(Self.name(index)))
        }
        try Data(Self.narration(seconds: minutes * 60)).write(to: folder.appendingPathComponent("narration.wav"))
        let manifest: JSON = [
            "project_id": .string("minutes-\(minutes)"),
            "audio_file": "narration.wav",
            "segments": .array(
                (0..<count).map { index in
                    [
                        "id": .integer(Int64(index)), "start_time": .integer(Int64(index * Self.shotSeconds)),
                        "end_time": .integer(Int64((index + 1) * Self.shotSeconds)),
                        "generated_images": [["path": .string(Self.name(index))]],
                    ]
                }),
        ]
        try Data(manifest.serializedBytes(pretty: true)).write(to: folder.appendingPathComponent("manifest.json"))
    }

    private static func name(_ index: Int) -> String { "picture-\(index).bmp" }

    /// Soft shapes with grain, which an encoder cannot make small work of.
    private static func pattern(_ index: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: UInt64(index))
        let across = Double.random(in: 0.01...0.05, using: &generator)
        let down = Double.random(in: 0.01...0.05, using: &generator)
        return bitmap(width: pictureSize.width, height: pictureSize.height) { x, y in
            let grain = generator.next()
            func channel(_ shift: Int) -> UInt8 {
                let wave = sine(Double(x) * across + Double(shift)) * sine(Double(y) * down)
                return UInt8(127 + 90 * wave + Double(grain >> shift & 15))
            }
            return (channel(0), channel(8), channel(16))
        }
    }

    /// A quiet tone: WAV, 16 kHz, 16 bit, mono.
    private static func narration(seconds: Int) -> [UInt8] {
        let rate = 16_000
        let dataBytes = seconds * rate * 2
        var bytes: [UInt8] = []
        bytes.reserveCapacity(44 + dataBytes)
        func append(_ value: Int, _ count: Int) {
            for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
        }
        bytes += Array("RIFF".utf8)
        append(36 + dataBytes, 4)
        bytes += Array("WAVEfmt ".utf8)
        for (value, count) in [(16, 4), (1, 2), (1, 2), (rate, 4), (rate * 2, 4), (2, 2), (16, 2)] { append(value, count) }
        bytes += Array("data".utf8)
        append(dataBytes, 4)
        for index in 0..<seconds * rate { append(Int(3000 * sine(Double(index) * 0.17)), 2) }
        return bytes
    }
}
