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

    /// Every level this machine can run, worst first. Never empty.
    public static let available: [FrameKernels] = {
        var levels: [FrameKernels] = []
        while let pointer = burns_frame_kernels_at(levels.count) { levels.append(FrameKernels(pointer: pointer)) }
        return levels
    }()

    /// What is used where no kernels are asked for by name: see `InstructionSet.limit`.
    public static var best: FrameKernels { available[InstructionSet.bestIndex] }
}
