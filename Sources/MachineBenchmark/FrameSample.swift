import Media
import Rendering
import Resampling
import Timeline

/// Some frames of a film with the pictures that they are made of, in memory: from a few places, evenly spread over the film, and
/// at each of them evenly over some seconds, crossfades included.
struct FrameSample {
    let size: PictureSize
    /// Their numbers in the film.
    let indices: [Int]
    let layers: [[FrameLayer]]
    let pictures: [PlaneRequest: WorkingPicture]
    let film: ProjectExamination.Film

    /// What the pictures of a sample take at most, as long as there is one place at all.
    private static let pictureBytes = 768 << 20

    /// Of each place.
    private static let placeSeconds = 3.0

    init(_ plan: FilmPlan, _ extent: BenchmarkOptions.Extent, limits: PictureLimits, _ cancellation: Cancellation) throws {
        film = plan.film
        size = film.timeline.outputSize
        let count = film.timeline.frameCount
        var indices: Set<Int> = []
        var wanted: Set<PlaneRequest> = []
        let seconds = film.timeline.frameRate.seconds(ofFrame: 1)
        let span = max(1, min(count / extent.places, Int(Self.placeSeconds / seconds)))
        for place in 0..<extent.places {
            let start = min(count * place / extent.places, count - span)
            let frames = (0..<extent.framesPerPlace).map { start + span * (2 * $0 + 1) / (2 * extent.framesPerPlace) }
            let more = wanted.union(frames.flatMap { plan.requests(for: $0..<$0 + 1) })
            if !indices.isEmpty && more.reduce(0, { $0 + $1.byteCount }) > Self.pictureBytes { break }
            wanted = more
            indices.formUnion(frames)
        }
        let producer = PictureProducer(film, limits: limits)
        var pictures: [PlaneRequest: WorkingPicture] = [:]
        for (picture, requests) in Self.byPicture(wanted) {
            try cancellation.check()
            pictures.merge(try producer.produce(picture, requests)) { $1 }
        }
        let made = pictures
        self.pictures = made
        self.indices = indices.sorted()
        layers = try self.indices.map { try plan.layers(atFrame: $0, from: made) }
    }

    /// In the same order each time.
    private static func byPicture(_ requests: some Sequence<PlaneRequest>) -> [(picture: Int, requests: [PlaneRequest])] {
        Dictionary(grouping: requests, by: \.picture).sorted { $0.key < $1.key }.map { picture, requests in
            (picture, requests.sorted { ($0.width, $0.height, $0.fit.rawValue) < ($1.width, $1.height, $1.fit.rawValue) })
        }
    }

    /// The pictures, in order, with what is prepared of each.
    var requests: [(picture: Int, requests: [PlaneRequest])] { Self.byPicture(pictures.keys) }

    /// Frames with two pictures.
    var blendedCount: Int { layers.count { $0.count > 1 } }

    /// Of a frame as the host gets it.
    var frameBytes: Int {
        let layout = FrameLayout(width: size.width, height: size.height)
        return layout.y.byteCount + layout.cb.byteCount + layout.cr.byteCount
    }

    /// What has to be moved for a frame at the least, on average: the samples that it shows read, its bytes written.
    var movedBytes: Double {
        let samples = layers.reduce(0.0) { sum, layers in
            sum + layers.reduce(0) { $0 + $1.view.width * $1.view.height }
        }
        return samples * 1.5 * 2 / Double(layers.count) + Double(size.width * size.height) * 1.5
    }

    /// Of a working picture, on average.
    var pictureBytes: Double {
        Double(pictures.values.reduce(0) { $0 + $1.byteCount }) / Double(max(1, pictures.count))
    }
}
