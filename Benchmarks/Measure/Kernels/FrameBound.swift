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
    /// Burns' best kernels, in turns with everybody's pans.
    let arithmetic: FrameTiming
    let fetching: FrameTiming

    init(_ scene: Scene, arithmetic: FrameTiming, fetching: FrameTiming) {
        ratio = scene.ratio
        let outputSamples = Double(Scene.outputWidth * Scene.outputHeight) * 1.5
        bytes = Double(scene.viewWidth * scene.viewHeight) * 1.5 * 2 + outputSamples
        let taps = Double(PhaseTable(ratio: scene.ratio).taps)
        multiplyAddsPerSample = scene.ratio * taps + taps
        multiplyAddsPerFrame = multiplyAddsPerSample * outputSamples
        self.arithmetic = arithmetic
        self.fetching = fetching
    }

    /// A core that overlaps both perfectly takes as long as the longer one.
    var seconds: Double { max(arithmetic.medianSeconds, fetching.medianSeconds) }

    var document: JSON {
        [
            "ratio": .number(ratio), "bytes": .number(bytes), "multiply_adds_per_sample": .number(multiplyAddsPerSample),
            "multiply_adds_per_frame": .number(multiplyAddsPerFrame),
            "arithmetic_ms_median": .number(arithmetic.medianSeconds * 1e3),
            "fetching_ms_median": .number(fetching.medianSeconds * 1e3), "bound_ms": .number(seconds * 1e3),
        ]
    }
}
