import Foundation

/// A feature of the test picture that can be located to some 1/1000 px: rings that fade out, symmetric about their centre.
///
/// Its brightness is grey + amplitude × profile(distance). Rings hold far more slope than a plain Gaussian blob of their size, and
/// slope is what locates a feature in 8-bit samples: the rounding to code values moves a blob by 0.004 px, these rings by under 0.001.
///
/// The rings' width sets how hard the test is: an interpolating filter of few taps delays fine detail by an amount that changes with
/// the position between two samples.
struct Dot: Sendable {
    let plane: Plane
    /// Fractions of the picture.
    let x: Double
    let y: Double
    /// Ring to ring, in samples of the dot's plane at zoom 1.
    let ringSamples: Double

    /// Ring to ring, in output pixels at zoom 1.
    var wavelength: Double { ringSamples * plane.pitch }
    /// Gaussian envelope's standard deviation, in output pixels at zoom 1.
    var spread: Double { 1.5 * wavelength }
    /// How far from its centre a dot is looked at, and how far it is drawn.
    var trackedReach: Double { 2.2 * spread }
    var drawnReach: Double { 3 * spread }

    /// Larger chroma dots would reach over the frame's border.
    static let ringRange = 6.0...16.0

    enum Plane: Int, CaseIterable, Sendable {
        case luma, cb, cr

        var name: String { ["luma", "Cb", "Cr"][rawValue] }
        /// Luma pixels from one sample to the next.
        var pitch: Double { self == .luma ? 1 : 2 }
        /// R'G'B' at full amplitude, relative to mid grey: the direction that changes this plane most.
        var color: SIMD3<Double> {
            switch self {
            case .luma: SIMD3(0.49, 0.49, 0.49)
            case .cb: SIMD3(-0.49, -0.49, 0.49)
            case .cr: SIMD3(0.49, -0.49, -0.49)
            }
        }
    }

    /// The profile at a distance, and its derivative divided by the distance (finite at the centre).
    static func profile(_ distance: Double, spread: Double, wavelength: Double) -> (value: Double, slopeByDistance: Double) {
        let wave = 2 * Double.pi / wavelength
        let envelope = exp(-distance * distance / (2 * spread * spread))
        let ring = cos(wave * distance)
        let sine = distance < 1e-6 ? wave : sin(wave * distance) / distance
        return (envelope * ring, -envelope * (ring / (spread * spread) + wave * sine))
    }

    /// Dots of the three kinds in turn on a grid of 5 × 3 that stays in the frame during the whole move.
    static func grid(for move: Move, ringSamples: Double) -> [Dot] {
        let middle = move.view(at: 0.5)
        return (0..<15).map { index in
            let (column, row) = (index % 5, index / 5)
            return Dot(
                plane: Plane.allCases[(column + row) % 3],
                x: middle.x + ((Double(column) + 0.5) / 5 - 0.5) / middle.zoom,
                y: middle.y + ((Double(row) + 0.5) / 3 - 0.5) / middle.zoom, ringSamples: ringSamples)
        }
    }
}
