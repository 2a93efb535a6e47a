import Resampling
import Timeline

/// One set of working planes that frames need: which picture, how it fits, how large.
package struct PlaneRequest: Hashable, Sendable {
    /// Index into the plan's pictures.
    package var picture: Int
    package var fit: Fit
    package var width: Int
    package var height: Int

    package init(picture: Int, fit: Fit, width: Int, height: Int) {
        self.picture = picture
        self.fit = fit
        self.width = width
        self.height = height
    }

    /// About what its planes take: 1.5 samples of two bytes a pixel.
    package var byteCount: Int { width * height * 3 }
}

package enum WorkingSize {
    /// Where the working picture would be nearly as large as the source, the source's own size is taken: scaling by so little
    /// costs sharpness and saves nothing.
    private static let worthScaling = 0.85
    /// Scales are rounded up to so many steps an octave, so that uses of a picture that hardly differ share their planes,
    /// whatever other uses there are.
    private static let stepsPerOctave = 32.0
    /// A canvas grows with the zoom and not with the picture, so it has a bound of its own.
    private static let maximumCanvasPixels = 64e6

    /// The size at which, at the shot's closest view, at least one working sample falls on one output sample; with
    /// `cover` never larger than the source.
    package static func of(_ shot: Shot, picture: PictureSize, output: PictureSize) -> (width: Int, height: Int) {
        let (width, height) = (Double(picture.width), Double(picture.height))
        let needed = (
            width: Double(output.width) / shot.closestView.width, height: Double(output.height) / shot.closestView.height
        )
        switch shot.fit {
        case .cover:
            let scale = roundedUp(max(needed.width / width, needed.height / height))
            if scale >= worthScaling { return (picture.width, picture.height) }
            return (rounded(width * scale), rounded(height * scale))
        case .contain:
            // As large as the frames need, whatever the picture has: its edge over the background is to be sharp.
            let canvas = min(1, (maximumCanvasPixels / (needed.width * needed.height)).squareRoot())
            return (rounded(needed.width * canvas), rounded(needed.height * canvas))
        }
    }

    private static func roundedUp(_ scale: Double) -> Double {
        var octave = 1.0
        while octave * 2 <= scale { octave *= 2 }
        while octave > scale { octave /= 2 }
        return octave * (scale / octave * stepsPerOctave).rounded(.up) / stepsPerOctave
    }

    private static func rounded(_ length: Double) -> Int { max(1, Int(length.rounded(.up))) }
}
