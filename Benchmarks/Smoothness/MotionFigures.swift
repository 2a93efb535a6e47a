/// How far the tracked dots of one plane are from the ideal path.
///
/// - Units: luma pixels of the output, for chroma too; errors are distances on both axes together.
struct MotionFigures: Sendable {
    /// Root mean square distance from the ideal path.
    let rms: Double
    /// The same after each dot's mean error is taken away: what of it is movement, not a constant shift.
    let rmsAboutMean: Double
    /// Mean length of the error's second difference over frames, px/frame²: what the eye sees as shaking.
    let secondDifference: Double
    /// Steps against the ideal direction by more than the tracker's own error, of all dots and frames.
    let backwardSteps: Int
    let steps: Int

    /// - Parameter tracks: a dot's measured and ideal positions, frame by frame.
    init(_ tracks: [(measured: [SIMD2<Double>], ideal: [SIMD2<Double>])]) {
        var (squares, centered, bends) = (0.0, 0.0, 0.0)
        var (count, bendCount, backward, stepCount) = (0, 0, 0, 0)
        for track in tracks {
            let errors = zip(track.measured, track.ideal).map { $0 - $1 }
            let mean = errors.reduce(SIMD2(0, 0), +) / Double(errors.count)
            for error in errors {
                squares += (error * error).sum()
                centered += ((error - mean) * (error - mean)).sum()
            }
            count += errors.count
            for frame in errors.indices.dropFirst() {
                let ideal = track.ideal[frame] - track.ideal[frame - 1]
                let measured = track.measured[frame] - track.measured[frame - 1]
                let forward = (ideal * measured).sum() / (ideal * ideal).sum().squareRoot()
                if forward < -MotionFigures.trackingError { backward += 1 }
                stepCount += 1
                if frame + 1 < errors.count {
                    let bend = errors[frame - 1] - 2 * errors[frame] + errors[frame + 1]
                    bends += (bend * bend).sum().squareRoot()
                    bendCount += 1
                }
            }
        }
        rms = (squares / Double(count)).squareRoot()
        rmsAboutMean = (centered / Double(count)).squareRoot()
        secondDifference = bends / Double(bendCount)
        backwardSteps = backward
        steps = stepCount
    }

    /// A frame that merely stands still is seen to move by this much, because of rounding.
    static let trackingError = 0.002
    static let rmsLimit = 0.01
    static let secondDifferenceLimit = 0.005

    var isSmooth: Bool {
        rms <= MotionFigures.rmsLimit && secondDifference <= MotionFigures.secondDifferenceLimit && backwardSteps == 0
    }
}
