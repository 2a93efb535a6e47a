import CKernels

/// One instruction set's loops that make working pictures, of those that this machine can run: the samples are the same.
public struct PrepareKernels: @unchecked Sendable {  // points to a constant table of functions
    private let pointer: UnsafePointer<burns_prepare_kernels>

    var table: burns_prepare_kernels { pointer.pointee }

    /// "scalar", "avx2", "avx512".
    public var name: String { String(cString: table.name) }

    /// Rows that are scaled across side by side.
    static let abreast = Int(BURNS_ABREAST)

    /// Every level this machine can run, worst first. Never empty.
    public static let available: [PrepareKernels] = {
        var levels: [PrepareKernels] = []
        while let pointer = burns_prepare_kernels_at(levels.count) { levels.append(PrepareKernels(pointer: pointer)) }
        return levels
    }()

    /// What is used where no kernels are asked for by name: see `InstructionSet.limit`.
    public static var best: PrepareKernels { available[InstructionSet.bestIndex] }
}
