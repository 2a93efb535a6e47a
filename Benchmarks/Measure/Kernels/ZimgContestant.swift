import Rendering
import Resampling

/// zimg, 8-bit frames from 8-bit or 16-bit pictures.
///
/// A graph has its sub-pixel position built in, so the reused one takes a fixed fraction of a sample and is moved by whole
/// samples; the rebuilt ones film the exact views.
final class ZimgContestant: Contestant {
    let name: String
    let variants = Variant.allCases
    let output = FrameBuffer.output()
    let isDeep: Bool
    let isNarrow: Bool
    private let scene: Scene
    private let filter: ZimgGraph.Filter
    private let reused: ZimgGraph

    /// Samples around the reused graph's view that its filter may read.
    private static let surround = 32

    /// - Parameter isNarrow: on AVX2 and no wider.
    init(_ scene: Scene, filter: ZimgGraph.Filter, isDeep: Bool, isNarrow: Bool = false) throws {
        self.scene = scene
        self.filter = filter
        self.isDeep = isDeep
        self.isNarrow = isNarrow
        name = "zimg \(isNarrow ? "avx2 " : "")\(filter.name), \(isDeep ? 16 : 8) bit in"
        reused = try ZimgGraph(
            filter: filter, isDeep: isDeep, isNarrow: isNarrow, width: scene.viewWidth + 2 * Self.surround,
            height: scene.viewHeight + 2 * Self.surround,
            view: SourceRect(
                left: Double(Self.surround) + 0.37, top: Double(Self.surround) + 0.61, width: Double(scene.viewWidth),
                height: Double(scene.viewHeight)))
    }

    var kernel: FilterKernel { filter.kernel }

    func render(_ frame: Int, _ variant: Variant) throws {
        if variant == .pan {
            try process(reused, offset: scene.wholeOffset(frame))
        } else {
            try process(try graph(scene.view(frame, variant)), offset: (0, 0))
        }
    }

    func renderJudged() throws -> SourceRect {
        let view = scene.view(0, .pan)
        try process(try graph(view), offset: (0, 0))
        return view
    }

    private func graph(_ view: SourceRect) throws -> ZimgGraph {
        try ZimgGraph(
            filter: filter, isDeep: isDeep, isNarrow: isNarrow, width: scene.picture.width, height: scene.picture.height,
            view: view)
    }

    private func process(_ graph: ZimgGraph, offset: (x: Int, y: Int)) throws {
        if isDeep {
            try graph.process(scene.deepPicture, offset: offset, into: output)
        } else {
            try graph.process(scene.picture, offset: offset, into: output)
        }
    }
}
