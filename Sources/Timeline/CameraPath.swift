/// The way of the camera over one shot: a view for every time 0…1.
///
/// - Invariants: every view is inside the picture; speed (of the centre, and of the logarithm of the width) has no jump.
/// - A value: equal paths give equal views, on every machine.
public struct CameraPath: Hashable, Sendable {
    let framing: Framing
    let course: Course

    enum Course: Hashable, Sendable {
        case straight(StraightCourse)
        case smooth(SmoothCourse)
        case vanWijk(VanWijkCourse)
    }

    init(framing: Framing, course: Course) {
        self.framing = framing
        self.course = course
    }

    /// The view at a time in 0…1 of the shot (clamped to it).
    public func view(at time: Double) -> Viewport {
        framing.viewport(pose(at: min(max(time, 0), 1)))
    }

    private func pose(at time: Double) -> Pose {
        switch course {
        case .straight(let course): course.pose(at: time)
        case .smooth(let course): course.pose(at: time)
        case .vanWijk(let course): course.pose(at: time)
        }
    }

    /// The smallest and the largest view of the whole path.
    public var extremes: (closest: Viewport, widest: Viewport) {
        var candidates: [Pose]
        switch course {
        case .straight(let course): candidates = [course.begin, course.end]
        case .smooth(let course): candidates = course.knots
        case .vanWijk(let course): candidates = course.extremes
        }
        let first = candidates.removeFirst()
        var (closest, widest) = (first, first)
        for pose in candidates {
            if pose.scale < closest.scale { closest = pose }
            if pose.scale > widest.scale { widest = pose }
        }
        return (framing.viewport(closest), framing.viewport(widest))
    }
}

/// Two views, and between them a constant ratio of zoom per (eased) second. The centre moves linearly with the width, so that all
/// of the picture's points travel on straight lines away from (or towards) one fixed point.
///
/// - Stays inside: its views are mixtures of the two, and being inside is a linear condition.
struct StraightCourse: Hashable, Sendable {
    let begin: Pose
    let end: Pose
    let easing: Easing

    func pose(at time: Double) -> Pose {
        begin + StraightCourse.share(easing(time), ratio: end.scale / begin.scale) * (end - begin)
    }

    /// How far the width has come at a time: (ratioᵗ - 1) / (ratio - 1), which tends to t as the ratio tends to 1.
    static func share(_ time: Double, ratio: Double) -> Double {
        let exponent = PortableMath.log(ratio)
        // Below this both forms agree to all digits, and the quotient would end as 0/0.
        return abs(exponent) < 1e-12 ? time : PortableMath.expm1(exponent * time) / PortableMath.expm1(exponent)
    }
}
