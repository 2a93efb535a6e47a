import Foundation

/// A camera move between two views, and where it puts each point of the picture in each frame: the ideal that frames are
/// measured against, worked out here from the manifest's definition and not by the engine.
///
/// - Definition: frame i of n shows time t = (i + ½) / n. The view's width goes from 1 / zoom₀ to 1 / zoom₁ at a constant ratio,
///   and its centre linearly with the width (at a constant zoom: linearly with time).
/// - Units: views in fractions of the picture, which has the output's aspect; positions in output pixels, the centre of the
///   first pixel at 0.
struct Move: Sendable {
    struct View: Sendable {
        var x: Double
        var y: Double
        var zoom: Double
    }

    let name: String
    let from: View
    let to: View

    static let frameCount = 120
    static let fps = 24
    static let outputWidth = 1920
    static let outputHeight = 1080

    func view(atFrame frame: Int) -> View { view(at: (Double(frame) + 0.5) / Double(Move.frameCount)) }

    func view(at time: Double) -> View {
        let ratio = from.zoom / to.zoom
        let share = ratio == 1 ? time : (pow(ratio, time) - 1) / (ratio - 1)
        return View(
            x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share,
            zoom: from.zoom * pow(to.zoom / from.zoom, time))
    }

    /// Where a point of the picture (fractions of it) is seen.
    func position(ofX x: Double, _ y: Double, in view: View) -> SIMD2<Double> {
        SIMD2(
            ((x - view.x) * view.zoom + 0.5) * Double(Move.outputWidth) - 0.5,
            ((y - view.y) * view.zoom + 0.5) * Double(Move.outputHeight) - 0.5)
    }

    /// Moves as films have them, at 1080p24 for 5 s.
    static let all = [
        // 5 % of the frame's width, 0.8 px a frame.
        Move(name: "pan 5 %", from: View(x: 0.48, y: 0.5, zoom: 1.2), to: View(x: 0.48 + 0.05 / 1.2, y: 0.5, zoom: 1.2)),
        // 0.5 % across and 0.4 % down, 0.09 px a frame: every frame lands on another fraction of a pixel.
        Move(
            name: "pan 0.5 %", from: View(x: 0.5, y: 0.5, zoom: 1.2),
            to: View(x: 0.5 + 0.005 / 1.2, y: 0.5 + 0.004 / 1.2, zoom: 1.2)),
        Move(name: "zoom 1.12", from: View(x: 0.5, y: 0.5, zoom: 1), to: View(x: 0.52, y: 0.49, zoom: 1.12)),
        Move(name: "zoom 1.02", from: View(x: 0.5, y: 0.5, zoom: 1), to: View(x: 0.505, y: 0.496, zoom: 1.02)),
    ]
}
