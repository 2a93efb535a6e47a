import Resampling
import ResamplingCPU

/// Burns' frame without its fetching: views below the picture, where every row read is the last one, which stays in the
/// first-level cache. Positions, tables, all arithmetic and the writing of the frame are as in a pan.
final class ArithmeticAlone: Timed {
    private let scene: Scene
    private let renderer: any FrameRenderer
    private let output = FrameBuffer.output()

    init(_ scene: Scene, kernels: FrameKernels) {
        self.scene = scene
        renderer = CPUResampler(kernels: kernels).makeRenderer(width: Scene.outputWidth, height: Scene.outputHeight)
    }

    func render(_ frame: Int, _ variant: Variant) {
        let view = scene.view(frame, variant)
        // Further down than a filter reaches back.
        let top = Double(scene.workingPicture.height + PhaseTable.maximumTaps) + view.top
        let below = SourceRect(left: view.left, top: top, width: view.width, height: view.height)
        renderer.render([FrameLayer(picture: scene.workingPicture, view: below)], into: output.planes)
    }
}

/// Burns' frame without its arithmetic: every cache line of working samples under the view is loaded once, from eight rows side
/// by side, as the vertical pass does.
final class FetchingAlone: Timed {
    private let scene: Scene
    /// Keeps the loads from being dropped.
    private(set) var sum = SIMD8<UInt64>.zero

    init(_ scene: Scene) { self.scene = scene }

    func render(_ frame: Int, _ variant: Variant) {
        let view = scene.view(frame, variant)
        for (plane, site) in zip([scene.workingPicture.luma, scene.workingPicture.cb, scene.workingPicture.cr], PlaneSite.planes) {
            let (left, top) = (Int(view.left / site.pitch), Int(view.top / site.pitch))
            let byteCount = Int(view.width / site.pitch) * MemoryLayout<Int16>.size
            for y in stride(from: top, to: top + Int(view.height / site.pitch), by: 8) {
                load(plane.row(clamping: y) + left, byteCount, strideBytes: plane.strideSamples * 2)
            }
        }
    }

    private func load(_ first: UnsafePointer<Int16>, _ byteCount: Int, strideBytes: Int) {
        let bytes = UnsafeRawPointer(first)
        var sum = sum
        for offset in stride(from: 0, to: byteCount, by: 64) {
            for row in 0..<8 { sum &+= bytes.loadUnaligned(fromByteOffset: row * strideBytes + offset, as: SIMD8<UInt64>.self) }
        }
        self.sum = sum
    }
}
