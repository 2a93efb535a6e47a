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
    var byteCount: Int { width * height * 3 }
}

package enum WorkingSize {
    /// Where the working picture would be nearly as large as the source, the source's own size is taken: scaling by so little
    /// costs sharpness and saves nothing.
    private static let worthScaling = 0.85
    /// Uses of one picture whose sizes differ by less than this share their planes.
    private static let shareWithin = 2.0.squareRoot()

    /// The size at which, at the shot's closest view, one working sample falls on one output sample; never larger than the
    /// source.
    package static func of(_ shot: Shot, picture: PictureSize, output: PictureSize) -> (width: Int, height: Int) {
        let needed = (
            width: Double(output.width) / shot.closestView.width, height: Double(output.height) / shot.closestView.height
        )
        switch shot.fit {
        case .cover:
            let scale = max(needed.width / Double(picture.width), needed.height / Double(picture.height))
            if scale >= worthScaling { return (picture.width, picture.height) }
            return (rounded(Double(picture.width) * scale), rounded(Double(picture.height) * scale))
        case .contain:
            let scale = min(needed.width / Double(picture.width), needed.height / Double(picture.height))
            let canvas = 1 / max(1, scale)
            return (rounded(needed.width * canvas), rounded(needed.height * canvas))
        }
    }

    private static func rounded(_ length: Double) -> Int { max(1, Int(length.rounded(.up))) }

    /// Lets uses of one picture share planes: each takes the largest size that is within a factor of √2 of its own.
    package static func shared(_ requests: [PlaneRequest]) -> [PlaneRequest: PlaneRequest] {
        var result: [PlaneRequest: PlaneRequest] = [:]
        for uses in Dictionary(grouping: Set(requests), by: { [$0.picture, $0.fit == .cover ? 0 : 1] }).values {
            var leader: PlaneRequest?
            for use in uses.sorted(by: { ($0.width, $0.height) > ($1.width, $1.height) }) {
                if let found = leader, Double(found.width) <= Double(use.width) * shareWithin {
                    result[use] = found
                } else {
                    leader = use
                    result[use] = use
                }
            }
        }
        return result
    }
}
