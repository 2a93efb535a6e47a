/// Numbers as people read them.
package enum NumberText {
    /// With so many decimals, rounded.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "–" }
        var factor = 1
        for _ in 0..<decimals { factor *= 10 }
        let scaled = Int((value.magnitude * Double(factor)).rounded())
        let whole = "\(scaled / factor)"
        let sign = value < 0 && scaled != 0 ? "-" : ""
        if decimals == 0 { return sign + whole }
        let rest = "\(scaled % factor)"
        return sign + whole + "." + String(repeating: "0", count: decimals - rest.count) + rest
    }

    /// With three digits that mean something, or all before the point.
    package static func short(_ value: Double) -> String {
        switch value.magnitude {
        case 99.95...: fixed(value, 0)
        case 9.995...: fixed(value, 1)
        case 0.9995...: fixed(value, 2)
        default: fixed(value, 3)
        }
    }

    /// "83 %"; below ten percent with a decimal.
    package static func percent(_ ratio: Double) -> String { fixed(ratio * 100, ratio < 0.0995 ? 1 : 0) + " %" }

    /// "12.3 GB/s"
    static func rate(_ bytesPerSecond: Double) -> String { short(bytesPerSecond / 1e9) + " GB/s" }

    /// "23.4 GiB"
    static func memory(_ bytes: Int) -> String { short(Double(bytes) / 0x1p30) + " GiB" }
}
