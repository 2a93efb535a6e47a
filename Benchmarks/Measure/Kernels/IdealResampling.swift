/// Resamples a plane by a filter's formula at the exact positions, in double precision: slow, and without any rounding.
struct IdealResampling {
    let kernel: FilterKernel
    /// Input samples per output sample; above 1 the filter is widened by it.
    let scale: Double

    /// One output sample's input samples and their weights, which sum to 1.
    private struct Taps {
        let first: Int
        let weights: [Double]
    }

    /// - Parameters:
    ///   - across, down: where the output samples lie, in luma edge coordinates.
    ///   - site: where the plane's own samples lie.
    /// - Returns: `across.count * down.count` values.
    func resample(_ plane: SamplePlane<UInt8>, _ site: PlaneSite, across: OutputAxis, down: OutputAxis) -> [Double] {
        let columns = (0..<across.count).map { taps(at: (across.position($0) - site.offsetX) / site.pitch) }
        let rows = (0..<down.count).map { taps(at: (down.position($0) - site.offsetY) / site.pitch) }
        var line = [Double](repeating: 0, count: plane.width)
        var values: [Double] = []
        values.reserveCapacity(across.count * down.count)
        for row in rows {
            line.withUnsafeMutableBufferPointer { line in
                line.update(repeating: 0)
                for (tap, weight) in row.weights.enumerated() {
                    let input = plane.row(min(max(row.first + tap, 0), plane.height - 1))
                    for x in 0..<plane.width { line[x] += weight * Double(input[x]) }
                }
                for column in columns {
                    var sum = 0.0
                    for (tap, weight) in column.weights.enumerated() {
                        sum += weight * line[min(max(column.first + tap, 0), plane.width - 1)]
                    }
                    values.append(sum)
                }
            }
        }
        return values
    }

    private func taps(at position: Double) -> Taps {
        let widening = max(1, scale)
        let reach = kernel.radius * widening
        let first = Int((position - reach).rounded(.up))
        let last = Int((position + reach).rounded(.down))
        let weights = (first...last).map { kernel.weight((Double($0) - position) / widening) }
        let sum = weights.reduce(0, +)
        return Taps(first: first, weights: weights.map { $0 / sum })
    }
}
