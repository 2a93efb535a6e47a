import Glibc
import TestSupport

/// Glibc's sine, so that files without system calls need not import it.
func sine(_ x: Double) -> Double { sin(x) }

/// A plane of a picture that is known at every point and has no detail finer than its band limit: a sum of waves with random
/// directions, frequencies and phases, the same in every run. Sampling it anywhere is exact, so it judges filters too.
///
/// - Units: code values; positions in luma edge coordinates.
struct TruePicture: Sendable {
    private struct Wave {
        let frequencyX: Double
        let frequencyY: Double
        let phase: Double
    }

    private let waves: [Wave]
    private let amplitude: Double
    private static let mean = 126.0
    /// Waves enough that no direction or frequency rules.
    private static let waveCount = 48
    /// 48 waves in step reach 48 amplitudes, but with random phases hardly 5 standard deviations: that many stay in 16…236.
    private static let standardDeviation = 22.0

    /// - Parameter bandLimit: cycles per luma sample of the picture; frequencies lie at a tenth of it to all of it.
    init(bandLimit: Double, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        waves = (0..<Self.waveCount).map { _ in
            let direction = Double.random(in: 0..<2 * .pi, using: &generator)
            let frequency = Double.random(in: 0.1...1, using: &generator) * bandLimit
            return Wave(
                frequencyX: frequency * cos(direction), frequencyY: frequency * sin(direction),
                phase: Double.random(in: 0..<2 * .pi, using: &generator))
        }
        amplitude = Self.standardDeviation * (2 / Double(Self.waveCount)).squareRoot()
    }

    /// Calls `receive` with every row of values on a grid.
    ///
    /// - Cost: two multiplications and additions per value and wave: cos(a + b) = cos a cos b − sin a sin b.
    func forEachRow(
        across: OutputAxis, down: OutputAxis, _ receive: (_ y: Int, _ values: UnsafeBufferPointer<Double>) throws -> Void
    ) rethrows {
        let columns = waves.map { wave in
            (0..<across.count).map { 2 * Double.pi * wave.frequencyX * across.position($0) + wave.phase }
        }
        let cosines = columns.map { $0.map { amplitude * cos($0) } }
        let sines = columns.map { $0.map { amplitude * sin($0) } }
        var row = [Double](repeating: 0, count: across.count)
        for y in 0..<down.count {
            row.withUnsafeMutableBufferPointer { $0.update(repeating: Self.mean) }
            for (index, wave) in waves.enumerated() {
                let angle = 2 * Double.pi * wave.frequencyY * down.position(y)
                let (c, s) = (cos(angle), sin(angle))
                row.withUnsafeMutableBufferPointer { row in
                    cosines[index].withUnsafeBufferPointer { cosines in
                        sines[index].withUnsafeBufferPointer { sines in
                            for x in 0..<across.count { row[x] += c * cosines[x] - s * sines[x] }
                        }
                    }
                }
            }
            try row.withUnsafeBufferPointer { try receive(y, $0) }
        }
    }
}
