import JSON
import Resampling

/// What made some of a film's frames, and how many.
public struct FrameMaker: Sendable {
    public let backend: String
    public let kernels: String
    /// `nil`: the CPU.
    public let device: String?
    public let frames: Int

    private init(_ resampler: any Resampler, frames: Int) {
        backend = resampler.backend
        kernels = resampler.kernels
        device = resampler.device
        self.frames = frames
    }

    /// Those of `frames` that a resampler has made, and those of its substitute.
    ///
    /// - Parameter earlier: frames that the substitute had made before any of these.
    static func all(of resampler: any Resampler, frames: Int, earlier: Int) -> [FrameMaker] {
        let substitute = resampler.substitute.map { FrameMaker($0.resampler, frames: $0.frames - earlier) }
        let own = FrameMaker(resampler, frames: frames - (substitute?.frames ?? 0))
        return [own, substitute].compactMap { $0 }.filter { $0.frames > 0 }
    }

    /// "NVIDIA H100", "the CPU (avx512)".
    var name: String { device ?? "the CPU (\(kernels))" }

    var document: JSON {
        [
            "backend": .string(backend), "device": device.map { .string($0) } ?? .null, "kernels": .string(kernels),
            "frames": .integer(Int64(frames)),
        ]
    }
}
