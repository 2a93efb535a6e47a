/// The transition at one boundary between two shots, in frames.
struct BoundaryTransition: Hashable, Sendable {
    let kind: Transition.Kind
    /// First frame of the later shot.
    let boundary: Int
    /// Frames of the transition on either side of the boundary; equal, or the latter one more.
    let framesBefore: Int
    let framesAfter: Int

    var frames: Range<Int> { boundary - framesBefore..<boundary + framesAfter }

    /// How far the later shot is seen before the boundary, and the earlier one after it: only where both are mixed.
    var visibleBefore: Int { kind == .crossfade ? framesBefore : 0 }
    var visibleAfter: Int { kind == .crossfade ? framesAfter : 0 }

    /// Shares, of 16384, of the earlier and the later shot in a frame.
    func weights(atFrame frame: Int) -> (earlier: Int, later: Int) {
        guard frames.contains(frame) else { return frame < boundary ? (Layer.fullWeight, 0) : (0, Layer.fullWeight) }
        switch kind {
        case .cut: return frame < boundary ? (Layer.fullWeight, 0) : (0, Layer.fullWeight)
        case .crossfade:
            let later = BoundaryTransition.weight(frame - frames.lowerBound, of: frames.count)
            return (Layer.fullWeight - later, later)
        case .fadeBlack:
            return frame < boundary
                ? (Layer.fullWeight - BoundaryTransition.weight(frame - frames.lowerBound, of: framesBefore), 0)
                : (0, BoundaryTransition.weight(frame - boundary, of: framesAfter))
        }
    }

    /// (step + ½) / count of the full weight, rounded.
    private static func weight(_ step: Int, of count: Int) -> Int {
        ((2 * step + 1) * Layer.fullWeight + count) / (2 * count)
    }

    /// The transitions between adjacent stretches. Each takes at most half of either neighbour, so that no frame ever sees three
    /// shots.
    static func between(_ stretches: [Range<Int>], _ transition: Transition, _ rate: FrameRate) -> [BoundaryTransition] {
        let seconds = min(max(transition.seconds, 0), ManifestLimits.transitionSeconds.upperBound)
        let wanted = transition.kind == .cut ? 0 : rate.frame(atSeconds: seconds)
        return zip(stretches, stretches.dropFirst()).map { earlier, later in
            let half = min(earlier.count / 2, later.count / 2)
            let count = min(wanted, 2 * half)
            return BoundaryTransition(
                kind: transition.kind, boundary: later.lowerBound, framesBefore: count / 2, framesAfter: count - count / 2)
        }
    }
}
