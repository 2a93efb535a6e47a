import JSON
import Resampling

/// What a frame of a pan costs at the least: each byte moved once, and the filter's multiplications.
struct FrameBound {
    let ratio: Double
    /// Working samples read and frame bytes written, all three planes.
    let bytes: Double
    /// Multiplications and additions for one output sample: all columns between vertically, then horizontally.
    let multiplyAddsPerSample: Double
    /// For the three planes.
    let multiplyAddsPerFrame: Double
    /// At the speed of a copy.
    let memorySeconds: Double

    /// - Parameter bandwidth: bytes per second, reads and writes.
    init(_ scene: Scene, bandwidth: Double) {
        ratio = scene.ratio
        let outputSamples = Double(Scene.outputWidth * Scene.outputHeight) * 1.5
        bytes = Double(scene.viewWidth * scene.viewHeight) * 1.5 * 2 + outputSamples
        let taps = Double(PhaseTable(ratio: scene.ratio).taps)
        multiplyAddsPerSample = scene.ratio * taps + taps
        multiplyAddsPerFrame = multiplyAddsPerSample * outputSamples
        memorySeconds = bytes / bandwidth
    }

    var document: JSON {
        [
            "ratio": .number(ratio), "bytes": .number(bytes), "multiply_adds_per_sample": .number(multiplyAddsPerSample),
            "multiply_adds_per_frame": .number(multiplyAddsPerFrame), "memory_ms": .number(memorySeconds * 1e3),
        ]
    }
}
