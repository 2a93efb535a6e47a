import Rendering
import Resampling

/// One way to make frames from a scene's picture. Belongs to one thread; owns its output.
protocol Contestant: AnyObject {
    /// "zimg bicubic, 8 bit in".
    var name: String { get }
    /// The filter that it stands for.
    var kernel: FilterKernel { get }
    var variants: [Variant] { get }
    var output: FrameBuffer { get }
    /// Renders one frame into `output`.
    func render(_ frame: Int, _ variant: Variant) throws
    /// Renders into `output` the frame by which quality is judged.
    ///
    /// - Returns: the view that it samples.
    func renderJudged() throws -> SourceRect
}

extension FrameBuffer {
    static func output() -> FrameBuffer { FrameBuffer(width: Scene.outputWidth, height: Scene.outputHeight) }
}
