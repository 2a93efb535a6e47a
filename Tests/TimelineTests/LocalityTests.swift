import TestSupport
import Testing
import Timeline

/// What a change at one place leaves as it was elsewhere: the chunk cache lives on it.
@Suite struct LocalityTests {
    /// Forty segments, and in front of them another of five seconds if asked for.
    private func film(inserting: Bool, motions: Bool) throws -> Timeline {
        var generator = SeededGenerator(seed: 11)
        var segments: [String] = []
        var time = 0.0
        if inserting {
            segments.append(#"{"start": 0, "end": 5, "generated_images": ["new"]}"#)
            time = 5
        }
        for index in 0..<40 {
            let length = Double(Int.random(in: 6...200, using: &generator)) / 24
            let motion = motions ? #", "motion": "\#(Motion.Preset.allCases[index % 13].rawValue)""# : ""
            segments.append(#"{"start": \#(time), "end": \#(time + length), "generated_images": [{"s3_key": "\#(index)"\#(motion)}]}"#)
            time += length
        }
        return try timeline(#"{"project_id": "p", "segments": [\#(segments.joined(separator: ","))]}"#)
    }

    @Test func aSegmentInFrontLeavesViewsAndChunksAlone() throws {
        let (before, after) = (try film(inserting: false, motions: true), try film(inserting: true, motions: true))
        let shift = 120
        #expect(after.frameCount == before.frameCount + shift)
        // The first shot has a neighbour now, the rest is the same, 120 frames later.
        let begin = before.shots[0].visibleFrames.upperBound
        for frame in begin..<before.frameCount {
            let (old, new) = (before.layers(atFrame: frame), after.layers(atFrame: frame + shift))
            #expect(old.map(\.view) == new.map(\.view) && old.map(\.weight) == new.map(\.weight))
            #expect(old.map { $0.shot + 1 } == new.map(\.shot))
        }
        let (oldChunks, newChunks) = (
            before.chunks(minimumFrames: 24, maximumFrames: 120), after.chunks(minimumFrames: 24, maximumFrames: 120)
        )
        let later = Set(newChunks)
        #expect(oldChunks.count > 30)
        let missing = oldChunks.filter { !later.contains($0.lowerBound + shift..<$0.upperBound + shift) }
        #expect(missing.allSatisfy { $0.lowerBound == 0 || $0.upperBound <= before.shots[1].visibleFrames.upperBound })
    }

    @Test func aSegmentInFrontLeavesChosenMotionsAlone() throws {
        let (before, after) = (try film(inserting: false, motions: false), try film(inserting: true, motions: false))
        let changed = zip(before.shots.dropFirst(), after.shots.dropFirst(2)).filter { $0.motionName != $1.motionName || $0.path != $1.path }
        #expect(changed.isEmpty)
    }

    // MARK: Chosen motions

    private func motions(seed: Int, id: String = "p", size: PictureSize, count: Int = 60) throws -> [String] {
        let segments = (0..<count).map { #"{"start": \#($0 * 5), "end": \#($0 * 5 + 5), "generated_images": ["\#($0)"]}"# }
        return try timeline(
            #"{"project_id": "\#(id)", "style": {"seed": \#(seed)}, "segments": [\#(segments.joined(separator: ","))]}"#, size: size
        ).shots.map(\.motionName)
    }

    @Test func chosenMotionsVaryWithSeedProjectAndPicture() throws {
        let size = PictureSize(width: 3000, height: 2000)
        let first = try motions(seed: 1, size: size)
        #expect(Set(first).count >= 8)
        #expect(zip(first, first.dropFirst()).allSatisfy { $0 != $1 })
        #expect(first == (try motions(seed: 1, size: size)))
        #expect(first != (try motions(seed: 2, size: size)))
        #expect(first != (try motions(seed: 1, id: "q", size: size)))
    }

    /// The choice may never change between releases: films would look different, and caches be lost.
    @Test func chosenMotionsAreTheSameForEver() throws {
        #expect(try motions(seed: 7, size: PictureSize(width: 3000, height: 2000), count: 8) == [
            "drift", "diagonal-up", "pan-left", "drift", "diagonal-up", "reveal", "pan-right", "drift",
        ])
    }

    /// Bit for bit, on every machine: no C library's functions, which differ, have a part in views.
    @Test func viewsAreTheSameForEver() throws {
        let motions = [
            #""arc""#, #"{"from": {"x": 0.3, "zoom": 2}, "to": {"y": 0.7, "zoom": 5}, "easing": "ease-in-out"}"#,
            #"{"from": {"x": 0.3, "zoom": 6}, "to": {"x": 0.7, "y": 0.6, "zoom": 5}, "path": "van-wijk"}"#,
        ]
        var digest: UInt64 = 0
        for motion in motions {
            let shot = try shot(motion: motion).shot
            for view in shot.visibleFrames.map(shot.view(atFrame:)) {
                for value in [view.centerX, view.centerY, view.width, view.height] {
                    digest = (digest ^ value.bitPattern) &* 0x9E37_79B9_7F4A_7C15
                    digest ^= digest >> 29
                }
            }
        }
        #expect(digest == 12_776_258_015_738_179_466)
    }

    @Test func panoramasAndPortraitsArePannedAlongTheirLongSide() throws {
        #expect(Set(try motions(seed: 1, size: PictureSize(width: 6000, height: 1000))) == ["pan-left", "pan-right"])
        #expect(Set(try motions(seed: 1, size: PictureSize(width: 2000, height: 3000))) == ["pan-up", "pan-down"])
    }

    @Test func theSamePictureAgainMovesOtherwise() throws {
        let segments = (0..<30).map { #"{"start": \#($0 * 5), "end": \#($0 * 5 + 5), "generated_images": ["one"]}"# }
        let film = try timeline(#"{"project_id": "p", "segments": [\#(segments.joined(separator: ","))]}"#)
        #expect(film.shots.allSatisfy { $0.picture == 0 })
        #expect(Set(film.shots.map(\.motionName)).count >= 6)
    }

    @Test func styleOverrideIsTaken() throws {
        let project = try #require(read(earthrise).project)
        var style = project.style
        style.fit = .contain
        style.transition = Transition(kind: .cut)
        let film = try Timeline(
            project: project, pictureSizes: earthriseSizes, narrationSeconds: nil, outputSize: fullHD, frameRate: fps24, style: style)
        #expect(film.shots.allSatisfy { $0.fit == .contain && $0.widestView.width <= 1 && $0.frames == $0.visibleFrames })
        // The canvas has the output's aspect, so views have it in its fractions.
        #expect(film.shots.allSatisfy { abs($0.closestView.width - $0.closestView.height) < 1e-12 })
    }
}
