import Foundation
import Resampling
import TestSupport
import Testing

@Suite struct PreparationTests {
    /// BT.709 in double precision, code values.
    private func ycbcr(_ r: Double, _ g: Double, _ b: Double) -> (Double, Double, Double) {
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b
        return (16 + 219 * y, 128 + 224 * (b - y) / 1.8556, 128 + 224 * (r - y) / 1.5748)
    }

    @Test(arguments: [
        (0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128), (12, 200, 77), (1, 2, 3),
    ])
    func flatColoursHaveBT709Values(colour: (Int, Int, Int)) throws {
        let pixels = [colour.0, colour.1, colour.2].map(UInt8.init)
        let rgb = (0..<40 * 30).flatMap { _ in pixels }
        let want = ycbcr(Double(colour.0) / 255, Double(colour.1) / 255, Double(colour.2) / 255)
        for (width, height) in [(40, 30), (17, 13), (1, 1)] {
            let picture = try WorkingPicture.prepare(source(rgb, width: 40, height: 30), width: width, height: height)
            for (plane, value) in [(picture.luma, want.0), (picture.cb, want.1), (picture.cr, want.2)] {
                for y in 0..<plane.height {
                    for x in 0..<plane.width {
                        let difference = Double(plane[x, y]) / 64 - value
                        #expect(abs(difference) < 0.05)
                    }
                }
            }
        }
    }

    /// Black and white lines become the grey of half the *light* (code 188), not of half the code value.
    @Test func scalingIsInLinearLight() throws {
        let rgb = (0..<64 * 64).flatMap { [UInt8](repeating: $0 % 2 == 0 ? 255 : 0, count: 3) }
        let picture = try WorkingPicture.prepare(source(rgb, width: 64, height: 64), width: 16, height: 16)
        let want = 16 + 219 * 187.516 / 255
        #expect(abs(Double(picture.luma[8, 8]) / 64 - want) < 0.5)
    }

    @Test func transparencyIsCompositedInLinearLight() throws {
        let rgb = [UInt8](repeating: 255, count: 16 * 16 * 3)
        let half = source(rgb, width: 16, height: 16, alpha: 32768)
        let overBlack = try WorkingPicture.prepare(half, width: 16, height: 16)
        let difference = Double(overBlack.luma[5, 5]) / 64 - (16 + 219 * 187.52 / 255)
        #expect(abs(difference) < 0.1)
        let overWhite = try WorkingPicture.prepare(
            half, width: 16, height: 16, background: SIMD3(repeating: 65535))
        #expect(overWhite.luma[5, 5] == 235 << 6)
    }

    /// The scaler against a separable double-precision sum over the same kernel, on noise.
    @Test(arguments: [(50, 40), (77, 33), (100, 80), (99, 79), (1, 1), (3, 80)])
    func scalingMatchesDoublePrecision(size: (Int, Int)) throws {
        var generator = SeededGenerator(seed: 4)
        let (width, height) = (100, 80)
        let grey = (0..<width * height).map { _ in UInt8.random(in: 60...200, using: &generator) }
        let picture = try WorkingPicture.prepare(
            source(grey.flatMap { [$0, $0, $0] }, width: width, height: height), width: size.0, height: size.1)
        let light = grey.map { pow((Double($0) / 255 + 0.055) / 1.055, 2.4) }
        func taps(_ output: Int, _ inputs: Int, _ outputs: Int) -> [(Int, Double)] {
            guard inputs != outputs else { return [(output, 1)] }
            let ratio = Double(inputs) / Double(outputs)
            let centre = (Double(output) + 0.5) * ratio - 0.5
            let all = (Int(centre - 4 * ratio) - 1...Int(centre + 4 * ratio) + 1).map {
                (min(max($0, 0), inputs - 1), Prefilter.weight((Double($0) - centre) / ratio))
            }
            let total = all.reduce(0) { $0 + $1.1 }
            return all.map { ($0.0, $0.1 / total) }
        }
        for y in 0..<size.1 {
            let down = taps(y, height, size.1)
            for x in 0..<size.0 {
                let across = taps(x, width, size.0)
                let linear = down.reduce(0) { sum, row in
                    sum + row.1 * across.reduce(0) { $0 + $1.1 * light[row.0 * width + $1.0] }
                }
                let code = linear <= 0.0031308 ? max(0, linear) * 12.92 : 1.055 * pow(linear, 1 / 2.4) - 0.055
                let want = 16 + 219 * code
                let difference = Double(picture.luma[x, y]) / 64 - want
                #expect(abs(difference) < 0.05, "\(x), \(y)")
            }
        }
    }

    /// Upright first and then prepared, or prepared with the orientation: the same samples.
    @Test(arguments: PictureOrientation.allCases, [false, true])
    func orientationsStandUpright(orientation: PictureOrientation, scaled: Bool) throws {
        var generator = SeededGenerator(seed: 9)
        let (width, height) = (24, 14)
        let stored = (0..<width * height * 3).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let upright = orientation.exchangesAxes ? (height, width) : (width, height)
        var turned = [UInt8](repeating: 0, count: stored.count)
        for y in 0..<height {
            for x in 0..<width {
                // EXIF: the visual position of stored row y, column x.
                let (column, row) =
                    switch orientation {
                    case .upright: (x, y)
                    case .mirroredHorizontally: (width - 1 - x, y)
                    case .rotated180: (width - 1 - x, height - 1 - y)
                    case .mirroredVertically: (x, height - 1 - y)
                    case .transposed: (y, x)
                    case .rotated90Clockwise: (height - 1 - y, x)
                    case .transversed: (height - 1 - y, width - 1 - x)
                    case .rotated90Anticlockwise: (y, width - 1 - x)
                    }
                for channel in 0..<3 {
                    turned[(row * upright.0 + column) * 3 + channel] = stored[(y * width + x) * 3 + channel]
                }
            }
        }
        let size = scaled ? (upright.0 / 2, upright.1 / 2) : upright
        let got = try WorkingPicture.prepare(
            source(stored, width: width, height: height, orientation: orientation), width: size.0, height: size.1)
        let want = try WorkingPicture.prepare(
            source(turned, width: upright.0, height: upright.1), width: size.0, height: size.1)
        // Scaled, the order of the two axes differs in the last bits of a float.
        let tolerance = scaled ? 1 : 0
        for (a, b) in [(got.luma, want.luma), (got.cb, want.cb), (got.cr, want.cr)] {
            #expect(a.width == b.width && a.height == b.height)
            for y in 0..<a.height {
                for x in 0..<a.width {
                    let difference = Int(a[x, y]) - Int(b[x, y])
                    #expect(abs(difference) <= tolerance)
                }
            }
        }
    }

    /// All instruction sets there are make the same samples of noise, transparent here and there, in every orientation.
    @Test(arguments: 0..<24)
    func allKernelsPrepareTheSame(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (width, height) = (Int.random(in: 1...150, using: &generator), Int.random(in: 1...90, using: &generator))
        let isOpaque = Bool.random(using: &generator)
        let codes = (0..<width * height * 4).map {
            $0 % 4 == 3 && (isOpaque || Bool.random(using: &generator)) ? 65535 : UInt16.random(in: .min ... .max, using: &generator)
        }
        let orientation = PictureOrientation.allCases[Int.random(in: 0..<8, using: &generator)]
        let picture = RowSource(width: width, height: height, orientation: orientation, isOpaque: isOpaque) { y, count, into, stride in
            for row in 0..<count {
                for x in 0..<width * 4 { into[row * stride + x] = codes[(y + row) * width * 4 + x] }
            }
        }
        let size = (Int.random(in: 1...picture.uprightWidth, using: &generator), Int.random(in: 1...picture.uprightHeight, using: &generator))
        let background = SIMD3<UInt16>.random(in: .min ... .max, using: &generator)
        func prepared(_ kernels: PrepareKernels) throws -> [[Int16]] {
            try [
                WorkingPicture.prepare(picture, width: size.0, height: size.1, background: background, kernels: kernels),
                WorkingPicture.prepareContained(
                    picture, canvasWidth: size.1 + 60, canvasHeight: size.0 + 31, background: background, kernels: kernels),
            ].flatMap { picture in
                [picture.luma, picture.cb, picture.cr].map { plane in
                    (0..<plane.height).flatMap { y in (0..<plane.width).map { plane[$0, y] } }
                }
            }
        }
        let want = try prepared(PrepareKernels.available[0])
        for kernels in PrepareKernels.available.dropFirst() {
            let isSame = try prepared(kernels) == want
            #expect(isSame, "\(kernels.name)")
        }
    }

    @Test func containedShowsTheWholePictureOverADarkCopy() throws {
        // Left half red, right half blue, portrait, on a wide canvas.
        let rgb = (0..<60 * 120).flatMap { $0 % 60 < 30 ? [255, 0, 0] : [0, 0, 255] as [UInt8] }
        let picture = try WorkingPicture.prepareContained(
            source(rgb, width: 60, height: 120), canvasWidth: 192, canvasHeight: 108)
        #expect(picture.width == 192 && picture.height == 108)
        let red = ycbcr(1, 0, 0)
        #expect(abs(Double(picture.luma[80, 54]) / 64 - red.0) < 0.5)  // 54 wide, from 69 to 123
        let background = Double(picture.luma[4, 54]) / 64
        #expect(background > 20 && background < red.0 - 10)
        #expect(Double(picture.cr[2, 27]) / 64 > 140, "the left of the background is a dark red")
        #expect(Double(picture.cb[94, 27]) / 64 > 140, "the right of it is a dark blue")
    }

    /// A picture of one pixel is a square with sharp edges in the middle.
    @Test func containedTinyPicturesAreSharp() throws {
        let picture = try WorkingPicture.prepareContained(
            source([200, 30, 30], width: 1, height: 1), canvasWidth: 192, canvasHeight: 108)
        let row = (0..<192).map { picture.luma[$0, 54] }
        let inside = row.indices.filter { row[$0] == row[96] }
        #expect(inside.count == 100 && inside.first == 46 && inside.last == 145)
        #expect(row[45] < row[46] - 1000 && row[0] == row[45])
    }

    @Test(arguments: [(1, 1), (3000, 1), (1, 3000), (7, 5)])
    func containedTakesAnyShape(size: (Int, Int)) throws {
        let rgb = [UInt8](repeating: 200, count: size.0 * size.1 * 3)
        let picture = try WorkingPicture.prepareContained(
            source(rgb, width: size.0, height: size.1), canvasWidth: 64, canvasHeight: 36)
        #expect(picture.width == 64)
    }
}
