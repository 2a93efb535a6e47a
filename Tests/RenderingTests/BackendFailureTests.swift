import Foundation
import JSON
import Media
import Rendering
import Resampling
import ResamplingCPU
import Synchronization
import TestSupport
import Testing
import Timeline

/// A backend that fails in the middle of a film.
@Suite struct BackendFailureTests {
    /// The CPU's frames, until so many were asked for; then nothing but errors.
    private final class FailingResampler: Resampler {
        struct Gone: Error, CustomStringConvertible { let description = "the device was lost" }

        let backend = "failing"
        let kernels = "none"
        let device: String? = "Test GPU"
        private let framesLeft: Mutex<Int>

        init(after frames: Int) { framesLeft = Mutex(frames) }

        func makeQueue(width: Int, height: Int) -> any FrameQueue {
            Queue(self, CPUResampler().makeQueue(width: width, height: height))
        }

        fileprivate func take() throws {
            try framesLeft.withLock { left in
                if left == 0 { throw Gone() }
                left -= 1
            }
        }

        private final class Queue: FrameQueue, @unchecked Sendable {
            private let owner: FailingResampler
            private let queue: any FrameQueue
            let depth = 3

            init(_ owner: FailingResampler, _ queue: any FrameQueue) {
                self.owner = owner
                self.queue = queue
            }

            func begin(_ layers: [FrameLayer]) throws { try queue.begin(layers) }

            func next() throws -> LentFrame {
                try owner.take()
                return try queue.next()
            }
        }
    }

    /// Renders two shots of two seconds.
    private func film(_ resampler: any Resampler, in folder: TemporaryFolder) throws -> (Data, RenderReport) {
        for index in 0..<2 {
            let picture = bitmap(width: 80, height: 60) { x, y in (UInt8(x * 3), UInt8(y * 4), UInt8(index * 200)) }
            try folder.write(Data(picture), "p/\(index).bmp")
        }
        let segments = (0..<2).map { index -> [String: Any] in
            ["start_time": 2 * index, "end_time": 2 * index + 2, "generated_images": [["path": "\(index).bmp"]]]
        }
        try folder.write(try JSONSerialization.data(withJSONObject: ["project_id": "p", "segments": segments]), "p/manifest.json")
        let options = RenderOptions(resampler: resampler, jobs: 2)
        let session = RenderSession(
            location: try ProjectLocation(folder.path + "/p", store: nil),
            output: OutputOptions(size: PictureSize(width: 64, height: 36), preset: "ultrafast"), options: options,
            cancellation: Cancellation())
        let path = folder.path + "/film.mp4"
        let (outcome, examination) = try session.run { _, plan in
            let cache = try ChunkCache(folder: folder.path + "/cache-\(UUID().uuidString)")
            return try FilmRenderer(plan, cache: cache, options: options, cancellation: session.cancellation).renderFilm(to: path)
        }
        return (
            try Data(contentsOf: URL(fileURLWithPath: path)),
            RenderReport(outcome, examination: examination, options: options, filmPath: path, totalSeconds: 1)
        )
    }

    @Test(arguments: [0, 1, 2, 40, 95])
    func anotherBackendGoesOnWithTheSameFilm(after frames: Int) throws {
        let folder = try TemporaryFolder()
        let (want, _) = try film(CPUResampler(), in: folder)
        let resampler = FallbackResampler(FailingResampler(after: frames), orElse: CPUResampler()) { "gone: \($0)" }
        let (got, report) = try film(resampler, in: folder)
        #expect(got == want)
        #expect(report.warnings == ["gone: the device was lost"])
        // Of 96, each is counted for the one that has made it.
        let makers = report.outcome.makers
        #expect(makers.map(\.frames) == (frames == 0 ? [96] : [frames, 96 - frames]))
        #expect(makers.map(\.backend) == (frames == 0 ? ["cpu"] : ["failing", "cpu"]))
        let parts = ["\(frames) frames by Test GPU, \(96 - frames) by the CPU (", "; frames by the CPU ("]
        #expect(report.sentence.contains(parts[frames == 0 ? 1 : 0]), "\(report.sentence)")
        guard case .array(let written)? = try report.document()["frames_made_by"] else {
            Issue.record("it does not say who made the frames")
            return
        }
        #expect(written.map { $0["frames"] } == makers.map { .integer(Int64($0.frames)) })
    }

    /// A film after one that failed counts its own frames alone.
    @Test func earlierFilmsDoNotCount() throws {
        let folder = try TemporaryFolder()
        let resampler = FallbackResampler(FailingResampler(after: 40), orElse: CPUResampler()) { "gone: \($0)" }
        _ = try film(resampler, in: folder)
        let (_, report) = try film(resampler, in: folder)
        #expect(report.outcome.makers.map(\.frames) == [96] && report.outcome.makers.map(\.backend) == ["cpu"])
    }

    @Test func withoutAnotherTheFilmFails() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: RenderError.self) { try film(FailingResampler(after: 10), in: folder) }
        let text = error?.description ?? ""
        #expect(
            text.hasSuffix("frames cannot be made on Test GPU: the device was lost; --backend cpu gives the same frames"),
            "\(text)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/film.mp4"))
    }
}
