import Foundation
import MachineBenchmark
import Rendering
import Resampling
import ResamplingCPU
import Synchronization
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

    /// Frames that are right one at a time; with three under way, the third is made where the first one was.
    private struct CrowdedResampler: Resampler {
        let backend = "crowded"
        let kernels = "none"

        func makeQueue(width: Int, height: Int) -> any FrameQueue {
            Queue(CPUResampler().makeQueue(width: width, height: height))
        }

        private final class Queue: FrameQueue, @unchecked Sendable {  // belongs to one thread at a time
            private let queue: any FrameQueue
            private var slots: [[FrameLayer]] = [[], []]
            private var begun = 0
            private var finished = 0
            let depth = 3

            init(_ queue: any FrameQueue) { self.queue = queue }

            func begin(_ layers: [FrameLayer]) {
                slots[begun % 2] = layers
                begun += 1
            }

            func next() throws -> LentFrame {
                try queue.begin(slots[finished % 2])
                finished += 1
                return try queue.next()
            }
        }
    }

    /// The CPU's frames as long as a shared count lasts; then errors, or frames with one byte changed.
    private final class TiringResampler: Resampler {
        struct Gone: Error, CustomStringConvertible { let description = "vkWaitSemaphores: the device was lost" }

        let backend = "tiring"
        let kernels = "none"
        let isWrongThen: Bool
        private let left: Mutex<Int>

        init(after frames: Int, isWrongThen: Bool) {
            left = Mutex(frames)
            self.isWrongThen = isWrongThen
        }

        func makeQueue(width: Int, height: Int) -> any FrameQueue {
            Queue(self, CPUResampler().makeQueue(width: width, height: height))
        }

        private final class Queue: FrameQueue, @unchecked Sendable {  // belongs to one thread at a time
            private let owner: TiringResampler
            private let queue: any FrameQueue
            let depth = 1

            init(_ owner: TiringResampler, _ queue: any FrameQueue) {
                self.owner = owner
                self.queue = queue
            }

            func begin(_ layers: [FrameLayer]) throws { try queue.begin(layers) }

            func next() throws -> LentFrame {
                let isTired = owner.left.withLock { left in
                    left -= 1
                    return left < 0
                }
                if isTired && !owner.isWrongThen { throw Gone() }
                let frame = try queue.next()
                if isTired { frame.planes.y[3] ^= 1 }
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

    private func verify(_ last: any Resampler, isSoftware: Bool, slowSeconds: Double = 60) throws -> FrameVerification {
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

    @Test(arguments: [true, false])
    func framesThatGetInEachOthersWay(isSoftware: Bool) throws {
        let error = try #require(throws: FrameMismatch.self) { try verify(CrowdedResampler(), isSoftware: isSoftware) }
        #expect(error.description.contains("frame 100 at 64x36"), "\(error)")
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

    /// Right as long as frames are compared one by one, wrong in a film.
    @Test func aFilmsFramesAreComparedToo() throws {
        let folder = TemporaryFolderProject()
        var options = try folder.options()
        options.extraContestants = [
            Contestant(name: "GPU", resampler: TiringResampler(after: 30, isWrongThen: true), deviceNumber: 7)
        ]
        let error = try #require(throws: FrameMismatch.self) { try Benchmark(options, cancellation: Cancellation()).run() }
        #expect(error.description.contains("CRC-32C") && error.description.contains("by GPU"), "\(error)")
    }

    /// A GPU that fails at its first frame, or in a film, is left out; the others' figures are there.
    @Test(arguments: [(0, "frames at 64x36", 0), (30, "the film at 64x36", 1)])
    func othersGoOn(after frames: Int, task: String, compared: Int) throws {
        let folder = TemporaryFolderProject()
        var options = try folder.options()
        options.extraContestants = [
            Contestant(name: "Test GPU", resampler: TiringResampler(after: frames, isWrongThen: false), deviceNumber: 7)
        ]
        let report = try Benchmark(options, cancellation: Cancellation()).run()
        let failure = try #require(report.failures.first)
        #expect(report.failures.count == 1 && failure.device == 7 && failure.task == task)
        #expect(failure.sentence == "Test GPU failed at \(task): vkWaitSemaphores: the device was lost")
        #expect(report.sizes[0].rows(.whole).count == 1 && report.sizes[0].films.count == 1)
        #expect(report.sizes[0].verification.counts.count { $0.name == "Test GPU" } == compared)
        let text = ReportTable.lines(report).joined(separator: "\n")
        #expect(text.contains("failed: Test GPU failed at \(task)"), "\(text)")
        #expect(ReportPage.page(report).contains("Test GPU failed at"))
    }

    /// Without the CPU there is nothing to compare with.
    @Test func theCPUIsNotLeftOut() throws {
        let folder = TemporaryFolderProject()
        var options = try folder.options()
        options.extraContestants = [Contestant(name: "CPU", resampler: TiringResampler(after: 0, isWrongThen: false))]
        #expect(throws: RenderError.self) { try Benchmark(options, cancellation: Cancellation()).run() }
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
