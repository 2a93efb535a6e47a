/// Locates a dot in a frame by a least-squares fit of its known shape: position, amplitude and background are free, the size follows
/// from the ideal zoom. Gauss-Newton from the ideal position.
///
/// - Precision: see the "ideal frames" rows of the results; 8-bit rounding is all that limits it.
enum Tracker {
    /// The dot's position in luma pixels, or `nil` where no dot is found near the ideal position.
    static func position(of dot: Dot, near ideal: SIMD2<Double>, zoom: Double, in frame: Frame) -> SIMD2<Double>? {
        let plane = dot.plane
        let scale = zoom / plane.pitch
        let (spread, wavelength) = (dot.spread * scale, dot.wavelength * scale)
        var center = Frame.planePosition(ideal, in: plane)
        for _ in 0..<12 {
            guard let step = step(from: center, plane, frame, reach: dot.trackedReach * scale, spread, wavelength) else { return nil }
            center += step
            if (step * step).sum() < 1e-10 { return Frame.lumaPosition(center, in: plane) }
        }
        return nil
    }

    private static func step(
        from center: SIMD2<Double>, _ plane: Dot.Plane, _ frame: Frame, reach: Double, _ spread: Double, _ wavelength: Double
    ) -> SIMD2<Double>? {
        let (width, height) = Frame.size(of: plane)
        let (left, right) = (Int((center.x - reach).rounded(.up)), Int((center.x + reach).rounded(.down)))
        let (top, bottom) = (Int((center.y - reach).rounded(.up)), Int((center.y + reach).rounded(.down)))
        guard left >= 0, top >= 0, right < width, bottom < height, left < right, top < bottom else { return nil }

        // First the best amplitude and background for this centre, then, with that amplitude, the best move; the symmetric
        // window keeps the two problems apart, and iteration removes what is left of their coupling.
        var shape = (values: [Double](), dx: [Double](), dy: [Double](), samples: [Double]())
        frame.bytes.withUnsafeBufferPointer { bytes in
            for row in top...bottom {
                let start = Frame.offset(of: plane) + row * width
                for column in left...right {
                    let away = SIMD2(Double(column), Double(row)) - center
                    let squared = (away * away).sum()
                    if squared > reach * reach { continue }
                    let profile = Dot.profile(squared.squareRoot(), spread: spread, wavelength: wavelength)
                    shape.values.append(profile.value)
                    shape.dx.append(-profile.slopeByDistance * away.x)
                    shape.dy.append(-profile.slopeByDistance * away.y)
                    shape.samples.append(Double(bytes[start + column]))
                }
            }
        }
        let count = Double(shape.samples.count)
        let (meanValue, meanSample) = (shape.values.reduce(0, +) / count, shape.samples.reduce(0, +) / count)
        var (covariance, variance) = (0.0, 0.0)
        for (value, sample) in zip(shape.values, shape.samples) {
            covariance += (value - meanValue) * (sample - meanSample)
            variance += (value - meanValue) * (value - meanValue)
        }
        let amplitude = covariance / variance
        guard amplitude > 10 else { return nil }
        let background = meanSample - amplitude * meanValue
        var (xx, xy, yy, xr, yr) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for index in shape.samples.indices {
            let (dx, dy) = (amplitude * shape.dx[index], amplitude * shape.dy[index])
            let rest = shape.samples[index] - background - amplitude * shape.values[index]
            xx += dx * dx
            xy += dx * dy
            yy += dy * dy
            xr += dx * rest
            yr += dy * rest
        }
        let determinant = xx * yy - xy * xy
        guard determinant > 0 else { return nil }
        return SIMD2((yy * xr - xy * yr) / determinant, (xx * yr - xy * xr) / determinant)
    }
}
