/// When each picture is on: the manifest's times turned into frames, with gaps filled and overlaps cut.
struct ShotPlan {
    struct Stretch {
        let segment: Int
        let use: Segment.Use
        var frames: Range<Int>
    }

    private(set) var stretches: [Stretch] = []
    private(set) var spans: [SegmentSpan] = []

    /// Clock times that differ by less are the same, written with other digits.
    private static let roundingSeconds = 1e-6

    /// For so long the last picture may stay after the last segment without a word.
    private static let quietTailSeconds = 2.0

    init(project: Project, endSeconds: Double, frameCount: Int, frameRate: FrameRate, report: inout DiagnosticList) {
        let order = project.segmentsInTime
        var begins: [(frame: Int, segment: Int, use: Segment.Use)] = []
        var firstUse: (frame: Int, segment: Int, use: Segment.Use)?
        for (place, index) in order.enumerated() {
            let segment = project.segments[index]
            let start = segment.startSeconds
            var end = segment.endSeconds
            if place + 1 < order.count {
                let next = project.segments[order[place + 1]]
                if end > next.startSeconds {
                    if end - next.startSeconds > ShotPlan.roundingSeconds {
                        let (overlap, cut) = (Self.text(end - next.startSeconds), Self.text(next.startSeconds))
                        report.warning(segment.jsonPath,
                            "overlaps \(next.jsonPath) by \(overlap) s and is cut at its start, \(cut) s")
                    }
                    end = next.startSeconds
                }
            }
            for (number, use) in segment.shots.enumerated() {
                let time = start + (end - start) * Double(number) / Double(segment.shots.count)
                let begin = (min(frameRate.frame(atSeconds: time), frameCount), index, use)
                if !use.holdsPrevious && firstUse == nil { firstUse = begin }
                begins.append(begin)
            }
            if start >= endSeconds {
                report.warning(segment.jsonPath,
                    "starts at \(Self.text(start)) s, when the film is over (\(Self.text(endSeconds)) s), and is left out")
                continue
            }
            let frames = min(frameRate.frame(atSeconds: start), frameCount)..<min(
                frameRate.frame(atSeconds: end), frameCount)
            if !frames.isEmpty {
                spans.append(
                    SegmentSpan(
                        segment: index, id: segment.id, text: segment.text, frames: frames, startSeconds: start,
                        endSeconds: min(end, endSeconds)))
            }
        }
        let lastEnd = project.segments.reduce(0) { max($0, $1.endSeconds) }
        if endSeconds - lastEnd > ShotPlan.quietTailSeconds {
            report.warning("$.segments",
                "end at \(Self.text(lastEnd)) s and the narration at \(Self.text(endSeconds)) s; the last picture stays until then")
        }
        guard var first = firstUse else { return }
        // Whatever comes before the first picture belongs to it.
        first.frame = 0
        var starts = [first]
        var isAfterFirst = false
        for begin in begins where !begin.use.holdsPrevious {
            if isAfterFirst { starts.append(begin) }
            isAfterFirst = true
        }
        for (place, start) in starts.enumerated() {
            let end = place + 1 < starts.count ? starts[place + 1].frame : frameCount
            if end > start.frame {
                stretches.append(Stretch(segment: start.segment, use: start.use, frames: start.frame..<end))
            } else if project.segments[start.segment].startSeconds < endSeconds {
                report.warning(start.use.jsonPath, "is shorter than half a frame and is left out")
            }
        }
    }

    /// Milliseconds, without the noise of binary fractions.
    private static func text(_ seconds: Double) -> String {
        let rounded = (seconds * 1000).rounded() / 1000
        return rounded == 0 ? String(describing: seconds) : String(describing: rounded)
    }
}
