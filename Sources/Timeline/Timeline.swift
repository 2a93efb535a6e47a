/// A film laid out in time: which shots there are, and what each frame shows.
///
/// A frame is a pure function of the project and its index; nothing depends on what was asked before.
public struct Timeline: Sendable {
    public let frameRate: FrameRate
    /// 1 or more.
    public let frameCount: Int
    public let outputSize: PictureSize
    /// In order; their `frames` partition `0 ..< frameCount`.
    public let shots: [Shot]
    /// In the order of time; segments that the film has no frame for are left out.
    public let segments: [SegmentSpan]
    /// Warnings: what is rendered otherwise than written.
    public let diagnostics: [Diagnostic]
    /// Between shot i and shot i + 1.
    let transitions: [BoundaryTransition]

    /// Lays out a project.
    ///
    /// - Parameters:
    ///   - pictureSizes: upright size of each of the project's pictures, by index; those that no segment uses may be anything.
    ///   - narrationSeconds: length of the sound, which is then that of the film; `nil` without narration.
    ///   - style: in place of the project's.
    /// - Throws: ``TimelineError`` for sizes and lengths that no film has.
    /// - Cost: O(segments log segments + shots).
    public init(
        project: Project, pictureSizes: [PictureSize], narrationSeconds: Double?, outputSize: PictureSize,
        frameRate: FrameRate, style: Style? = nil
    ) throws(TimelineError) {
        let style = style ?? project.style
        let endSeconds = try Timeline.checkedEnd(project, pictureSizes, narrationSeconds, outputSize)
        var report = DiagnosticList()
        let frameCount = max(1, frameRate.frame(atSeconds: endSeconds))
        let plan = ShotPlan(
            project: project, endSeconds: endSeconds, frameCount: frameCount, frameRate: frameRate, report: &report)
        let transitions = BoundaryTransition.between(plan.stretches.map(\.frames), style.transition, frameRate)
        var director = Director(
            project: project, style: style, pictureSizes: pictureSizes, outputSize: outputSize, frameRate: frameRate)
        self.shots = plan.stretches.enumerated().map { index, stretch in
            let lead = index > 0 ? transitions[index - 1].visibleBefore : 0
            let trail = index < transitions.count ? transitions[index].visibleAfter : 0
            return director.shot(
                index, stretch, visibleFrames: stretch.frames.lowerBound - lead..<stretch.frames.upperBound + trail, &report)
        }
        self.frameRate = frameRate
        self.frameCount = frameCount
        self.outputSize = outputSize
        self.segments = plan.spans
        self.transitions = transitions
        self.diagnostics = report.diagnostics
    }

    /// The film's length, after everything that the layout relies on was found in order.
    private static func checkedEnd(
        _ project: Project, _ pictureSizes: [PictureSize], _ narrationSeconds: Double?, _ outputSize: PictureSize
    ) throws(TimelineError) -> Double {
        let (sides, limit) = (ManifestLimits.sides, ManifestLimits.seconds)
        guard sides.contains(outputSize.width), sides.contains(outputSize.height) else {
            throw TimelineError("$.output",
                "a frame of \(outputSize) pixels cannot be made: sides are \(sides.lowerBound)…\(sides.upperBound)")
        }
        let used = project.usedPictures
        guard !used.isEmpty else { throw TimelineError("$.segments", "have no picture at all: a film needs at least one") }
        for index in used {
            guard project.pictures.indices.contains(index), pictureSizes.indices.contains(index) else {
                throw TimelineError("$.segments", "the size of picture \(index) is not known")
            }
            let (size, limit) = (pictureSizes[index], 1 << 30)
            guard (1...limit).contains(size.width), (1...limit).contains(size.height) else {
                throw TimelineError(project.pictures[index].jsonPath, "a picture of \(size) pixels cannot be shown")
            }
        }
        for segment in project.segments {
            guard segment.startSeconds >= 0, segment.endSeconds >= segment.startSeconds, segment.endSeconds <= limit else {
                throw TimelineError(segment.jsonPath, "a segment's times must ascend within 0…\(Int(limit)) s")
            }
        }
        if let narrationSeconds {
            guard narrationSeconds >= 0, narrationSeconds <= limit else {
                throw TimelineError("$.audio_file",
                    "a narration of \(narrationSeconds) s cannot be used: at most \(Int(limit)) s are allowed")
            }
            return narrationSeconds
        }
        return project.segments.reduce(0) { max($0, $1.endSeconds) }
    }
}

/// Why a project has no timeline.
public struct TimelineError: Error, Hashable, Sendable, CustomStringConvertible {
    public let diagnostic: Diagnostic

    init(_ path: String, _ message: String) {
        diagnostic = Diagnostic(severity: .error, path: path, message: message)
    }

    public var description: String { "\(diagnostic.path): \(diagnostic.message)" }
}
