import Foundation

/// The pictures that are filmed. They have the output's aspect, so that fractions of picture and view are the same on both axes.
enum TestPicture {
    /// Dots on mid grey.
    enum Dots {
        static let width = 2880
        static let height = 1620

        static func write(_ dots: [Dot], to path: String) throws {
            try PNGFile.write(width: width, height: height, to: path) { column, row in
                let (x, y) = ((Double(column) + 0.5) / Double(width), (Double(row) + 0.5) / Double(height))
                return color(of: dots, x, y)
            }
        }

        /// R'G'B' at a point of the picture.
        static func color(of dots: [Dot], _ x: Double, _ y: Double) -> SIMD3<Double> {
            var color = SIMD3<Double>(repeating: 0.5)
            for dot in dots {
                let away = SIMD2((x - dot.x) * Double(Move.outputWidth), (y - dot.y) * Double(Move.outputHeight))
                let squared = (away * away).sum()
                if squared > dot.drawnReach * dot.drawnReach { continue }
                let profile = Dot.profile(squared.squareRoot(), spread: dot.spread, wavelength: dot.wavelength)
                color += dot.plane.color * profile.value
            }
            return color
        }
    }

    /// Rings that become finer outwards, from none to the finest that the picture can hold: twice as fine as the output can show.
    enum ZonePlate {
        static let width = 3840
        static let height = 2160
        static let radius = 1080.0
        /// Of full range.
        static let amplitude = 0.4

        static func write(to path: String) throws {
            try PNGFile.write(width: width, height: height, to: path) { column, row in
                let (x, y) = (Double(column) + 0.5 - Double(width) / 2, Double(row) + 0.5 - Double(height) / 2)
                let squared = x * x + y * y
                let fade = min(max((radius - squared.squareRoot()) / 40, 0), 1)
                // The phase's slope is the frequency: half a cycle a pixel at the radius.
                return SIMD3(repeating: 0.5 + amplitude * fade * cos(0.5 * Double.pi * squared / radius))
            }
        }

        /// Cycles per output pixel at a distance (output pixels) from the centre, seen at a zoom about it.
        static func frequency(atDistance distance: Double, zoom: Double) -> Double {
            let picturePixels = Double(width) / Double(Move.outputWidth) / zoom
            return 0.5 * distance * picturePixels / radius * picturePixels
        }
    }
}
