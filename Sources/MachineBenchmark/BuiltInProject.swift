import Files
import Glibc
import JSON
import Media
import Rendering
import Resampling

/// A project that is drawn for measuring: pictures as large as a camera's, a new one every two seconds, with moves and
/// crossfades, and no sound.
package struct BuiltInProject {
    let manifestFolder: String

    private static let pictureSize = (width: 4800, height: 3200)
    private static let shotSeconds = 2
    private static let motions = ["zoom-in", "pan-right", "diagonal-down", "zoom-out", "pan-left", "drift"]
    /// Each of some megabytes.
    private static let mostPictures = 64
    /// Of the style; each time that the same pictures come again, they are moved to a little nearer.
    private static let zoom = (first: 1.18, step: 0.004)
    /// Every core that is used gets two chunks, and every job one, unless there are far more jobs than cores.
    package static func shotCount(jobs: Int, cores: Int = Machine.coreCount) -> Int {
        max(4, 2 * min(jobs, cores), min(jobs, mostPictures))
    }

    init(in folder: String, jobs: Int, _ cancellation: Cancellation) throws {
        manifestFolder = folder
        let shots = Self.shotCount(jobs: jobs)
        let count = min(shots, Self.mostPictures)
        let threads = min(jobs, count)
        try Workers.run(threads, cancellation: cancellation) { worker, stop in
            let pool = FramePool(width: Self.pictureSize.width, height: Self.pictureSize.height)
            for index in stride(from: worker, to: count, by: threads) {
                try stop.check()
                let frame = pool.frame()
                Self.draw(seed: UInt64(index), on: frame.planes)
                try writeJPEG(planes: frame.planes, to: "\(folder)/\(Self.name(index))")
            }
        }
        try OutputPlace.write(Self.manifest(shots: shots).serialized(), to: folder + "/manifest.json")
    }

    /// No two shots are the same, so that all of their chunks have to be rendered.
    package static func manifest(shots: Int) -> JSON {
        let segments = (0..<shots).map { index -> JSON in
            let lap = index / mostPictures
            return [
                "id": .integer(Int64(index)), "start_time": .integer(Int64(index * shotSeconds)),
                "end_time": .integer(Int64((index + 1) * shotSeconds)),
                "generated_images": [
                    ["path": .string(name(index % mostPictures)), "motion": lap == 0 ? .string(motion(index)) : nearing(lap)]
                ],
            ]
        }
        return [
            "project_id": "built-in",
            "style": ["transition": ["kind": "crossfade", "seconds": 0.4], "zoom": .number(zoom.first)],
            "segments": .array(segments),
        ]
    }

    private static func motion(_ index: Int) -> String { motions[index % motions.count] }

    private static func nearing(_ lap: Int) -> JSON {
        let side = lap % 2 == 0 ? 0.48 : 0.52
        return [
            "from": ["x": 0.5, "y": 0.5, "zoom": 1],
            "to": ["x": .number(side), "y": 0.5, "zoom": .number(zoom.first + zoom.step * Double(lap))],
        ]
    }

    private static func name(_ index: Int) -> String { "picture-\(index).jpg" }

    /// Soft shapes, fine lines and grain: something of all that an encoder meets in photographs. Full range.
    private static func draw(seed: UInt64, on planes: FramePlanes) {
        var random = Grain(state: seed &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        // Each wave is the product of one across and one down: cycles over the picture, and height.
        func waves(_ count: Int, _ kinds: [(cycles: Double, height: Double)]) -> [Float] {
            kinds.flatMap { kind in
                let phase = Double(random.next() & 0xFFFF) / 65536
                return (0..<count).map {
                    Float(kind.height * sin(2 * .pi * (Double($0) / Double(count) * kind.cycles + phase)))
                }
            }
        }
        func fill(_ plane: UnsafeMutablePointer<UInt8>, _ stride: Int, _ width: Int, _ height: Int, detail: Double) {
            let across = waves(width, [(1.5, 9), (5.2, 5), (41, 3 * detail), (611, 3 * detail)])
            let down = waves(height, [(1.1, 8), (4.3, 5), (37, 3), (487, 3)])
            let grainHeight = Float(1.7 * detail)
            across.withUnsafeBufferPointer { across in
                for y in 0..<height {
                    let row = plane + y * stride
                    let (a, b, c, d) = (down[y], down[height + y], down[2 * height + y], down[3 * height + y])
                    for x in 0..<width {
                        let slow = across[x] * a + across[width + x] * b
                        let fine = across[2 * width + x] * c + across[3 * width + x] * d
                        let grain = (Float(random.next() >> 61) - 3.5) * grainHeight
                        row[x] = UInt8(min(max(128 + slow + fine + grain, 0), 255))
                    }
                }
            }
        }
        fill(planes.y, planes.yStrideBytes, planes.width, planes.height, detail: 1)
        fill(planes.cb, planes.cbStrideBytes, planes.chromaWidth, planes.chromaHeight, detail: 0)
        fill(planes.cr, planes.crStrideBytes, planes.chromaWidth, planes.chromaHeight, detail: 0)
    }

    /// - Source: Marsaglia, xorshift64 (2003), with Vigna's multiplier.
    private struct Grain {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            return state &* 0x2545_F491_4F6C_DD1D
        }
    }
}
