import Dispatch
import Resampling
import ResamplingCPU
import Synchronization
import TestSupport
import Testing

/// Every backend there is on this machine. A new one joins the whole contract by standing in this list.
let backends: [any Resampler] = FrameKernels.available.map { CPUResampler(kernels: $0) } + VulkanBackends.resamplers

extension Resampler {
    /// For a failed test: "avx2", "llvmpipe (…)".
    var label: String { device ?? kernels }
}

/// A shape to try: picture, output, view. The worst ones first, by hand; the others by lot.
struct Shape: CustomTestStringConvertible, Sendable {
    var picture: (Int, Int)
    var output: (Int, Int)
    var view: SourceRect

    var testDescription: String {
        "\(picture.0)x\(picture.1) -> \(output.0)x\(output.1) from \(view.left),\(view.top) \(view.width)x\(view.height)"
    }

    static let worst: [Shape] = [
        Shape(picture: (1, 1), output: (1, 1), view: SourceRect(left: 0, top: 0, width: 1, height: 1)),
        Shape(picture: (1, 1), output: (33, 17), view: SourceRect(left: 0, top: 0, width: 1, height: 1)),
        Shape(picture: (1, 1), output: (64, 64), view: SourceRect(left: 0.4, top: 0.4, width: 0.1, height: 0.1)),
        Shape(picture: (2, 3), output: (31, 47), view: SourceRect(left: 0, top: 0, width: 2, height: 3)),
        Shape(picture: (640, 1), output: (64, 2), view: SourceRect(left: 0, top: 0, width: 640, height: 1)),
        Shape(picture: (1, 640), output: (2, 64), view: SourceRect(left: 0, top: 0, width: 1, height: 640)),
        Shape(picture: (67, 45), output: (67, 45), view: SourceRect(left: 0, top: 0, width: 67, height: 45)),
        Shape(picture: (640, 360), output: (32, 18), view: SourceRect(left: 0, top: 0, width: 640, height: 360)),  // 20:1
        Shape(picture: (641, 361), output: (31, 17), view: SourceRect(left: 0, top: 0, width: 641, height: 361)),
        Shape(picture: (100, 80), output: (96, 54), view: SourceRect(left: 90, top: 74, width: 10, height: 6)),  // the corner
        Shape(picture: (100, 80), output: (96, 54), view: SourceRect(left: 0, top: 0, width: 10, height: 5.625)),
        // More than one tile across, and more at steep ratios; the last one narrow.
        Shape(picture: (700, 20), output: (700, 20), view: SourceRect(left: 0.3, top: 0.2, width: 699, height: 19)),
        Shape(picture: (900, 12), output: (513, 9), view: SourceRect(left: 0, top: 0, width: 900, height: 12)),
        Shape(picture: (4000, 20), output: (203, 9), view: SourceRect(left: 0, top: 0, width: 4000, height: 20)),
        Shape(picture: (3000, 16), output: (47, 9), view: SourceRect(left: 0, top: 0, width: 3000, height: 16)),  // 64:1
        Shape(picture: (300, 10), output: (1030, 17), view: SourceRect(left: 1, top: 1, width: 280, height: 8)),
        Shape(picture: (50, 50), output: (20, 20), view: SourceRect(left: -30, top: 60, width: 40, height: 40)),  // outside
        Shape(picture: (50, 50), output: (9, 9), view: SourceRect(left: 500, top: -500, width: 300, height: 300)),
    ]

    static let random: [Shape] = {
        var generator = SeededGenerator(seed: 1)
        return (0..<60).map { _ in
            let picture = (Int.random(in: 1...300, using: &generator), Int.random(in: 1...200, using: &generator))
            let zoom = Double.random(in: 1...10, using: &generator)
            let size = (Double(picture.0) / zoom, Double(picture.1) / zoom)
            return Shape(
                picture: picture,
                output: (Int.random(in: 16...160, using: &generator), Int.random(in: 10...90, using: &generator)),
                view: SourceRect(
                    left: .random(in: 0...(Double(picture.0) - size.0), using: &generator),
                    top: .random(in: 0...(Double(picture.1) - size.1), using: &generator), width: size.0, height: size.1))
        }
    }()
}

/// What the picture is made of. Extremes provoke every overflow and saturation that 16 bits allow.
enum Content: CaseIterable, Sendable {
    case noise, extremes
    func picture(_ size: (Int, Int), seed: UInt64) -> WorkingPicture {
        switch self {
        case .noise: .random(size.0, size.1, range: 0...16320, seed: seed)
        case .extremes:
            .make(
                size.0, size.1, luma: { x, y in (x / 2 + y) % 2 == 0 ? .min : .max },
                cb: { x, y in (x + y / 3) % 2 == 0 ? .max : .min }, cr: { x, _ in x % 3 == 0 ? .max : .min })
        }
    }
}

@Suite struct BackendContractTests {
    @Test(arguments: Shape.worst + Shape.random, Content.allCases)
    func sameBytesAsTheReference(shape: Shape, content: Content) throws {
        let first = content.picture(shape.picture, seed: 7)
        let second = Content.noise.picture((31, 23), seed: 8)
        let otherView = SourceRect(left: 1.25, top: 0.5, width: 20, height: 20)
        let frames: [(name: String, layers: [FrameLayer])] = [
            ("one layer", [FrameLayer(picture: first, view: shape.view)]),
            ("faded", [FrameLayer(picture: first, view: shape.view, weight: 5000)]),
            (
                "two layers",
                [
                    FrameLayer(picture: first, view: shape.view, weight: 11001),
                    FrameLayer(picture: second, view: otherView, weight: 16384 - 11001),
                ]
            ),
            (
                "two layers and black",
                [
                    FrameLayer(picture: first, view: shape.view, weight: 3),
                    FrameLayer(picture: second, view: otherView, weight: 8000),
                ]
            ),
        ]
        for (name, layers) in frames {
            let want = try render(layers, with: ReferenceResampler(), shape.output)
            for backend in backends {
                let got = try render(layers, with: backend, shape.output)
                for plane in 0..<3 {
                    #expect(
                        want.samples(plane) == got.samples(plane), "\(backend.label), \(name), plane \(plane)")
                }
                #expect(got.damagedGuards == 0, "\(backend.label), \(name)")
            }
        }
        #expect(VulkanBackends.validationMessages == [])
    }

    @Test func everyLevelOfThisMachineIsTried() throws {
        let cpu = backends.filter { $0.backend == "cpu" }
        #expect(cpu.first?.kernels == "scalar")
        #expect(Set(backends.map(\.label)).count == backends.count)
        let cpuInfo = try #require(readTextFile("/proc/cpuinfo"))
        #expect(cpu.contains { $0.kernels == "avx2" } == cpuInfo.contains(" avx2"))
        let avx512 = ["avx512f", "avx512bw", "avx512vl", "avx512_vnni"].allSatisfy { cpuInfo.contains(" \($0)") }
        #expect(cpu.contains { $0.kernels == "avx512" } == avx512)
    }

    /// A queue keeps its phase table from frame to frame; what it rendered before must not show.
    @Test(arguments: backends.indices)
    func framesDoNotDependOnFramesBefore(backend: Int) throws {
        let picture = WorkingPicture.random(120, 90, range: 0...16320, seed: 3)
        let queue = try backends[backend].makeQueue(width: 64, height: 36)
        let views = [1.0, 1.3, 1.3, 4, 1, 0.2].map {
            SourceRect(left: 3.3, top: 2.2, width: 64 * $0 * 0.4, height: 36 * $0 * 0.4)
        }
        for view in views {
            try queue.begin([FrameLayer(picture: picture, view: view)])
            let frame = try FrameSamples(queue.next())
            let fresh = try render([FrameLayer(picture: picture, view: view)], with: ReferenceResampler(), (64, 36))
            for plane in 0..<3 { #expect(frame.samples(plane) == fresh.samples(plane), "plane \(plane)") }
        }
    }

    /// Frames come in the order in which they were begun, however many are under way, and stay while somebody holds them.
    @Test(arguments: backends.indices)
    func framesComeInOrderAndStay(backend: Int) throws {
        let picture = WorkingPicture.random(120, 90, range: 0...16320, seed: 4)
        let queue = try backends[backend].makeQueue(width: 33, height: 19)
        let layers = (0..<11).map { index in
            [FrameLayer(picture: picture, view: SourceRect(left: Double(index) * 3.7, top: 1.1, width: 70, height: 50))]
        }
        var frames: [LentFrame] = []
        for (begun, layer) in layers.enumerated() {
            try queue.begin(layer)
            if begun % 4 == 3 { frames += [try queue.next(), try queue.next()] }
        }
        while frames.count < layers.count { frames.append(try queue.next()) }
        for (frame, layer) in zip(frames, layers) {
            let want = try render(layer, with: ReferenceResampler(), (33, 19))
            let got = FrameSamples(frame)
            for plane in 0..<3 { #expect(got.samples(plane) == want.samples(plane)) }
        }
        let places = Set(frames.map(\.memory))
        #expect(places.count == frames.count)
        frames = []
        try queue.begin(layers[0])
        #expect(places.contains(try queue.next().memory), "memory that came back is used again")
    }

    /// One backend, several threads, each with a queue of its own.
    @Test(arguments: backends.indices)
    func threadsDoNotDisturbEachOther(backend: Int) throws {
        let pictures = (0..<3).map { WorkingPicture.random(90, 70, range: 0...16320, seed: UInt64($0)) }
        let layers = (0..<12).map { index in
            [FrameLayer(picture: pictures[index % 3], view: SourceRect(left: Double(index), top: 2, width: 60, height: 40))]
        }
        let want = try layers.map { layers in
            let frame = try render(layers, with: ReferenceResampler(), (48, 32))
            return (0..<3).map(frame.samples)
        }
        let right = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            let queue = try? backends[backend].makeQueue(width: 48, height: 32)
            for index in stride(from: thread, to: layers.count, by: 4) {
                try? queue?.begin(layers[index])
                guard let frame = try? queue?.next() else { continue }
                if (0..<3).map(FrameSamples(frame).samples) == want[index] { right.withLock { $0 += 1 } }
            }
        }
        #expect(right.withLock { $0 } == layers.count)
        #expect(VulkanBackends.validationMessages == [])
    }
}

/// A frame's samples, and what was written where nothing should be.
protocol FrameReading {
    /// Plane `index` without its padding.
    func samples(_ index: Int) -> [UInt8]
    var damagedGuards: Int { get }
}

/// Renders one frame: into guarded memory, where the backend takes the caller's, else into its own.
func render(_ layers: [FrameLayer], with resampler: any Resampler, _ size: (Int, Int)) throws -> any FrameReading {
    if let resampler = resampler as? any HostResampler {
        let frame = GuardedFrame(width: size.0, height: size.1)
        resampler.makeRenderer(width: size.0, height: size.1).render(layers, into: frame.planes)
        return frame
    }
    let queue = try resampler.makeQueue(width: size.0, height: size.1)
    try queue.begin(layers)
    return FrameSamples(try queue.next())
}
