import CSystem
import Glibc
import Library
import ProjectImport
import Rendering
import Synchronization

/// One line that is drawn over and over: a bar, how much is done, and how fast. Silent off a terminal.
final class ProgressBar: Sendable {
    private struct State {
        var start: Double?
        var drawn = 0.0
        var skipped = 0
    }

    private let state = Mutex(State())
    private let isVisible: Bool

    init(isVisible: Bool) { self.isVisible = isVisible && Console.isTerminal }

    func update(_ progress: RenderProgress) {
        let (finished, total) = (progress.finishedFrames, progress.totalFrames)
        update(share: Double(finished) / Double(max(1, total)), isLast: finished == total) { state, now in
            if state.start == nil {
                state.start = now
                state.skipped = progress.cachedFrames
            }
            var words = "\(finished)/\(total) frames"
            let elapsed = now - (state.start ?? now)
            let speed = elapsed > 0.5 ? Double(finished - state.skipped) / elapsed : 0
            if progress.isAssembling {
                words += "  joining"
            } else if progress.awaitedChunks > 0 {
                words += "  waiting for \(counted(progress.awaitedChunks, "chunk")) of other machines"
            } else if speed > 0 {
                words += "  \(Int(speed.rounded())) fps  \(Self.clock(Double(total - finished) / speed)) left"
            }
            return words
        }
    }

    func update(_ progress: FilesProgress) {
        update(bytes: progress.doneBytes, of: progress.totalBytes, "\(progress.doneFiles)/\(progress.totalFiles) files  ")
    }

    func update(_ progress: ImportProgress) {
        update(share: Double(progress.done) / Double(max(1, progress.total)), isLast: progress.done == progress.total) { _, _ in
            "\(progress.done)/\(progress.total) pictures"
        }
    }

    func update(bytes done: Int64, of total: Int64, _ before: String = "") {
        update(share: total == 0 ? 1 : Double(done) / Double(total), isLast: done == total) { state, now in
            if state.start == nil { state.start = now }
            let elapsed = now - (state.start ?? now)
            var words = before + "\(byteCountText(done)) of \(byteCountText(total))"
            if elapsed > 0.5, done > 0 { words += "  \(byteCountText(Int64(Double(done) / elapsed)))/s" }
            return words
        }
    }

    /// - Parameter words: what is being done.
    func update(share: Double, _ words: String) { update(share: share, isLast: true) { _, _ in words } }

    func clear() { if isVisible { draw("") } }

    private func update(share: Double, isLast: Bool, _ words: (inout State, _ now: Double) -> String) {
        guard isVisible else { return }
        let now = monotonicSeconds()
        let line: String? = state.withLock { state in
            let text = words(&state, now)
            guard isLast || now - state.drawn >= 0.1 else { return nil }
            state.drawn = now
            return Self.line(share, text)
        }
        if let line { draw(line) }
    }

    private static func line(_ share: Double, _ words: String) -> String {
        // A line that wraps cannot be drawn over again; what is left beside the words is the bar's.
        let columns = burns_terminal_columns(STDERR_FILENO)
        let width = max(0, min(30, (columns > 0 ? Int(columns) : 80) - 46))
        let full = Int(min(1, share) * Double(width))
        let bar = String(repeating: "━", count: full) + String(repeating: "╌", count: width - full)
        let line = "\(bar) \(Int(share * 100)) %  \(words)"
        return String(line.prefix(max(1, (columns > 0 ? Int(columns) : 80) - 1)))
    }

    /// "2:05"
    private static func clock(_ seconds: Double) -> String {
        let left = Int(seconds.rounded(.up))
        return "\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)"
    }

    private func draw(_ line: String) {
        var output = "\r\u{1B}[K" + line
        // A terminal that went away takes its bar along.
        output.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
