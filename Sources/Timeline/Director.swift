/// Gives each stretch of the film its motion: the one asked for, or a chosen one.
struct Director {
    let project: Project
    let style: Style
    let pictureSizes: [PictureSize]
    let outputSize: PictureSize
    let frameRate: FrameRate
    private var occurrences: [Int: Int] = [:]
    private var previousPreset: Motion.Preset?

    init(
        project: Project, style: Style, pictureSizes: [PictureSize], outputSize: PictureSize, frameRate: FrameRate
    ) {
        self.project = project
        self.style = style
        self.pictureSizes = pictureSizes
        self.outputSize = outputSize
        self.frameRate = frameRate
    }

    /// Shots must be asked for in order: a chosen motion never repeats that of the shot before.
    mutating func shot(
        _ index: Int, _ stretch: ShotPlan.Stretch, visibleFrames: Range<Int>, _ report: inout DiagnosticList
    ) -> Shot {
        let use = stretch.use
        let fit = use.fit ?? style.fit
        let framing = Framing(picture: pictureSizes[use.pictureIndex], output: outputSize, fit: fit)
        let occurrence = occurrences[use.pictureIndex, default: 0]
        occurrences[use.pictureIndex] = occurrence + 1
        let seconds = frameRate.seconds(ofFrame: visibleFrames.count)
        let course: CameraPath.Course
        let name: String
        switch use.motion {
        case .keyFrames(let keys, let easing, let way)?:
            course = self.course(through: keys, easing ?? style.easing, way, framing, use.jsonPath, &report)
            name = "key-frames"
            previousPreset = nil
        case .preset(let preset, let easing)?:
            let views = PresetViews(framing: framing, amount: style.zoom, seconds: seconds)
            course = Director.course(through: views.poses(for: preset), easing ?? style.easing, framing)
            name = preset.rawValue
            previousPreset = preset
        case nil:
            let choice = MotionChoice(
                style: style, projectID: project.id, picture: project.pictures[use.pictureIndex], occurrence: occurrence,
                framing: framing, fit: fit, seconds: seconds, previous: previousPreset)
            let views = PresetViews(framing: framing, amount: choice.amount, seconds: seconds, offset: choice.offset)
            course = Director.course(through: views.poses(for: choice.preset), style.easing, framing)
            name = choice.preset.rawValue
            previousPreset = choice.preset
        }
        let path = CameraPath(framing: framing, course: course)
        let extremes = path.extremes
        return Shot(
            index: index, picture: use.pictureIndex, segment: stretch.segment, frames: stretch.frames,
            visibleFrames: visibleFrames, fit: fit, path: path, closestView: extremes.closest, widestView: extremes.widest,
            motionName: name, motionIsAutomatic: use.motion == nil, jsonPath: use.jsonPath)
    }

    /// A preset's views, evenly spaced.
    private static func course(through poses: [Pose], _ easing: Easing, _ framing: Framing) -> CameraPath.Course {
        let poses = poses.map(framing.clamped)
        if poses.count == 2 { return .straight(StraightCourse(begin: poses[0], end: poses[1], easing: easing)) }
        let times = poses.indices.map { Double($0) / Double(poses.count - 1) }
        return .smooth(SmoothCourse(knots: poses, times: times, easing: easing, framing: framing))
    }

    private func course(
        through keys: [KeyFrame], _ easing: Easing, _ way: Motion.Path, _ framing: Framing, _ path: String,
        _ report: inout DiagnosticList
    ) -> CameraPath.Course {
        var poses: [Pose] = []
        var times: [Double] = []
        for key in keys.withTimesFilledIn() {
            let wanted = Pose(x: key.x, y: key.y, scale: 1 / key.zoom)
            let pose = framing.clamped(wanted)
            if max(abs(pose.x - wanted.x), abs(pose.y - wanted.y), abs(pose.scale - wanted.scale)) > 1e-6 {
                let center = "(\(Director.text(pose.x)), \(Director.text(pose.y)))"
                report.warning(key.jsonPath, "the view would leave the picture, so its centre is moved to \(center)")
            }
            let time = min(max(key.at ?? 0, 0), 1)
            guard let last = times.last else {
                // A first key frame that comes late is held until then.
                if time > 0 {
                    poses.append(pose)
                    times.append(0)
                }
                poses.append(pose)
                times.append(time)
                continue
            }
            poses.append(pose)
            times.append(max(time, last + ManifestLimits.keyFrameDistance / 2))
        }
        guard let first = poses.first, let last = poses.last, let end = times.last, poses.count > 1 else {
            let pose = poses.first ?? Pose(x: 0.5, y: 0.5, scale: 1)
            return .straight(StraightCourse(begin: framing.clamped(pose), end: framing.clamped(pose), easing: easing))
        }
        if end < 1 {
            poses.append(last)
            times.append(1)
        }
        switch way {
        case .straight where poses.count == 2:
            return .straight(StraightCourse(begin: first, end: last, easing: easing))
        case .straight:
            return .smooth(SmoothCourse(knots: poses, times: times, easing: easing, framing: framing))
        case .vanWijk:
            let course = VanWijkCourse(knots: poses, times: times, easing: easing, framing: framing)
            if course.isFlattened {
                report.warning("\(path).motion",
                    "the van Wijk path would leave the picture, so its arc is flattened until it does not")
            }
            return .vanWijk(course)
        }
    }

    /// Four digits.
    private static func text(_ fraction: Double) -> String { String(describing: (fraction * 10_000).rounded() / 10_000) }
}
