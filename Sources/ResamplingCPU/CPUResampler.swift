import CKernels
import Resampling

/// Resamples on the CPU with the kernels of one instruction set.
public struct CPUResampler: HostResampler {
    let table: FrameKernels

    public init(kernels: FrameKernels = .best) { table = kernels }

    public var backend: String { "cpu" }
    public var kernels: String { table.name }

    public func makeRenderer(width: Int, height: Int) -> any FrameRenderer {
        CPURenderer(kernels: table)
    }
}

/// One instruction set's kernels, of those that this machine can run.
public struct FrameKernels: @unchecked Sendable {  // points to a constant table of functions
    let pointer: UnsafePointer<burns_frame_kernels>

    public var name: String { String(cString: pointer.pointee.name) }

    /// Every level there is, worst first: what `BURNS_CPU` takes.
    public static let names = ["scalar", "avx2", "avx512"]

    /// Every level this machine can run, worst first. Never empty.
    public static let available: [FrameKernels] = {
        var levels: [FrameKernels] = []
        while let pointer = burns_frame_kernels_at(levels.count) { levels.append(FrameKernels(pointer: pointer)) }
        return levels
    }()

    public static var best: FrameKernels { available[available.count - 1] }

    /// The best level that this machine has and that is not above the named one. `nil` for a name that is no level.
    public static func atMost(_ name: String) -> FrameKernels? {
        guard let limit = names.firstIndex(of: name) else { return nil }
        return available.last { kernels in names.firstIndex(of: kernels.name).map { $0 <= limit } ?? false }
    }
}
