/// Numbers that are the same on every machine and in every release, unlike `Hasher`'s: they choose what a film looks like.
///
/// Source: FNV-1a for the bytes, SplitMix64 (Steele, Lea, Flood 2014) to mix and to go on.
struct StableHash {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func combine(_ text: String) {
        for byte in text.utf8 { combine(byte: byte) }
        combine(byte: 0xFF)  // Not in UTF-8, so that ("ab", "c") differs from ("a", "bc").
    }

    mutating func combine(_ number: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { combine(byte: UInt8(truncatingIfNeeded: number >> UInt64(shift))) }
    }

    private mutating func combine(byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// The next of an endless row of mixed values.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The next value in 0..<1.
    mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
