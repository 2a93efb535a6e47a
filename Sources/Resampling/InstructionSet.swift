import CProcessor

/// The instruction sets that there are kernels for, worst first: a machine that has one has those before it. Results do not
/// depend on them.
public enum InstructionSet: String, CaseIterable, Sendable {
    case scalar, avx2, avx512

    /// Those of this machine. Never empty.
    public static var available: [InstructionSet] { Array(allCases.prefix(burns_level_count())) }

    /// What is used where no kernels are asked for by name: the best of this machine, or what it was limited to.
    public static var best: InstructionSet { allCases[bestIndex] }

    /// For lists of kernels, worst first.
    package static var bestIndex: Int { burns_used_level_count() - 1 }

    /// Lets no better one than `highest` be used from now on, by anything in this process: frames, the preparation of pictures,
    /// decoded rows, checksums. Kernels that are asked for by name are not touched.
    public static func limit(to highest: InstructionSet) {
        burns_limit_levels((allCases.firstIndex(of: highest) ?? 0) + 1)
    }
}
