import Digest
import Rendering
import Resampling
import Synchronization

/// Compares the frames that contestants' films are made of, on their way to the encoder: by checksums, which cost little beside
/// encoding.
final class FilmFrames: Sendable {
    private struct Entry {
        var name: String
        var sum: UInt64
        var isCompared = false
    }

    private struct State {
        /// By the frame's number.
        var entries: [Int: Entry] = [:]
        var mismatch: FrameMismatch?
        var seconds = 0.0
    }

    private let state = Mutex(State())

    /// Keeps a frame's checksum, or compares it with that of whoever came first.
    func look(at frame: LentFrame, number: Int, by name: String) {
        let start = monotonicSeconds()
        var checksum = CRC(.crc32c)
        frame.planes.forEachRow { checksum.update($0) }
        let sum = checksum.value
        state.withLock { state in
            state.seconds += monotonicSeconds() - start
            guard let first = state.entries[number] else {
                state.entries[number] = Entry(name: name, sum: sum)
                return
            }
            if first.name != name { state.entries[number]?.isCompared = true }
            if first.sum == sum || state.mismatch != nil { return }
            func text(_ sum: UInt64) -> String { "CRC-32C \(String(sum, radix: 16))" }
            state.mismatch = FrameMismatch(
                frame: number, width: frame.planes.width, height: frame.planes.height, (first.name, text(first.sum)),
                (name, text(sum)))
        }
    }

    /// Frames that more than one contestant has made.
    var comparedCount: Int { state.withLock { $0.entries.count { $0.value.isCompared } } }

    /// That comparing took, of all threads.
    var seconds: Double { state.withLock { $0.seconds } }

    /// - Throws: `FrameMismatch` where a frame was not the same.
    func check() throws {
        if let mismatch = state.withLock({ $0.mismatch }) { throw mismatch }
    }
}
