import Foundation
import Resampling
import ResamplingCPU
import TestSupport
import Testing

func readTextFile(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

/// What a frame is compared with the mathematics, for the best backend (all backends give the same bytes).
@Suite struct FrameQualityTests {
    private let resampler = CPUResampler()

    @Test(arguments: [(1, 1), (64, 36), (67, 45), (130, 2)])
    func identityReproducesThePlanes(size: (Int, Int)) throws {
        let picture = WorkingPicture.make(
            size.0, size.1, luma: { x, y in Int16((x * 7 + y * 13) % 256) << 6 },
            cb: { x, y in Int16((x * 5 + y * 3) % 256) << 6 }, cr: { x, y in Int16((x ^ y) % 256) << 6 })
        let view = SourceRect(left: 0, top: 0, width: Double(size.0), height: Double(size.1))
        let frame = try render([FrameLayer(picture: picture, view: view)], with: resampler, size)
        for (index, plane) in [picture.luma, picture.cb, picture.cr].enumerated() {
            let want = (0..<plane.height).flatMap { y in (0..<plane.width).map { UInt8(plane[$0, y] >> 6) } }
            // Chroma of odd sizes has its last sample beyond the last luma sample, so even sizes only are exact there.
            if index == 0 || (size.0 % 2 == 0 && size.1 % 2 == 0) { #expect(frame.samples(index) == want) }
        }
    }

    @Test(arguments: [0, 1, 16, 127, 128, 235, 254, 255])
    func constantStaysConstant(code: Int) throws {
        let value = Int16(code << 6)
        let picture = WorkingPicture.make(97, 61, luma: { _, _ in value }, cb: { _, _ in value }, cr: { _, _ in value })
        var generator = SeededGenerator(seed: UInt64(code))
        for _ in 0..<20 {
            let width = Double.random(in: 3...97, using: &generator)
            let view = SourceRect(
                left: .random(in: 0...(97 - width), using: &generator), top: 0, width: width, height: width * 61 / 97)
            let frame = try render([FrameLayer(picture: picture, view: view)], with: resampler, (50, 32))
            for plane in 0..<3 { #expect(frame.samples(plane).allSatisfy { $0 == UInt8(code) }) }
        }
    }

    @Test func aCrossfadeOfOnePictureIsThatPicture() throws {
        let picture = WorkingPicture.random(90, 70, range: 1024...15000, seed: 5)
        let view = SourceRect(left: 2.7, top: 3.1, width: 70, height: 50)
        let alone = try render([FrameLayer(picture: picture, view: view)], with: resampler, (64, 48))
        for weight in [1, 4096, 8192, 16383] {
            let mixed = try render(
                [
                    FrameLayer(picture: picture, view: view, weight: weight),
                    FrameLayer(picture: picture, view: view, weight: 16384 - weight),
                ], with: resampler, (64, 48))
            #expect(mixed.samples(0) == alone.samples(0))
        }
    }

    @Test func fadingAllTheWayIsBlack() throws {
        let picture = WorkingPicture.random(90, 70, range: 0...16320, seed: 6)
        let frame = try render(
            [FrameLayer(picture: picture, view: SourceRect(left: 0, top: 0, width: 90, height: 70), weight: 0)],
            with: resampler, (64, 48))
        #expect(frame.samples(0).allSatisfy { $0 == 16 })
        #expect(frame.samples(1).allSatisfy { $0 == 128 } && frame.samples(2).allSatisfy { $0 == 128 })
    }

    /// Mirrored picture, mirrored view: mirrored frame, to within one code value, luma and chroma.
    ///
    /// Chroma is sited left, so a mirrored chroma plane is not the chroma plane of the mirrored picture; a picture whose
    /// chroma varies only from top to bottom has both.
    @Test func mirroredInMirroredOut() throws {
        let texture = { (x: Int, y: Int) in Int16(8000 + 7000 * sin(Double(x) * 0.9 + Double(y) * 0.35)) }
        let chroma = { (_: Int, y: Int) in Int16(8192 + 5000 * sin(Double(y) * 0.7)) }
        let picture = WorkingPicture.make(120, 80, luma: texture, cb: chroma, cr: chroma)
        let mirrored = WorkingPicture.make(120, 80, luma: { texture(119 - $0, $1) }, cb: chroma, cr: chroma)
        let view = SourceRect(left: 11.37, top: 7.21, width: 80.5, height: 53.7)
        let other = SourceRect(left: 120 - 11.37 - 80.5, top: 7.21, width: 80.5, height: 53.7)
        let a = try render([FrameLayer(picture: picture, view: view)], with: resampler, (96, 64))
        let b = try render([FrameLayer(picture: mirrored, view: other)], with: resampler, (96, 64))
        for row in 0..<64 {
            for column in 0..<96 {
                let difference = Int(a.samples(0)[row * 96 + column]) - Int(b.samples(0)[row * 96 + 95 - column])
                guard abs(difference) <= 1 else {
                    Issue.record("row \(row), column \(column): \(difference)")
                    return
                }
            }
        }
        #expect(a.samples(1) == b.samples(1))
    }

    /// Against the same filter in double precision at the exact, unquantised positions, on a real picture.
    @Test(arguments: [1.0, 1.1, 1.37, 1.5, 1.99, 2.0, 3.3, 0.6, 0.25])
    func closeToDoublePrecision(ratio: Double) throws {
        let picture = try realPicture()
        let output = (width: 240, height: 136)
        let view = SourceRect(
            left: 41.3127, top: 17.77, width: Double(output.width) * ratio, height: Double(output.height) * ratio)
        let frame = try render([FrameLayer(picture: picture, view: view)], with: resampler, output)
        for (index, plane) in [picture.luma, picture.cb, picture.cr].enumerated() {
            let chroma = index > 0
            let got = frame.samples(index)
            let width = chroma ? output.width / 2 : output.width
            var squares = 0.0
            for sample in 0..<got.count {
                let (x, y) = (Double(sample % width), Double(sample / width))
                // Luma centres in the picture's luma samples; chroma sited left, between rows.
                let px = chroma ? (view.left + (2 * x + 0.5) * ratio - 0.5) / 2 : view.left + (x + 0.5) * ratio - 0.5
                let py = chroma ? (view.top + (2 * y + 1) * ratio) / 2 - 0.5 : view.top + (y + 0.5) * ratio - 0.5
                let ideal = min(max(idealSample(plane, px, py, max(1, ratio)) / 64, 0), 255)
                squares += (ideal - Double(got[sample])) * (ideal - Double(got[sample]))
            }
            let psnr = 10 * log10(255 * 255 * Double(got.count) / squares)
            #expect(psnr >= 50, "plane \(index): \(psnr) dB")
        }
    }

    private func idealSample(_ plane: WorkingPlane, _ x: Double, _ y: Double, _ scale: Double) -> Double {
        func taps(_ position: Double) -> [(Int, Double)] {
            let reach = Int((3 * scale).rounded(.up)) + 1
            let middle = Int(position.rounded(.down))
            let taps = (middle - reach...middle + reach).map {
                ($0, CubicConvolution.weight((Double($0) - position) / scale))
            }
            let total = taps.reduce(0) { $0 + $1.1 }
            return taps.map { ($0.0, $0.1 / total) }
        }
        let columns = taps(x)
        return taps(y).reduce(0) { sum, row in
            let samples = plane.row(clamping: row.0)
            return sum + row.1 * columns.reduce(0) { $0 + $1.1 * Double(samples[min(max($1.0, 0), plane.width - 1)]) }
        }
    }

    /// The example's Andes as working planes, by way of a plain PPM made with Debian's Python imaging.
    private func realPicture() throws -> WorkingPicture {
        let path = exampleImages + "/south-america.jpg"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            "import sys; from PIL import Image; "
                + "sys.stdout.buffer.write(Image.open(sys.argv[1]).convert('RGB').crop((100, 100, 1000, 700)).tobytes())",
            path,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        try #require(bytes.count == 900 * 600 * 3)
        return try WorkingPicture.prepare(source(bytes, width: 900, height: 600), width: 900, height: 600)
    }
}

let exampleImages =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Examples/store/projects/earthrise/images").path

/// 8-bit RGB as a picture.
func source(
    _ rgb: [UInt8], width: Int, height: Int, orientation: PictureOrientation = .upright, alpha: UInt16 = 65535
) -> RowSource {
    RowSource(width: width, height: height, orientation: orientation, isOpaque: alpha == 65535) { y, count, out, stride in
        for row in 0..<count {
            for x in 0..<width {
                for channel in 0..<3 {
                    out[row * stride + x * 4 + channel] = UInt16(rgb[((y + row) * width + x) * 3 + channel]) * 257
                }
                out[row * stride + x * 4 + 3] = alpha
            }
        }
    }
}
