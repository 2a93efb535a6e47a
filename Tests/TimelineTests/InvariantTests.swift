import Foundation
import TestSupport
import Testing
import Timeline

/// What holds for every project, over random ones. A failure names the seed.
@Suite struct InvariantTests {
    // MARK: Random manifests

    private static func unit(_ generator: inout SeededGenerator) -> String {
        String(Double.random(in: 0...1, using: &generator))
    }

    private static func easing(_ generator: inout SeededGenerator) -> String {
        let names = ["linear", "ease-in", "ease-out", "ease-in-out", "gentle"]
        if Bool.random(using: &generator) { return "\"\(names.randomElement(using: &generator)!)\"" }
        let x = { (g: inout SeededGenerator) in String(Double.random(in: 0.15...0.85, using: &g)) }
        return "[\(x(&generator)), \(unit(&generator)), \(x(&generator)), \(unit(&generator))]"
    }

    /// - Parameter mirrored: x becomes 1 - x; everything else is the same for the same seed.
    static func keyFrameMotion(_ generator: inout SeededGenerator, mirrored: Bool = false) -> String {
        let count = [2, 2, 3, 4, 7].randomElement(using: &generator)!
        let isTimed = Bool.random(using: &generator)
        var keys: [String] = []
        for index in 0..<count {
            if index > 0, Double.random(in: 0...1, using: &generator) < 0.2 {
                keys.append(keys[index - 1].split(separator: ", \"at\"").first.map(String.init)!)
            } else {
                let x = Double.random(in: -0.1...1.1, using: &generator)
                let zoom = [1, 1, Double.random(in: 1...3, using: &generator), Double.random(in: 1...20, using: &generator)]
                    .randomElement(using: &generator)!
                keys.append("\"x\": \(mirrored ? 1 - x : x), \"y\": \(unit(&generator)), \"zoom\": \(zoom)")
            }
            if isTimed {
                let at = (Double(index) + Double.random(in: 0.1...0.9, using: &generator)) / Double(count)
                keys[index] += ", \"at\": \(at)"
            }
        }
        let path = ["straight", "straight", "van-wijk"].randomElement(using: &generator)!
        let list = keys.map { "{\($0)}" }.joined(separator: ", ")
        return "{\"key_frames\": [\(list)], \"path\": \"\(path)\", \"easing\": \(easing(&generator))}"
    }

    static func size(_ generator: inout SeededGenerator) -> PictureSize {
        let side = { (g: inout SeededGenerator) in Int(Foundation.pow(10, Double.random(in: 0...4.2, using: &g))) }
        return PictureSize(width: side(&generator), height: side(&generator))
    }

    struct RandomFilm {
        var manifest: String
        var timeline: Timeline
    }

    static func film(seed: UInt64) throws -> RandomFilm {
        var generator = SeededGenerator(seed: seed)
        let presets = Motion.Preset.allCases.map(\.rawValue)
        var (segments, time): ([String], Double) = ([], Double.random(in: 0...1, using: &generator))
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let end = time + [0.01, 0.3, 2, 8].randomElement(using: &generator)! * Double.random(in: 0.1...1, using: &generator)
            var pictures: [String] = []
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                var picture = "\"s3_key\": \"\(Int.random(in: 0..<6, using: &generator))\""
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: picture += ", \"motion\": \"\(presets.randomElement(using: &generator)!)\""
                case 1: picture += ", \"motion\": \(keyFrameMotion(&generator))"
                default: break
                }
                if Int.random(in: 0..<5, using: &generator) == 0 { picture += ", \"fit\": \"contain\"" }
                pictures.append("{\(picture)}")
            }
            segments.append("{\"start\": \(time), \"end\": \(end), \"generated_images\": [\(pictures.joined(separator: ","))]}")
            time = end + [0, 0, 0.5, -0.2].randomElement(using: &generator)!
            time = max(time, 0)
        }
        segments.append("{\"start\": \(time), \"end\": \(time + 1), \"generated_images\": [\"last\"]}")
        segments.shuffle(using: &generator)
        let kind = Transition.Kind.allCases.randomElement(using: &generator)!.rawValue
        let seconds = [0, 0.04, 0.6, 3].randomElement(using: &generator)!
        let manifest = """
            {"project_id": "r\(seed)", "style": {"seed": \(seed), "transition": {"kind": "\(kind)", "seconds": \(seconds)}},
             "segments": [\(segments.joined(separator: ",\n"))]}
            """
        let sizes = (0..<7).map { _ in size(&generator) }
        let rate = FrameRate(parsing: ["24", "25", "29.97", "60"].randomElement(using: &generator)!)!
        let output = CameraPathTests.outputs.randomElement(using: &generator)!
        let narration = Bool.random(using: &generator) ? nil : Double.random(in: 0.01...60, using: &generator)
        let made = try Timelines.make(manifest, sizes: sizes, narration: narration, output: output, rate: rate)
        return RandomFilm(manifest: manifest, timeline: made)
    }

    enum Timelines {
        static func make(
            _ manifest: String, sizes: [PictureSize], narration: Double?, output: PictureSize, rate: FrameRate
        ) throws -> Timeline {
            try timeline(manifest, sizes: sizes, narration: narration, output: output, rate: rate)
        }
    }

    // MARK: Films

    @Test(arguments: UInt64(1)...150) func filmsHoldTogether(_ seed: UInt64) throws {
        let film = try Self.film(seed: seed).timeline
        #expect(film.shots.first?.frames.lowerBound == 0 && film.shots.last?.frames.upperBound == film.frameCount)
        for (before, after) in zip(film.shots, film.shots.dropFirst()) {
            #expect(before.frames.upperBound == after.frames.lowerBound)
            #expect(before.visibleFrames.lowerBound < after.visibleFrames.lowerBound)
            if before.motionIsAutomatic && after.motionIsAutomatic { #expect(before.motionName != after.motionName) }
        }
        for (before, after) in zip(film.segments, film.segments.dropFirst()) {
            #expect(before.frames.upperBound <= after.frames.lowerBound && before.endSeconds <= after.startSeconds)
        }
        var seen = Array(repeating: [Int](), count: film.shots.count)
        for frame in 0..<film.frameCount {
            let layers = film.layers(atFrame: frame)
            let sum = layers.reduce(0) { $0 + $1.weight }
            #expect((1...2).contains(layers.count) && layers.allSatisfy { (0...Layer.fullWeight).contains($0.weight) })
            #expect(layers.count == 2 ? sum == Layer.fullWeight : sum <= Layer.fullWeight)
            for layer in layers {
                #expect(excess(layer.view) <= 1e-12)
                #expect(film.shots[layer.shot].visibleFrames.contains(frame))
                #expect(layer.view == film.shots[layer.shot].view(atFrame: frame))
                seen[layer.shot].append(frame)
            }
        }
        for (shot, frames) in zip(film.shots, seen) { #expect(frames == Array(shot.visibleFrames)) }
    }

    @Test(arguments: UInt64(1)...60) func theSameHoweverAsked(_ seed: UInt64) throws {
        let (first, second) = (try Self.film(seed: seed).timeline, try Self.film(seed: seed).timeline)
        #expect(first.shots == second.shots)
        var frames = Array(0..<first.frameCount)
        var generator = SeededGenerator(seed: seed)
        frames.shuffle(using: &generator)
        let inOrder = (0..<first.frameCount).map(first.layers(atFrame:))
        for frame in frames { #expect(second.layers(atFrame: frame) == inOrder[frame]) }
        #expect(first.layers(atFrame: -5) == inOrder.first && first.layers(atFrame: .max) == inOrder.last)
    }

    @Test(arguments: UInt64(1)...150) func chunksPartitionTheFilm(_ seed: UInt64) throws {
        let film = try Self.film(seed: seed).timeline
        for (minimum, maximum) in [(1, 10_000), (24, 96), (100, 10), (0, 0), (-1, -1), (.max, .max), (1, 1)] {
            let chunks = film.chunks(minimumFrames: minimum, maximumFrames: maximum)
            #expect(chunks.first?.lowerBound == 0 && chunks.last?.upperBound == film.frameCount)
            #expect(zip(chunks, chunks.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
            #expect(chunks.allSatisfy { !$0.isEmpty && $0.count <= max(1, maximum) })
            if let least = chunks.map(\.count).min(), let most = chunks.map(\.count).max(), minimum == .max {
                #expect(most - least <= 1)
            }
        }
    }

    // MARK: Paths

    /// Largest change, from one step to the next, of the speed of the centre (in views) and of the logarithm of the width.
    private func largestSpeedChange(_ path: CameraPath, steps: Int) -> Double {
        var (result, last): (Double, (Double, Double, Double)?) = (0, nil)
        var before = path.view(at: 0)
        for step in 1...steps {
            let view = path.view(at: Double(step) / Double(steps))
            let speed = (
                (view.centerX - before.centerX) / view.width * Double(steps),
                (view.centerY - before.centerY) / view.height * Double(steps),
                (Foundation.log(view.width) - Foundation.log(before.width)) * Double(steps)
            )
            if let last {
                result = max(result, abs(speed.0 - last.0), abs(speed.1 - last.1), abs(speed.2 - last.2))
            }
            (last, before) = (speed, view)
        }
        return result
    }

    /// Over an eighth of the step a smooth speed changes an eighth as much, one that ends like a root (ease-in's does) √⅛ as much;
    /// a jump stays as large as it is.
    @Test(arguments: UInt64(1)...200) func speedHasNoJumps(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let motion = seed % 8 == 0 ? "\"\(Motion.Preset.allCases[Int(seed / 8) % 13].rawValue)\"" : Self.keyFrameMotion(&generator)
        // Views are measured in themselves, so that very narrow ones would only measure rounding.
        let size = PictureSize(width: .random(in: 800...6000, using: &generator), height: .random(in: 800...6000, using: &generator))
        let path = try shot(motion: motion, size: size).shot.path
        let (coarse, fine) = (largestSpeedChange(path, steps: 2000), largestSpeedChange(path, steps: 16_000))
        #expect(fine < 0.4 * coarse + 1e-6, "\(motion) on \(size)")
    }

    @Test(arguments: UInt64(1)...200) func mirroredKeyFramesGiveMirroredViews(_ seed: UInt64) throws {
        var (generator, same) = (SeededGenerator(seed: seed), SeededGenerator(seed: seed))
        let motion = Self.keyFrameMotion(&generator)
        let mirroredMotion = Self.keyFrameMotion(&same, mirrored: true)
        let size = PictureSize(width: .random(in: 800...6000, using: &generator), height: .random(in: 800...6000, using: &generator))
        let (path, mirrored) = (try shot(motion: motion, size: size).shot.path, try shot(motion: mirroredMotion, size: size).shot.path)
        // A flattened arc's height is found by bisection, which magnifies rounding: hence no 1e-12 here.
        for step in 0...500 {
            let (view, other) = (path.view(at: Double(step) / 500), mirrored.view(at: Double(step) / 500))
            #expect(isClose(view.centerX, 1 - other.centerX, within: 1e-9) && isClose(view.centerY, other.centerY, within: 1e-9))
            #expect(isClose(view.width, other.width, within: 1e-9))
        }
    }

    @Test func mirroredPresetsGiveMirroredViews() throws {
        let size = PictureSize(width: 3000, height: 2000)
        for (name, mirroredName) in [("pan-left", "pan-right"), ("zoom-in", "zoom-in"), ("pan-up", "pan-up")] {
            let path = try shot(motion: "\"\(name)\"", size: size).shot.path
            let mirrored = try shot(motion: "\"\(mirroredName)\"", size: size).shot.path
            for step in 0...100 {
                let (view, other) = (path.view(at: Double(step) / 100), mirrored.view(at: Double(step) / 100))
                #expect(isClose(view.centerX, 1 - other.centerX) && isClose(view.centerY, other.centerY))
            }
        }
    }
}
