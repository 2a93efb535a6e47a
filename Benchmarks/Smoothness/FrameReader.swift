import BenchmarkSupport
import Foundation

/// Reads the frames that a command writes to its standard output as YUV4MPEG2, one at a time.
///
/// - Thread rule: one thread at a time.
final class FrameReader {
    private let process = Process()
    private let pipe = Pipe()
    private let name: String
    private var pending = Data()

    init(command: [String]) throws {
        name = command.joined(separator: " ")
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardOutput = pipe
        try process.run()
        let header = try line()
        let size = "W\(Move.outputWidth) H\(Move.outputHeight) "
        guard header.hasPrefix("YUV4MPEG2 "), header.contains(size), header.contains(" C420") else {
            throw BenchmarkError("\(name) wrote '\(header)' where 8-bit 4:2:0 of \(size)was wanted.")
        }
    }

    deinit { if process.isRunning { process.terminate() } }

    func next() throws -> Frame {
        let marker = try line()
        guard marker.hasPrefix("FRAME") else { throw BenchmarkError("\(name) wrote '\(marker)' where a frame was wanted.") }
        return Frame(bytes: [UInt8](try take(Frame.byteCount)))
    }

    private func line() throws -> String {
        while true {
            if let end = pending.firstIndex(of: 10) {
                let text = String(decoding: pending[pending.startIndex..<end], as: UTF8.self)
                pending = Data(pending[(end + 1)...])
                return text
            }
            try fill()
        }
    }

    private func take(_ count: Int) throws -> Data {
        while pending.count < count { try fill() }
        let taken = pending.prefix(count)
        pending = Data(pending.dropFirst(count))
        return taken
    }

    private func fill() throws {
        guard let data = try pipe.fileHandleForReading.read(upToCount: 1 << 20), !data.isEmpty else {
            process.waitUntilExit()
            throw BenchmarkError("\(name) ended early, with status \(process.terminationStatus).")
        }
        pending.append(data)
    }
}
