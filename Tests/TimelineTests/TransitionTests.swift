import Testing
import Timeline

@Suite struct TransitionTests {
    /// Two shots of 48 frames (or as given), and one transition of 0.5 s, 12 frames.
    private func film(_ kind: String, seconds: Double = 0.5, lengths: [Double] = [2, 2]) throws -> Timeline {
        var (segments, time): ([String], Double) = ([], 0)
        for (index, length) in lengths.enumerated() {
            segments.append(#"{"start": \#(time), "end": \#(time + length), "generated_images": ["\#(index)"]}"#)
            time += length
        }
        return try timeline(
            #"{"project_id": "p", "style": {"transition": {"kind": "\#(kind)", "seconds": \#(seconds)}}, "segments": [\#(segments.joined(separator: ","))]}"#)
    }

    @Test func cutHasOneLayerEverywhere() throws {
        let film = try film("cut")
        for frame in 0..<96 {
            let layers = film.layers(atFrame: frame)
            #expect(layers.map(\.shot) == [frame < 48 ? 0 : 1] && layers.map(\.weight) == [16_384])
        }
        #expect(film.shots.map(\.visibleFrames) == [0..<48, 48..<96])
    }

    @Test func crossfadeIsCentredAndSumsUp() throws {
        let film = try film("crossfade")
        #expect(film.shots.map(\.frames) == [0..<48, 48..<96])
        #expect(film.shots.map(\.visibleFrames) == [0..<54, 42..<96])
        for frame in 0..<96 {
            let layers = film.layers(atFrame: frame)
            #expect(layers.reduce(0) { $0 + $1.weight } == 16_384)
            guard (42..<54).contains(frame) else {
                #expect(layers.map(\.shot) == [frame < 48 ? 0 : 1])
                continue
            }
            #expect(layers.map(\.shot) == [0, 1])
            let share: Double = (Double(frame - 42) + 0.5) / 12
            #expect(layers[1].weight == Int((share * 16_384).rounded(.toNearestOrAwayFromZero)))
        }
        // Both pictures keep moving.
        for frame in 42..<53 {
            #expect(film.layers(atFrame: frame)[0].view != film.layers(atFrame: frame + 1)[0].view)
            #expect(film.layers(atFrame: frame)[1].view != film.layers(atFrame: frame + 1)[1].view)
        }
    }

    @Test func fadeGoesThroughBlack() throws {
        let film = try film("fade-black")
        #expect(film.shots.map(\.visibleFrames) == [0..<48, 48..<96])
        let weights = (0..<96).map { film.layers(atFrame: $0)[0].weight }
        #expect((0..<96).allSatisfy { film.layers(atFrame: $0).map(\.shot) == [$0 < 48 ? 0 : 1] })
        #expect(weights[41] == 16_384 && weights[54] == 16_384)
        #expect(Array(weights[42..<48]) == [15_019, 12_288, 9557, 6827, 4096, 1365])
        #expect(Array(weights[48..<54]) == [1365, 4096, 6827, 9557, 12_288, 15_019])
    }

    @Test func transitionsOfOneShotNeverMeet() throws {
        for kind in ["crossfade", "fade-black"] {
            for lengths in [[2, 0.25, 2], [1, 0.05, 1], [0.2, 0.2, 0.2], [5, 5, 5], [0.125, 3, 0.125]] {
                let film = try film(kind, seconds: 10, lengths: lengths)
                for frame in 0..<film.frameCount { #expect(film.layers(atFrame: frame).count <= 2) }
                for (first, third) in zip(film.shots, film.shots.dropFirst(2)) {
                    #expect(first.visibleFrames.upperBound <= third.visibleFrames.lowerBound)
                }
            }
        }
    }

    @Test func aShotOfOneFrameHasNoTransition() throws {
        let film = try film("crossfade", lengths: [1, 1.0 / 24, 1])
        #expect(film.shots.map(\.visibleFrames) == [0..<24, 24..<25, 25..<49])
    }

    // MARK: Pictures that are missing

    private func held(_ bad: Set<Int>, _ segments: String) throws -> String? {
        let (project, _) = read(#"{"project_id": "p", "style": {"transition": "cut"}, "segments": \#(segments)}"#)
        guard let left = try #require(project).replacingPictures(bad) else { return nil }
        // The sizes of bad pictures are not known.
        let sizes = left.pictures.indices.map { bad.contains($0) ? PictureSize(width: 0, height: 0) : fullHD }
        let film = try Timeline(project: left, pictureSizes: sizes, narrationSeconds: nil, outputSize: fullHD, frameRate: fps24)
        #expect(Set(film.shots.map(\.picture)).isDisjoint(with: bad))
        #expect(film.diagnostics.isEmpty)
        return film.shots.map { "\($0.picture):\($0.frames.lowerBound)" }.joined(separator: " ") + " \(film.frameCount)"
    }

    static let three = """
        [{"start": 2, "end": 3, "generated_images": ["2"]}, {"start": 0, "end": 1, "generated_images": ["0"]},
         {"start": 1, "end": 2, "generated_images": ["1", "0"]}]
        """

    /// Pictures by their index: "2" is 0, "0" is 1, "1" is 2.
    @Test(arguments: [
        ([], "1:0 2:24 1:36 0:48 72"), ([0], "1:0 2:24 1:36 72"), ([2], "1:0 1:36 0:48 72"), ([1], "2:0 0:48 72"),
        ([1, 2], "0:0 72"), ([0, 2], "1:0 1:36 72"), ([0, 1, 2], nil),
    ] as [(Set<Int>, String?)])
    func thePictureBeforeGoesOn(_ bad: Set<Int>, _ expected: String?) throws {
        #expect(try held(bad, Self.three) == expected)
    }

    // MARK: What no film can be made of

    @Test func hostileValuesAreRefused() throws {
        let project = try #require(read(earthrise).project)
        func refused(
            sizes: [PictureSize] = earthriseSizes, narration: Double? = nil, output: PictureSize = fullHD,
            _ change: (inout Project) -> Void = { _ in }
        ) -> String? {
            var changed = project
            change(&changed)
            do {
                _ = try Timeline(
                    project: changed, pictureSizes: sizes, narrationSeconds: narration, outputSize: output, frameRate: fps24)
                return nil
            } catch { return error.diagnostic.path }
        }
        #expect(refused() == nil)
        #expect(refused(sizes: []) == "$.segments")
        #expect(refused(sizes: earthriseSizes.map { _ in PictureSize(width: 0, height: 5) }) == "$.segments[0].generated_images[0]")
        #expect(refused(sizes: earthriseSizes.map { _ in PictureSize(width: .max, height: .min) }) != nil)
        for narration in [-1, .nan, Double.infinity, 1e9] { #expect(refused(narration: narration) == "$.audio_file") }
        for side in [0, -2, 20_000, .max] { #expect(refused(output: PictureSize(width: side, height: 64)) == "$.output") }
        #expect(refused { $0.segments[3].endSeconds = .nan } == "$.segments[3]")
        #expect(refused { $0.segments[3].startSeconds = -1 } == "$.segments[3]")
        #expect(refused { $0.segments[3].endSeconds = .infinity } == "$.segments[3]")
        #expect(refused { $0.segments[3].shots[0].pictureIndex = 99 } == "$.segments")
        #expect(refused { $0.segments = [] } == "$.segments")
        #expect(refused { $0.style.zoom = .nan } == nil)
        #expect(refused { $0.style.transition.seconds = .nan } == nil)
        #expect(refused {
            $0.segments[0].shots[0].motion = .keyFrames(
                [KeyFrame(x: .nan, y: .infinity, zoom: 0), KeyFrame(x: 0, y: 0, zoom: .nan, at: -.infinity)], easing: nil, path: .vanWijk)
        } == nil)
        #expect(refused { $0.segments[0].shots[0].motion = .keyFrames([], easing: nil, path: .straight) } == nil)
    }
}

