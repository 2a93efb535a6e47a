import Digest
import Media
import Resampling
import Timeline

/// A film cut into chunks that can be rendered anywhere, in any order, each with the key of everything its bytes depend on.
public struct FilmPlan: Sendable {
    package let film: ProjectExamination.Film
    /// SHA-256 of each picture's file, by index; empty for pictures that no shot shows.
    let contentHashes: [String]
    /// What each shot is resampled from, by index of the shot.
    let planes: [PlaneRequest]
    public let chunks: [Chunk]

    public struct Chunk: Sendable {
        public let frames: Range<Int>
        /// 64 hexadecimal digits.
        public let key: String
        /// Planes that its frames need, each once.
        package let requests: [PlaneRequest]

        /// In caches.
        var fileName: String { "\(key).mp4" }
    }

    /// Shorter pieces are joined with their neighbours, longer ones cut.
    private static let chunkSeconds = (minimum: 1.0, maximum: 5.0)

    package init(_ film: ProjectExamination.Film, cancellation: Cancellation) throws {
        self.film = film
        var hashes: [String] = []
        for picture in film.pictures {
            try cancellation.check()
            hashes.append(try picture.map { try SHA256.ofFile($0.path) } ?? "")
        }
        contentHashes = hashes
        // One file under two names is one picture.
        var firstWithContent: [String: Int] = [:]
        for (index, hash) in hashes.enumerated().reversed() { firstWithContent[hash] = index }
        let planes = film.timeline.shots.map { shot in
            let header = film.pictures[shot.picture]?.header
            let size = WorkingSize.of(
                shot, picture: PictureSize(width: header?.uprightWidth ?? 1, height: header?.uprightHeight ?? 1),
                output: film.timeline.outputSize)
            return PlaneRequest(
                picture: firstWithContent[hashes[shot.picture]] ?? shot.picture, fit: shot.fit, width: size.width, height: size.height)
        }
        self.planes = planes

        let rate = film.video.frameRate.value
        let fingerprint = film.video.fingerprint + "\n" + pictureFingerprint
        var chunks: [Chunk] = []
        for frames in film.timeline.chunks(
            minimumFrames: max(1, Int((Self.chunkSeconds.minimum * rate).rounded())),
            maximumFrames: max(2, Int((Self.chunkSeconds.maximum * rate).rounded())))
        {
            try cancellation.check()
            var key = ChunkKey(fingerprint: fingerprint, background: film.project.style.background)
            var requests: [PlaneRequest] = []
            for frame in frames {
                let layers = film.timeline.layers(atFrame: frame)
                for layer in layers where !requests.contains(planes[layer.shot]) { requests.append(planes[layer.shot]) }
                key.add(layers.map { ($0, planes[$0.shot], hashes[planes[$0.shot].picture]) })
            }
            chunks.append(Chunk(frames: frames, key: key.finish(), requests: requests))
        }
        self.chunks = chunks
    }

    /// Chunks that may be encoded side by side.
    package func jobs(atMost most: Int) -> Int {
        // Where encoders are opened one after the other, further threads would do nothing but wait.
        film.video.encodesOneAtATime ? 1 : most
    }

    /// The layers of a frame, ready to be resampled.
    package func layers(atFrame frame: Int, from pictures: [PlaneRequest: WorkingPicture]) throws -> [FrameLayer] {
        try film.timeline.layers(atFrame: frame).map { layer in
            guard let picture = pictures[planes[layer.shot]] else {
                throw RenderError("frame \(frame) needs a picture that was not prepared; please report this")
            }
            let (width, height) = (Double(picture.width), Double(picture.height))
            return FrameLayer(
                picture: picture,
                view: SourceRect(
                    left: layer.view.left * width, top: layer.view.top * height, width: layer.view.width * width,
                    height: layer.view.height * height), weight: layer.weight)
        }
    }

    /// Planes that a range of frames needs, each once.
    package func requests(for frames: Range<Int>) -> [PlaneRequest] {
        var requests: [PlaneRequest] = []
        for frame in frames {
            for layer in film.timeline.layers(atFrame: frame) where !requests.contains(planes[layer.shot]) {
                requests.append(planes[layer.shot])
            }
        }
        return requests
    }
}
