import Rendering
import Resampling

/// Something done for every frame. Belongs to one thread.
protocol Timed: AnyObject {
    func render(_ frame: Int, _ variant: Variant) throws
}

/// One way to make frames from a scene's picture. Owns its output, into which `render` writes.
protocol Contestant: Timed {
    /// "zimg bicubic, 8 bit in".
    var name: String { get }
    /// The filter that it stands for.
    var kernel: FilterKernel { get }
    var variants: [Variant] { get }
    var output: FrameBuffer { get }
    /// Renders into `output` the frame by which quality is judged.
    ///
    /// - Returns: the view that it samples.
    func renderJudged() throws -> SourceRect
}

extension FrameBuffer {
    static func output() -> FrameBuffer { FrameBuffer(width: Scene.outputWidth, height: Scene.outputHeight) }
}
