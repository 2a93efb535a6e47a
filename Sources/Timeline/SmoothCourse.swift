/// Three or more views (or two with pauses), passed without a jump in speed: a cubic Hermite spline through (x, y, width).
///
/// - Tangents: Catmull-Rom's for unequal times, of the exponential zoom on either side, so that zoom looks even; zero at holds and
///   turning points; limited so that no component overshoots (Fritsch & Carlson 1980).
/// - Stays inside: tangents are limited further until the Bézier control points of both neighbouring legs satisfy every
///   border's condition; those are linear, and a Bézier curve lies in the hull of its control points. Each axis gives way on its
///   own: a pan along a border does not stop where the border is touched.
struct SmoothCourse: Hashable, Sendable {
    let knots: [Pose]
    /// 0 first, 1 last, strictly ascending.
    let times: [Double]
    /// Per unit of time.
    let tangents: [Pose]

    /// - Parameters:
    ///   - knots: inside the picture; two or more.
    ///   - easing: gives the speed at the very begin and end, as a part of the mean speed of the first and the last leg.
    init(knots: [Pose], times: [Double], easing: Easing, framing: Framing) {
        self.knots = knots
        self.times = times
        let legs = knots.indices.dropLast().map { Leg(knots[$0], knots[$0 + 1], duration: times[$0 + 1] - times[$0]) }
        tangents = knots.indices.map { index in
            let before = index > 0 ? legs[index - 1] : nil
            let after = index < legs.count ? legs[index] : nil
            var tangent: Pose
            switch (before, after) {
            case (let before?, let after?):
                let total = before.duration + after.duration
                tangent = after.duration / total * before.speedAtEnd + before.duration / total * after.speedAtBegin
            case (nil, let after?): tangent = easing.slopeAtStart * after.speedAtBegin
            case (let before?, nil): tangent = easing.slopeAtEnd * before.speedAtEnd
            case (nil, nil): tangent = Pose(x: 0, y: 0, scale: 0)
            }
            for axis in [\Pose.x, \Pose.y, \Pose.scale] {
                tangent[keyPath: axis] = SmoothCourse.monotone(
                    tangent[keyPath: axis], before?.secant[keyPath: axis], after?.secant[keyPath: axis])
            }
            return SmoothCourse.inside(
                tangent, at: knots[index], durationBefore: before?.duration, durationAfter: after?.duration, framing)
        }
    }

    func pose(at time: Double) -> Pose {
        // The last leg that begins at or before the time.
        var (low, high) = (0, knots.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle } else { high = middle }
        }
        let duration = times[high] - times[low]
        let t = min(max((time - times[low]) / duration, 0), 1)
        let s = 1 - t
        let firstControl = knots[low] + duration / 3 * tangents[low]
        let secondControl = knots[high] - duration / 3 * tangents[high]
        return s * s * s * knots[low] + 3 * s * s * t * firstControl + 3 * s * t * t * secondControl + t * t * t * knots[high]
    }

    /// One leg as it would be on its own, with exponential zoom.
    private struct Leg {
        let duration: Double
        let secant: Pose
        let speedAtBegin: Pose
        let speedAtEnd: Pose

        init(_ begin: Pose, _ end: Pose, duration: Double) {
            self.duration = duration
            secant = 1 / duration * (end - begin)
            let exponent = PortableMath.log(end.scale / begin.scale)
            let isZooming = abs(exponent) >= 1e-12
            speedAtBegin = (isZooming ? exponent / PortableMath.expm1(exponent) : 1) * secant
            speedAtEnd = (isZooming ? exponent / -PortableMath.expm1(-exponent) : 1) * secant
        }
    }

    private static func monotone(_ tangent: Double, _ before: Double?, _ after: Double?) -> Double {
        let before = before ?? after ?? 0
        let after = after ?? before
        guard before * after > 0 else { return 0 }
        let limit = 3 * min(abs(before), abs(after))
        return min(max(tangent, -limit), limit)
    }

    private static func inside(
        _ tangent: Pose, at knot: Pose, durationBefore: Double?, durationAfter: Double?, _ framing: Framing
    ) -> Pose {
        var result = tangent
        // Control points lie at knot + reach × tangent, for both reaches.
        let ahead = (durationAfter ?? 0) / 3
        let behind = (durationBefore ?? 0) / 3
        // The width may grow as far as both axes have room for, and stays above half of the knot's.
        for size in [framing.widestWidth, framing.widestHeight] {
            let room = max(0, 1 - size * knot.scale) / size
            if ahead > 0 { result.scale = min(result.scale, room / ahead) }
            if behind > 0 { result.scale = max(result.scale, -room / behind) }
        }
        if ahead > 0 { result.scale = max(result.scale, -knot.scale / 2 / ahead) }
        if behind > 0 { result.scale = min(result.scale, knot.scale / 2 / behind) }
        result.x = limited(result.x, knot.x, framing.widestWidth / 2, knot.scale, result.scale, ahead, behind)
        result.y = limited(result.y, knot.y, framing.widestHeight / 2, knot.scale, result.scale, ahead, behind)
        return result
    }

    /// The nearest speed of a centre for which `center ± half × scale` stays in 0…1 at both control points.
    private static func limited(
        _ speed: Double, _ center: Double, _ half: Double, _ scale: Double, _ scaleSpeed: Double, _ ahead: Double,
        _ behind: Double
    ) -> Double {
        var (low, high) = (-Double.infinity, Double.infinity)
        let before = max(0, center - half * scale)
        let after = max(0, 1 - center - half * scale)
        if ahead > 0 {
            low = max(low, half * scaleSpeed - before / ahead)
            high = min(high, after / ahead - half * scaleSpeed)
        }
        if behind > 0 {
            high = min(high, half * scaleSpeed + before / behind)
            low = max(low, -half * scaleSpeed - after / behind)
        }
        return low <= high ? min(max(speed, low), high) : (low + high) / 2
    }
}
