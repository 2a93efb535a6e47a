/// Where each output sample of one axis lies in a working plane: the first input sample it reads, and the phase.
///
/// - Shape: both have `count` entries, one per output sample, and live as long as the object.
/// - Units: `firstTap` in working samples, may lie outside of the plane (resamplers replicate the edge); `phase` indexes a
///   `PhaseTable`.
/// - Precision: each position is computed from the ideal path for itself, in 64-bit fixed point with 32 fractional bits; nothing
///   accumulates along the axis or from frame to frame.
public final class AxisMap: @unchecked Sendable {  // immutable after construction
    public let count: Int
    public let firstTap: UnsafePointer<Int32>
    public let phase: UnsafePointer<UInt16>

    /// - Parameters:
    ///   - origin: position of output sample 0 in working samples, the first working sample's centre at 0.
    ///   - step: working samples from one output sample to the next.
    public init(count: Int, origin: Double, step: Double, table: PhaseTable) {
        let firstTap = UnsafeMutablePointer<Int32>.allocate(capacity: count)
        let phase = UnsafeMutablePointer<UInt16>.allocate(capacity: count)
        let roundingBits = 32 - table.phaseBits
        let before = table.taps / 2 - 1
        for index in 0..<count {
            let position = Self.rounded((origin + Double(index) * step) * 0x1p32)
            let rounded = (position + (1 << (roundingBits - 1))) >> roundingBits
            (firstTap + index).initialize(
                to: Int32(truncatingIfNeeded: rounded >> table.phaseBits) - Int32(truncatingIfNeeded: before))
            (phase + index).initialize(to: UInt16(truncatingIfNeeded: rounded & ((1 << table.phaseBits) - 1)))
        }
        self.count = count
        self.firstTap = UnsafePointer(firstTap)
        self.phase = UnsafePointer(phase)
    }

    /// The nearest whole number, halves away from zero: `rounded()` without a call of the library for each sample.
    @inline(__always)
    private static func rounded(_ value: Double) -> Int64 {
        let whole = Int64(value)
        let rest = value - Double(whole)
        return whole + (rest >= 0.5 ? 1 : 0) - (rest <= -0.5 ? 1 : 0)
    }

    deinit {
        firstTap.deallocate()
        phase.deallocate()
    }
}
