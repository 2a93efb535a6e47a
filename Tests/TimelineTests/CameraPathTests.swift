import Foundation
import Testing
import Timeline

@Suite struct CameraPathTests {
    static let shapes = [
        PictureSize(width: 3840, height: 2160), PictureSize(width: 3840, height: 1920), PictureSize(width: 1100, height: 1500),
        PictureSize(width: 9000, height: 1500), PictureSize(width: 500, height: 8000), PictureSize(width: 1, height: 1),
        PictureSize(width: 1, height: 16_384), PictureSize(width: 16_384, height: 1),
    ]
    static let outputs = [fullHD, PictureSize(width: 1080, height: 1920), PictureSize(width: 1080, height: 1080)]

    // MARK: Presets

    @Test(arguments: Motion.Preset.allCases, shapes) func presetStaysInside(_ preset: Motion.Preset, _ size: PictureSize) throws {
        for output in Self.outputs {
            for zoom in [1, 1.18, 3, 20] {
                for fit in Fit.allCases {
                    let (shot, diagnostics) = try shot(
                        motion: "\"\(preset.rawValue)\"", size: size, style: #"{"zoom": \#(zoom), "fit": "\#(fit.rawValue)"}"#,
                        seconds: 6, output: output)
                    #expect(diagnostics.isEmpty)
                    #expect(shot.motionName == preset.rawValue && !shot.motionIsAutomatic)
                    for frame in shot.visibleFrames {
                        let view = shot.view(atFrame: frame)
                        #expect(excess(view) <= 1e-12)
                        #expect(view.width > 0 && view.height > 0)
                        #expect(view.width >= shot.closestView.width * (1 - 1e-12))
                        #expect(view.width <= shot.widestView.width * (1 + 1e-12))
                    }
                    if preset == .still {
                        #expect(Set(shot.visibleFrames.map(shot.view(atFrame:))).count == 1)
                    } else if zoom > 1 {
                        let views = shot.visibleFrames.map(shot.view(atFrame:))
                        #expect(Set(views).count > 100, "\(preset) does not move on \(size)")
                    }
                }
            }
        }
    }

    /// Signs of what changes from the begin to the end: centre x, centre y, width.
    @Test(arguments: [
        (Motion.Preset.zoomIn, 0, 0, -1), (.zoomOut, 0, 0, 1), (.panLeft, -1, 0, 0), (.panRight, 1, 0, 0), (.panUp, 0, -1, 0),
        (.panDown, 0, 1, 0), (.diagonalDown, 1, 1, 0), (.diagonalUp, 1, -1, 0), (.drift, 1, 0, -1), (.arc, 1, 0, 0),
        (.breathe, 0, 0, 0), (.reveal, 1, 1, 1), (.still, 0, 0, 0),
    ])
    func presetGoesWhereItsNameSays(_ preset: Motion.Preset, _ x: Int, _ y: Int, _ width: Int) throws {
        let path = try shot(motion: "\"\(preset.rawValue)\"", size: PictureSize(width: 1920, height: 1080)).shot.path
        let (begin, end) = (path.view(at: 0), path.view(at: 1))
        func sign(_ change: Double) -> Int { abs(change) < 1e-9 ? 0 : change > 0 ? 1 : -1 }
        #expect(sign(end.centerX - begin.centerX) == x)
        #expect(sign(end.centerY - begin.centerY) == y)
        #expect(sign(end.width - begin.width) == width)
    }

    @Test func breatheAndArcTurnInTheMiddle() throws {
        let breathe = try shot(motion: "\"breathe\"").shot.path
        #expect(breathe.view(at: 0.5).width < breathe.view(at: 0).width * 0.95)
        #expect(abs(breathe.view(at: 1).width - breathe.view(at: 0).width) < 1e-12)
        let arc = try shot(motion: "\"arc\"").shot.path
        #expect(arc.view(at: 0.5).centerY < arc.view(at: 0).centerY - 0.01)
    }

    @Test func zoomIsTheRatioOfWidestToClosest() throws {
        for preset in ["zoom-in", "zoom-out"] {
            let shot = try shot(motion: "\"\(preset)\"", style: #"{"zoom": 1.5}"#).shot
            #expect(isClose(shot.widestView.width / shot.closestView.width, 1.5))
        }
    }

    @Test func portraitsArePannedFromTheirTop() throws {
        let size = PictureSize(width: 1100, height: 1500)
        let down = try shot(motion: "\"pan-down\"", size: size).shot.path
        let up = try shot(motion: "\"pan-up\"", size: size).shot.path
        #expect(isClose(down.view(at: 0).top, 0) && isClose(up.view(at: 1).top, 0))
        #expect(down.view(at: 0).width == 1, "the whole width is shown")
        let still = try shot(motion: "\"still\"", size: size).shot.path.view(at: 0)
        #expect(still.centerY < 0.45)
    }

    @Test func pansAreNotHurried() throws {
        let panorama = try shot(motion: "\"pan-right\"", size: PictureSize(width: 20_000, height: 1000), seconds: 5).shot
        let way = panorama.path.view(at: 1).centerX - panorama.path.view(at: 0).centerX
        #expect(isClose(way / panorama.widestView.width, 0.06 * 5, within: 1e-9))
        #expect(panorama.widestView.height == 1, "the whole height is shown")
    }

    // MARK: Two key frames

    @Test func zoomHasAConstantRatio() throws {
        let path = try shot(
            motion: #"{"from": {"x": 0.4, "y": 0.5, "zoom": 2}, "to": {"x": 0.6, "y": 0.4, "zoom": 8}, "easing": "linear"}"#).shot.path
        for step in 0...100 {
            let time = Double(step) / 100
            #expect(isClose(path.view(at: time).width, Foundation.pow(4, -time) / 2))
        }
    }

    @Test func pointsTravelOnStraightLines() throws {
        let path = try shot(motion: #"{"from": {"x": 0.3, "y": 0.3, "zoom": 2}, "to": {"x": 0.6, "y": 0.7, "zoom": 5}}"#).shot.path
        // A point of the picture, in the frame, at three times: on one line.
        func seen(_ time: Double) -> (Double, Double) {
            let view = path.view(at: time)
            return ((0.41 - view.left) / view.width, (0.53 - view.top) / view.height)
        }
        for step in 1..<20 {
            let (a, b, c) = (seen(0), seen(Double(step) / 20), seen(1))
            let area = (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
            #expect(abs(area) < 1e-12)
        }
    }

    @Test(arguments: [0, 1e-13, 1e-11, 1e-9, 1e-6]) func nearlyEqualWidthsGiveTheSamePan(_ difference: Double) throws {
        let path = try shot(
            motion: #"{"from": {"x": 0.4, "zoom": 2}, "to": {"x": 0.6, "zoom": \#(2 + difference)}, "easing": "linear"}"#).shot.path
        for step in 0...100 {
            let time = Double(step) / 100
            #expect(isClose(path.view(at: time).centerX, 0.4 + 0.2 * time, within: 1e-13 + difference))
        }
    }

    @Test func viewsOutsideAreMovedInAndReported() throws {
        let (shot, diagnostics) = try shot(
            motion: #"{"from": {"x": -3, "y": 0.5, "zoom": 2}, "to": {"x": 0.9, "y": 1e300, "zoom": 4}}"#, size: fullHD)
        #expect(diagnostics.map(\.path) == [
            "$.segments[0].generated_images[0].motion.from", "$.segments[0].generated_images[0].motion.to",
        ])
        #expect(diagnostics.allSatisfy { $0.severity == .warning })
        #expect(shot.path.view(at: 0) == Viewport(centerX: 0.25, centerY: 0.5, width: 0.5, height: 0.5))
        #expect(shot.path.view(at: 1) == Viewport(centerX: 0.875, centerY: 0.875, width: 0.25, height: 0.25))
    }

    // MARK: More key frames

    @Test func keyFramesArePassedThroughAndHoldsHold() throws {
        let path = try shot(
            motion: """
                [{"x": 0.3, "y": 0.3, "zoom": 3}, {"x": 0.6, "y": 0.4, "zoom": 4, "at": 0.3}, {"x": 0.6, "y": 0.4, "zoom": 4, "at": 0.6},
                 {"x": 0.5, "y": 0.7, "zoom": 2, "at": 0.9}]
                """, size: fullHD).shot.path
        let expected: [(time: Double, x: Double, y: Double, zoom: Double)] = [
            (0, 0.3, 0.3, 3), (0.3, 0.6, 0.4, 4), (0.45, 0.6, 0.4, 4), (0.6, 0.6, 0.4, 4), (0.9, 0.5, 0.7, 2), (1, 0.5, 0.7, 2),
        ]
        for key in expected {
            let view = path.view(at: key.time)
            #expect(abs(view.centerX - key.x) < 1e-12, "\(key)")
            #expect(abs(view.centerY - key.y) < 1e-12, "\(key)")
            #expect(abs(view.width - 1 / key.zoom) < 1e-12, "\(key)")
        }
    }

    @Test func passingABorderDoesNotStopTheOtherAxis() throws {
        // Along the left border, which is touched in the middle, while the camera goes on downward.
        let path = try shot(
            motion: #"[{"x": 0.4, "y": 0.2, "zoom": 4}, {"x": 0.125, "y": 0.5, "zoom": 4}, {"x": 0.5, "y": 0.8, "zoom": 4}]"#,
            size: fullHD).shot.path
        let (before, after) = (path.view(at: 0.4999), path.view(at: 0.5001))
        #expect(abs(after.centerX - before.centerX) < 1e-6)
        #expect((after.centerY - before.centerY) / 0.0002 > 0.3)
    }

    @Test func threeKeyFramesOnOneZoomAreNearlyExponential() throws {
        let path = try shot(motion: #"{"key_frames": [{"zoom": 1}, {"zoom": 1.5}, {"zoom": 2.25}], "easing": "linear"}"#, size: fullHD).shot.path
        for step in 0...100 {
            let time = Double(step) / 100
            let exponential: Double = -2 * Foundation.log(1.5) * time
            #expect(abs(Foundation.log(path.view(at: time).width) - exponential) < 2e-3)
        }
    }

    // MARK: van Wijk & Nuij

    static let vanWijkCases = [
        #"{"from": {"x": 0.35, "y": 0.5, "zoom": 8}, "to": {"x": 0.65, "y": 0.45, "zoom": 5}"#,
        #"{"from": {"x": 0.4, "y": 0.6, "zoom": 6}, "to": {"x": 0.55, "y": 0.4, "zoom": 6}"#,
        #"{"from": {"x": 0.5, "y": 0.5, "zoom": 2}, "to": {"x": 0.5, "y": 0.5, "zoom": 9}"#,
    ]

    @Test(arguments: vanWijkCases) func perceivedSpeedIsConstantAndTheWayShorter(_ motion: String) throws {
        let options = #", "easing": "linear", "path": "#
        let (optimal, diagnostics) = try shot(motion: motion + options + #""van-wijk"}"#, size: fullHD)
        #expect(diagnostics.isEmpty)
        let steps = perceivedSteps(optimal.path)
        let length: Double = steps.reduce(0, +)
        let mean = length / Double(steps.count)
        #expect(steps.allSatisfy { abs($0 / mean - 1) < 1e-5 })
        let straight = perceivedSteps(try shot(motion: motion + options + #""straight"}"#, size: fullHD).shot.path)
        let straightLength: Double = straight.reduce(0, +)
        #expect(length <= straightLength + 1e-9)
    }

    /// Equation 5 of the paper, ρ² = 2, summed over small steps; lengths in widths of the widest view.
    private func perceivedSteps(_ path: CameraPath) -> [Double] {
        let views = (0...4000).map { path.view(at: Double($0) / 4000) }
        return zip(views, views.dropFirst()).map { a, b in
            let moved = Foundation.hypot(b.centerX - a.centerX, (b.centerY - a.centerY) * 9 / 16)
            let width = (a.width + b.width) / 2
            return Foundation.hypot(2.0.squareRoot() * moved / width, (b.width - a.width) / (2.0.squareRoot() * width))
        }
    }

    @Test func backsOffToTravelFar() throws {
        let shot = try shot(motion: Self.vanWijkCases[0] + #", "path": "van-wijk"}"#, size: fullHD).shot
        #expect(shot.widestView.width > 1.3 / 5)
        #expect(isClose(shot.path.view(at: 1).centerX, 0.65) && isClose(shot.path.view(at: 1).width, 0.2))
    }

    @Test(arguments: [
        #"{"from": {"x": 0.1, "y": 0.1, "zoom": 8}, "to": {"x": 0.9, "y": 0.12, "zoom": 8}, "path": "van-wijk"}"#,
        #"{"from": {"x": 0.0625, "y": 0.0625, "zoom": 8}, "to": {"x": 0.25, "y": 0.25, "zoom": 2}, "path": "van-wijk"}"#,
        #"{"from": {"x": 0.0625, "y": 0.0625, "zoom": 8}, "to": {"x": 0.9375, "y": 0.0625, "zoom": 8}, "path": "van-wijk"}"#,
    ])
    func isFlattenedWhereItWouldLeaveThePicture(_ motion: String) throws {
        let (shot, diagnostics) = try shot(motion: motion, size: fullHD)
        #expect(diagnostics.map(\.path) == ["$.segments[0].generated_images[0].motion"])
        for step in 0...10_000 { #expect(excess(shot.path.view(at: Double(step) / 10_000)) <= 1e-12) }
        #expect(abs(shot.path.view(at: 0.5).centerX - shot.path.view(at: 0).centerX) > 0.01)
    }
}
