import Foundation
import MachineBenchmark
import Rendering
import Resampling
import ResamplingCPU
import TestSupport
import Testing
import Timeline

/// A contestant whose frames are not those of the others is found out before anything is measured.
@Suite struct VerificationTests {
    /// The CPU's frames with one byte of one of them changed.
    private struct WrongResampler: Resampler {
        let backend = "wrong"
        let kernels = "none"
        /// The frame that is wrong, counted by each queue; `nil`: none.
        var wrongFrame: Int?

        func makeQueue(width: Int, height: Int) -> any FrameQueue {
            Queue(CPUResampler().makeQueue(width: width, height: height), wrongFrame)
        }

        private final class Queue: FrameQueue, @unchecked Sendable {  // belongs to one thread at a time
            private let queue: any FrameQueue
            private let wrongFrame: Int?
            private var count = 0
            let depth = 1

            init(_ queue: any FrameQueue, _ wrongFrame: Int?) {
                self.queue = queue
                self.wrongFrame = wrongFrame
            }

            func begin(_ layers: [FrameLayer]) throws { try queue.begin(layers) }

            func next() throws -> LentFrame {
                let frame = try queue.next()
                if count == wrongFrame { frame.planes.cr[frame.planes.crStrideBytes + 5] ^= 1 }
                count += 1
                return frame
            }
        }
    }

    private static let frames: [(index: Int, layers: [FrameLayer])] = {
        var random = SeededGenerator(seed: 5)
        func plane(_ width: Int, _ height: Int) -> WorkingPlane {
            WorkingPlane(width: width, height: height) { samples, stride in
                for y in 0..<height {
                    for x in 0..<width { samples[y * stride + x] = Int16.random(in: 1024...15000, using: &random) }
                }
            }
        }
        let picture = WorkingPicture(luma: plane(120, 80), cb: plane(60, 40), cr: plane(60, 40))
        return (0..<6).map { index in
            (100 + index, [FrameLayer(picture: picture, view: SourceRect(left: Double(index), top: 1.5, width: 90, height: 60))])
        }
    }()

    private func verify(_ last: WrongResampler, isSoftware: Bool, slowSeconds: Double = 60) throws -> FrameVerification {
        let contestants = FrameKernels.available.map { Contestant(name: $0.name, resampler: CPUResampler(kernels: $0)) }
            + [Contestant(name: "the other one", resampler: last, deviceNumber: 7, isSoftware: isSoftware)]
        return try FrameVerification(
            contestants, width: 64, height: 36, frames: Self.frames, threads: 2, slowSeconds: slowSeconds,
            cancellation: Cancellation())
    }

    @Test func everybodyIsTheSame() throws {
        let found = try verify(WrongResampler(), isSoftware: false)
        #expect(found.hashes.count == 6 && Set(found.hashes).count == 6)
        #expect(found.counts.map(\.name) == FrameKernels.available.map(\.name) + ["the other one"])
        #expect(found.counts.allSatisfy { $0.frames == 6 })
    }

    @Test func oneByteOfOneFrame() throws {
        // Software drivers get one thread, so its queue makes all frames in order.
        let error = try #require(throws: FrameMismatch.self) { try verify(WrongResampler(wrongFrame: 3), isSoftware: true) }
        let text = error.description
        #expect(text.contains("frame 103 at 64x36") && text.contains("scalar") && text.contains("the other one"), "\(text)")
    }

    @Test func slowOnesAreComparedByWhatTheyMade() throws {
        let found = try verify(WrongResampler(wrongFrame: 3), isSoftware: true, slowSeconds: 0)
        #expect(found.counts.last?.frames == 1)
    }

    /// Nothing that a caller could print comes out of a whole run.
    @Test func aWholeRunEndsWithIt() throws {
        let folder = TemporaryFolderProject()
        var options = try folder.options()
        options.extraContestants = [Contestant(name: "wrong", resampler: WrongResampler(wrongFrame: 0))]
        #expect(throws: FrameMismatch.self) { try Benchmark(options, cancellation: Cancellation()).run() }
    }

    @Test func cancelled() throws {
        let folder = TemporaryFolderProject()
        let options = try folder.options()
        let cancellation = Cancellation()
        cancellation.cancel()
        let error = try #require(throws: RenderError.self) { try Benchmark(options, cancellation: cancellation).run() }
        #expect(error.isCancellation)
    }

    private struct TemporaryFolderProject {
        private let folder = Result { try TemporaryFolder() }

        func options() throws -> BenchmarkOptions {
            let folder = try folder.get()
            try folder.write(Data(bitmap(width: 160, height: 90) { x, y in (UInt8(x), UInt8(y), 9) }), "picture.bmp")
            let segment = #"{ "start": 0, "end": 1, "generated_images": [ { "path": "picture.bmp" } ] }"#
            try folder.write("{ \"segments\": [ \(segment) ] }", "manifest.json")
            return BenchmarkOptions(
                location: try ProjectLocation(folder.path, store: nil), sizes: [PictureSize(width: 64, height: 36)],
                isQuick: true, backend: .cpu, version: "0")
        }
    }
}
