import Glibc
import Resampling

/// The peak signal-to-noise ratio of a frame's planes, in dB over a peak of 255.
struct PlaneQuality {
    /// Y, Cb, Cr.
    let decibels: [Double]

    var luma: Double { decibels[0] }
    /// The worse of both.
    var chroma: Double { min(decibels[1], decibels[2]) }

    /// Samples at the frame's edges that are not judged: peers do not see the picture beyond them.
    private static let border = 16

    /// Against the picture itself.
    static func ofTruth(_ frame: FramePlanes, view: SourceRect, truth: [TruePicture]) -> PlaneQuality {
        PlaneQuality(decibels: (0..<3).map { index in
            let (across, down) = axes(frame, view, index)
            var error = SquaredError(border: border)
            truth[index].forEachRow(across: across, down: down) { y, values in
                error.add(row(frame, index, y), values, y: y, rowCount: down.count)
            }
            return error.decibels
        })
    }

    /// Against the same filter in double precision.
    static func ofArithmetic(
        _ frame: FramePlanes, view: SourceRect, picture: PlanarPicture<UInt8>, kernel: FilterKernel
    ) -> PlaneQuality {
        let ideal = IdealResampling(kernel: kernel, scale: view.width / Double(frame.width))
        return PlaneQuality(decibels: (0..<3).map { index in
            let (across, down) = axes(frame, view, index)
            let values = ideal.resample(picture.planes[index], PlaneSite.planes[index], across: across, down: down)
            var error = SquaredError(border: border)
            values.withUnsafeBufferPointer { values in
                for y in 0..<down.count {
                    error.add(
                        row(frame, index, y), UnsafeBufferPointer(rebasing: values[y * across.count..<(y + 1) * across.count]),
                        y: y, rowCount: down.count)
                }
            }
            return error.decibels
        })
    }

    private static func axes(_ frame: FramePlanes, _ view: SourceRect, _ plane: Int) -> (OutputAxis, OutputAxis) {
        let site = PlaneSite.planes[plane]
        return (.across(view, site, outputWidth: frame.width), .down(view, site, outputHeight: frame.height))
    }

    private static func row(_ frame: FramePlanes, _ plane: Int, _ y: Int) -> UnsafePointer<UInt8> {
        switch plane {
        case 0: UnsafePointer(frame.y + y * frame.yStrideBytes)
        case 1: UnsafePointer(frame.cb + y * frame.cbStrideBytes)
        default: UnsafePointer(frame.cr + y * frame.crStrideBytes)
        }
    }
}

/// The mean of squared differences, without the border.
private struct SquaredError {
    let border: Int
    private var sum = 0.0
    private var count = 0

    init(border: Int) { self.border = border }

    mutating func add(_ bytes: UnsafePointer<UInt8>, _ values: UnsafeBufferPointer<Double>, y: Int, rowCount: Int) {
        guard (border..<rowCount - border).contains(y) else { return }
        for x in border..<values.count - border {
            let difference = Double(bytes[x]) - values[x]
            sum += difference * difference
        }
        count += values.count - 2 * border
    }

    var decibels: Double { 10 * log10(255 * 255 * Double(count) / max(sum, .leastNormalMagnitude)) }
}
