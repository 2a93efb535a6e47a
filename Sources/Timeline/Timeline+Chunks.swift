extension Timeline {
    /// Cuts the film into ranges of frames that are rendered and kept on their own. They partition `0 ..< frameCount` in order.
    ///
    /// Cuts are where a shot comes into sight, if it and the shot before have at least `minimumFrames` each; what lies between two
    /// such cuts is divided evenly if it is longer than `maximumFrames`. Both rules look at neighbours only, so that a segment
    /// inserted at the front leaves the chunks behind it as they were.
    public func chunks(minimumFrames: Int, maximumFrames: Int) -> [Range<Int>] {
        var cuts = [0]
        for (before, shot) in zip(shots, shots.dropFirst())
        where before.frames.count >= minimumFrames && shot.frames.count >= minimumFrames {
            // Ascending: a shot comes into sight in the second half of the one before.
            cuts.append(shot.visibleFrames.lowerBound)
        }
        cuts.append(frameCount)
        let longest = max(1, maximumFrames)
        return zip(cuts, cuts.dropFirst()).flatMap { start, end in
            let (count, parts) = (end - start, (end - start - 1) / longest + 1)
            return (0..<parts).map { start + count * $0 / parts..<start + count * ($0 + 1) / parts }
        }
    }
}
