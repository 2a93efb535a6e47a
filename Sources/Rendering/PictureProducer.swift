import Media
import Resampling
import Synchronization
import Timeline

/// Decodes the pictures of a film and prepares their planes; counts the time of both.
package final class PictureProducer: Sendable {
    private let film: ProjectExamination.Film
    private let limits: PictureLimits
    private let shared = Mutex((times: StageTimes(), decoded: 0, warnings: [String]()))
    /// Held while a very large picture is decoded: two at once would double the peak of memory.
    private let largePictures = Mutex(())
    private static let largePixels = 32 << 20

    package init(_ film: ProjectExamination.Film, limits: PictureLimits) {
        self.film = film
        self.limits = limits
    }

    package var times: StageTimes { shared.withLock { $0.times } }
    /// How often a file was decoded.
    var decodedCount: Int { shared.withLock { $0.decoded } }
    var warnings: [String] { shared.withLock { $0.warnings } }

    package func produce(_ index: Int, _ requests: [PlaneRequest]) throws -> [PlaneRequest: WorkingPicture] {
        guard let file = film.pictures[index] else {
            throw RenderError("picture \(index) was not examined; please report this")
        }
        if file.header.width * file.header.height > Self.largePixels {
            return try largePictures.withLock { _ in try make(index, file, requests) }
        }
        return try make(index, file, requests)
    }

    private func make(
        _ index: Int, _ file: PictureFile, _ requests: [PlaneRequest]
    ) throws -> [PlaneRequest: WorkingPicture] {
        let reference = film.project.pictures[index]
        var times = StageTimes()
        do {
            let color = film.project.style.background
            let background = SIMD3(UInt16(color.red) * 257, UInt16(color.green) * 257, UInt16(color.blue) * 257)
            let decoded = try times.measure(\.decode) { try DecodedPicture.decode(path: file.path, limits: limits) }
            guard try FileIdentity(path: file.path) == file.identity else {
                throw RenderError.project(
                    "\(reference.jsonPath): picture \(reference.displayName): It changed while the film was being rendered; render again.")
            }
            let source = RowSource(
                width: decoded.width, height: decoded.height, orientation: decoded.header.orientation,
                isOpaque: decoded.isOpaque
            ) { decoded.readRows($0, count: $1, into: $2, strideSamples: $3) }
            var result: [PlaneRequest: WorkingPicture] = [:]
            for request in requests {
                result[request] = try times.measure(\.prepare) {
                    switch request.fit {
                    case .cover:
                        try .prepare(source, width: request.width, height: request.height, background: background)
                    case .contain:
                        try .prepareContained(
                            source, canvasWidth: request.width, canvasHeight: request.height, background: background)
                    }
                }
            }
            shared.withLock { state in
                state.times = state.times + times
                state.decoded += 1
                state.warnings += decoded.warnings.map { "\(reference.jsonPath): picture \(reference.displayName): \($0)" }
            }
            return result
        } catch let error as PictureError {
            throw RenderError.picture(
                index, "\(reference.jsonPath): picture \(reference.displayName): \(error)", underlying: error)
        }
    }
}
