/// The path between two views along which the picture seems to move at a constant speed and over the shortest perceived way: it
/// backs off, travels and closes in again, all at once.
///
/// - Source: van Wijk & Nuij, "Smooth and efficient zooming and panning", InfoVis 2003, equation 9.
/// - Units: lengths in widths of the widest view, so that the vertical and the horizontal count the same.
struct VanWijkLeg: Hashable, Sendable {
    let begin: Pose
    let end: Pose
    /// Weight of zooming against panning; √2 unless the path had to be flattened.
    let rho: Double
    /// Perceived length, in the paper's units.
    let length: Double
    private let distance: Double
    private let startAngle: Double

    static let defaultRho = 2.0.squareRoot()
    private static let leastRho = 0.05

    /// The path with the default ρ, or with the largest one whose views all stay inside; `nil` where none does (then the straight
    /// path is the one to take).
    init?(from begin: Pose, to end: Pose, in framing: Framing) {
        let wanted = VanWijkLeg(begin, end, rho: VanWijkLeg.defaultRho, framing)
        if wanted.isInside(framing) {
            self = wanted
            return
        }
        // A lower ρ gives a flatter arc, everywhere: so there is one border between too high and inside.
        var best = VanWijkLeg(begin, end, rho: VanWijkLeg.leastRho, framing)
        guard best.isInside(framing) else { return nil }
        var tooHigh = VanWijkLeg.defaultRho
        for _ in 0..<50 {
            let middle = VanWijkLeg(begin, end, rho: (best.rho + tooHigh) / 2, framing)
            if middle.isInside(framing) { best = middle } else { tooHigh = middle.rho }
        }
        self = best
    }

    var isFlattened: Bool { rho < VanWijkLeg.defaultRho }

    private init(_ begin: Pose, _ end: Pose, rho: Double, _ framing: Framing) {
        self.begin = begin
        self.end = end
        self.rho = rho
        let dx = (end.x - begin.x) / framing.widestWidth
        let dy = (end.y - begin.y) / (framing.widestHeight * framing.outputAspect)
        distance = (dx * dx + dy * dy).squareRoot()
        let (w0, w1) = (begin.scale, end.scale)
        guard distance > 1e-9 else {
            startAngle = 0
            length = abs(PortableMath.log(w1 / w0)) / rho
            return
        }
        let turn = rho * rho * rho * rho * distance * distance
        let b0 = (w1 * w1 - w0 * w0 + turn) / (2 * w0 * rho * rho * distance)
        let b1 = (w1 * w1 - w0 * w0 - turn) / (2 * w1 * rho * rho * distance)
        startAngle = -PortableMath.asinh(b0)
        length = (-PortableMath.asinh(b1) - startAngle) / rho
    }

    /// The view after a share of the perceived way, 0…1.
    func pose(atShare share: Double) -> Pose {
        guard distance > 1e-9 else {
            // No way to go but nearer or farther; the centre keeps what little there is linear in the width.
            return begin + StraightCourse.share(share, ratio: end.scale / begin.scale) * (end - begin)
        }
        let total = rho * length
        let angle = total * share
        let (endCosh, angleCosh) = (PortableMath.cosh(total + startAngle), PortableMath.cosh(angle + startAngle))
        let scale = begin.scale * PortableMath.cosh(startAngle) / angleCosh
        let travelled = PortableMath.sinh(angle) * endCosh / (PortableMath.sinh(total) * angleCosh)
        return Pose(
            x: begin.x + travelled * (end.x - begin.x), y: begin.y + travelled * (end.y - begin.y), scale: scale)
    }

    /// Where the arc is highest, if that is between its ends.
    var summit: Pose? {
        guard distance > 1e-9, startAngle < 0, rho * length + startAngle > 0 else { return nil }
        return pose(atShare: -startAngle / (rho * length))
    }

    /// Whether every view of the path is inside. Along the path each border's clearance has one minimum at most, whose place is
    /// known in closed form: where d(centre)/d(width) equals half the view's size.
    private func isInside(_ framing: Framing) -> Bool {
        guard distance > 1e-9 else { return true }
        let (dx, dy) = ((end.x - begin.x) / distance, (end.y - begin.y) / distance)
        let total = rho * length
        for (speed, half) in [
            (dx, framing.widestWidth / 2), (-dx, framing.widestWidth / 2),
            (dy, framing.widestHeight / 2), (-dy, framing.widestHeight / 2),
        ] {
            let angle = PortableMath.asinh(-speed / (half * rho * rho)) - startAngle
            guard angle > 0, angle < total else { continue }
            if VanWijkLeg.excess(pose(atShare: angle / total), framing) > 1e-13 { return false }
        }
        return true
    }

    private static func excess(_ pose: Pose, _ framing: Framing) -> Double {
        let (halfWidth, halfHeight) = (framing.widestWidth * pose.scale / 2, framing.widestHeight * pose.scale / 2)
        return max(halfWidth - pose.x, pose.x + halfWidth - 1, halfHeight - pose.y, pose.y + halfHeight - 1)
    }
}

/// A row of such paths. With more than one leg each begins and ends at rest, so that speed has no jump at the key frames.
struct VanWijkCourse: Hashable, Sendable {
    enum Leg: Hashable, Sendable {
        case optimal(VanWijkLeg)
        /// Where no optimal path stays inside, and holds.
        case straight(Pose, Pose)

        func pose(atShare share: Double) -> Pose {
            switch self {
            case .optimal(let leg): leg.pose(atShare: share)
            case .straight(let begin, let end):
                begin + StraightCourse.share(share, ratio: end.scale / begin.scale) * (end - begin)
            }
        }
    }

    let legs: [Leg]
    /// One more than legs: 0 first, 1 last, strictly ascending.
    let times: [Double]
    /// Of each leg.
    let easing: Easing

    init(knots: [Pose], times: [Double], easing: Easing, framing: Framing) {
        self.times = times
        legs = zip(knots, knots.dropFirst()).map { begin, end in
            if begin != end, let leg = VanWijkLeg(from: begin, to: end, in: framing) { return .optimal(leg) }
            return .straight(begin, end)
        }
        let restsAtEnds = easing.slopeAtStart == 0 && easing.slopeAtEnd == 0
        self.easing = legs.count == 1 || restsAtEnds ? easing : .easeInOut
    }

    var isFlattened: Bool {
        legs.contains { leg in
            switch leg {
            case .optimal(let leg): leg.isFlattened
            case .straight(let begin, let end): begin != end
            }
        }
    }

    func pose(at time: Double) -> Pose {
        var (low, high) = (0, legs.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle } else { high = middle }
        }
        return legs[low].pose(atShare: easing((time - times[low]) / (times[low + 1] - times[low])))
    }

    var extremes: [Pose] {
        legs.flatMap { leg in
            switch leg {
            case .optimal(let leg): [leg.begin, leg.end] + (leg.summit.map { [$0] } ?? [])
            case .straight(let begin, let end): [begin, end]
            }
        }
    }
}
