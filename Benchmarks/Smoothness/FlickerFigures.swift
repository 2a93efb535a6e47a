/// How a slowly growing zone plate shimmers: rings too fine for the output should be an even grey that stays as it is, and coarse
/// ones should keep their contrast.
struct FlickerFigures: Sendable {
    let source: FrameSource
    /// Temporal standard deviation of luma where the rings are finer than 0.62 cycles a pixel in every frame, in code values.
    let shimmer: Double
    /// Contrast of rings of 0.18…0.35 cycles a pixel, relative to the picture's.
    let contrast: Double

    static let move = Move(name: "zone plate, zoom 1.12", from: .init(x: 0.5, y: 0.5, zoom: 1), to: .init(x: 0.5, y: 0.5, zoom: 1.12))

    init(source: FrameSource, next: () throws -> Frame) throws {
        let zooms = (widest: FlickerFigures.move.from.zoom, closest: FlickerFigures.move.to.zoom)
        var (fine, coarse): ([Int], [Int]) = ([], [])
        for row in 0..<Move.outputHeight {
            for column in 0..<Move.outputWidth {
                let x = Double(column) + 0.5 - Double(Move.outputWidth) / 2
                let y = Double(row) + 0.5 - Double(Move.outputHeight) / 2
                let distance = (x * x + y * y).squareRoot()
                let finest = TestPicture.ZonePlate.frequency(atDistance: distance, zoom: zooms.widest)
                let coarsest = TestPicture.ZonePlate.frequency(atDistance: distance, zoom: zooms.closest)
                // The picture's rings end at 0.96…1.2 cycles an output pixel.
                if coarsest > 0.62 && finest < 0.95 { fine.append(row * Move.outputWidth + column) }
                if coarsest > 0.18 && finest < 0.35 { coarse.append(row * Move.outputWidth + column) }
            }
        }
        var fineSums = [Double](repeating: 0, count: fine.count)
        var fineSquares = fineSums
        var (coarseSum, coarseSquares) = (0.0, 0.0)
        for _ in 0..<Move.frameCount {
            let frame = try next()
            for (place, index) in fine.enumerated() {
                let value = Double(frame.bytes[index])
                fineSums[place] += value
                fineSquares[place] += value * value
            }
            for index in coarse {
                let value = Double(frame.bytes[index])
                coarseSum += value
                coarseSquares += value * value
            }
        }
        let frames = Double(Move.frameCount)
        let variances = zip(fineSums, fineSquares).map { sum, squares in squares / frames - (sum / frames) * (sum / frames) }
        let samples = frames * Double(coarse.count)
        let deviation = (coarseSquares / samples - (coarseSum / samples) * (coarseSum / samples)).squareRoot()
        self.source = source
        shimmer = (variances.reduce(0, +) / Double(variances.count)).squareRoot()
        contrast = deviation / (TestPicture.ZonePlate.amplitude * 219 / 2.0.squareRoot())
    }
}
