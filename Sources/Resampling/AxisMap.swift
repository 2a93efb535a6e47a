/// Where each output sample of one axis lies in a working plane: the first input sample it reads, and the phase.
///
/// - Shape: both arrays have one entry per output sample.
/// - Units: `firstTap` in working samples, may lie outside of the plane (resamplers replicate the edge); `phase` indexes a
///   `PhaseTable`.
/// - Precision: each position is computed from the ideal path for itself, in 64-bit fixed point with 32 fractional bits; nothing
///   accumulates along the axis or from frame to frame.
public struct AxisMap: Sendable {
    public private(set) var firstTap: [Int32]
    public private(set) var phase: [UInt16]

    public var count: Int { firstTap.count }

    /// - Parameters:
    ///   - origin: position of output sample 0 in working samples, the first working sample's centre at 0.
    ///   - step: working samples from one output sample to the next.
    public init(count: Int, origin: Double, step: Double, table: PhaseTable) {
        firstTap = []
        phase = []
        firstTap.reserveCapacity(count)
        phase.reserveCapacity(count)
        let roundingBits = 32 - table.phaseBits
        let before = table.taps / 2 - 1
        for index in 0..<count {
            let position = Int64(((origin + Double(index) * step) * 0x1p32).rounded())
            let rounded = (position + (1 << (roundingBits - 1))) >> roundingBits
            firstTap.append(Int32(truncatingIfNeeded: rounded >> table.phaseBits) - Int32(before))
            phase.append(UInt16(truncatingIfNeeded: rounded & ((1 << table.phaseBits) - 1)))
        }
    }
}
