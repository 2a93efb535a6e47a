import Rendering
import Resampling
import ResamplingCPU

/// Burns through its public interface: positions, phase tables and all.
final class BurnsContestant: Contestant {
    let name: String
    let level: String
    let kernel = FilterKernel.keysSixPoint
    let variants = [Variant.pan, .zoom]
    let output = FrameBuffer.output()
    private let scene: Scene
    private let renderer: any FrameRenderer

    init(_ scene: Scene, kernels: FrameKernels) {
        self.scene = scene
        level = kernels.name
        name = "burns \(kernels.name)"
        renderer = CPUResampler(kernels: kernels).makeRenderer(width: Scene.outputWidth, height: Scene.outputHeight)
    }

    func render(_ view: SourceRect) {
        renderer.render([FrameLayer(picture: scene.workingPicture, view: view)], into: output.planes)
    }

    func render(_ frame: Int, _ variant: Variant) { render(scene.view(frame, variant)) }

    func renderJudged() -> SourceRect {
        let view = scene.view(0, .pan)
        render(view)
        return view
    }
}
