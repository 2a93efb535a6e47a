extension Timeline {
    /// What a frame shows: one layer, or two in a crossfade, the earlier shot first.
    ///
    /// - Precondition: none; a frame outside the film is taken as the nearest one inside.
    /// - Cost: O(log shots).
    public func layers(atFrame frame: Int) -> [Layer] {
        let frame = min(max(frame, 0), frameCount - 1)
        let index = shotIndex(atFrame: frame)
        let (before, after) = (index - 1, index)
        if before >= 0, transitions[before].frames.contains(frame) {
            return layers(atFrame: frame, transition: before)
        }
        if after < transitions.count, transitions[after].frames.contains(frame) {
            return layers(atFrame: frame, transition: after)
        }
        return [Layer(shot: index, view: shots[index].view(atFrame: frame), weight: Layer.fullWeight)]
    }

    /// The shot whose own frames hold a frame.
    public func shotIndex(atFrame frame: Int) -> Int {
        var (low, high) = (0, shots.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if shots[middle].frames.lowerBound <= frame { low = middle } else { high = middle }
        }
        return low
    }

    private func layers(atFrame frame: Int, transition index: Int) -> [Layer] {
        let transition = transitions[index]
        let weights = transition.weights(atFrame: frame)
        if transition.kind == .crossfade {
            return [
                Layer(shot: index, view: shots[index].view(atFrame: frame), weight: weights.earlier),
                Layer(shot: index + 1, view: shots[index + 1].view(atFrame: frame), weight: weights.later),
            ]
        }
        let isEarlier = frame < transition.boundary
        let shot = isEarlier ? index : index + 1
        return [
            Layer(shot: shot, view: shots[shot].view(atFrame: frame), weight: isEarlier ? weights.earlier : weights.later)
        ]
    }
}
