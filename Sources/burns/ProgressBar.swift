import CSystem
import Glibc
import Rendering
import Synchronization

/// One line that is drawn over and over: a bar, frames, speed and the time that is left. Silent off a terminal.
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
        guard isVisible else { return }
        let now = monotonicSeconds()
        let line: String? = state.withLock { state in
            if state.start == nil {
                state.start = now
                state.skipped = progress.cachedFrames
            }
            let isLast = progress.finishedFrames == progress.totalFrames
            guard let start = state.start, isLast || now - state.drawn >= 0.1 else { return nil }
            state.drawn = now
            return Self.line(progress, elapsed: now - start, skipped: state.skipped)
        }
        if let line { draw(line) }
    }

    func clear() { if isVisible { draw("") } }

    private static func line(_ progress: RenderProgress, elapsed: Double, skipped: Int) -> String {
        let share = Double(progress.finishedFrames) / Double(max(1, progress.totalFrames))
        // A line that wraps cannot be drawn over again; what is left beside the words is the bar's.
        let columns = burns_terminal_columns(STDERR_FILENO)
        let width = max(0, min(30, (columns > 0 ? Int(columns) : 80) - 46))
        let full = Int(share * Double(width))
        let bar = String(repeating: "━", count: full) + String(repeating: "╌", count: width - full)
        let done = progress.finishedFrames - skipped
        let speed = elapsed > 0.5 ? Double(done) / elapsed : 0
        var line = "\(bar) \(Int(share * 100)) %  \(progress.finishedFrames)/\(progress.totalFrames) frames"
        if progress.isAssembling {
            line += "  joining"
        } else if speed > 0 {
            let left = Int((Double(progress.totalFrames - progress.finishedFrames) / speed).rounded(.up))
            let secondsLeft = left % 60
            line += "  \(Int(speed.rounded())) fps  \(left / 60):\(secondsLeft < 10 ? "0" : "")\(secondsLeft) left"
        }
        return String(line.prefix(max(1, (columns > 0 ? Int(columns) : 80) - 1)))
    }

    private func draw(_ line: String) {
        var output = "\r\u{1B}[K" + line
        // A terminal that went away takes its bar along.
        output.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
