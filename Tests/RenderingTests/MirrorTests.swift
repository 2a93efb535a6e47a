import Foundation
import Rendering
import Resampling
import ResamplingCPU
import TestSupport
import Testing
import Timeline

/// A mirrored project gives mirrored frames: mirrored pictures, mirrored key frames, the same transitions.
@Suite struct MirrorTests {
    private static let size = PictureSize(width: 96, height: 54)

    /// Luma has detail; colours change slowly, so that chroma can be compared between its samples.
    private func picture(_ seed: Int, mirrored: Bool) -> Data {
        Data(
            bitmap(width: 240, height: 160) { x, y in
                let column = Double(mirrored ? 239 - x : x)
                let row = Double(y)
                // Whole steps, the same in each channel, so that rounding adds no colour of its own.
                let detail = (50 * sin(column * 0.7 + row * 0.4 + Double(seed)) * cos(row * 0.55)).rounded()
                func channel(_ slope: Double) -> UInt8 {
                    UInt8(120 + detail + (40 * sin(column * slope + row * 0.01 + Double(seed))).rounded())
                }
                return (channel(0.02), channel(0.027), channel(0.033))
            })
    }

    private func frames(mirrored: Bool, in folder: TemporaryFolder) throws -> [[[UInt8]]] {
        func view(_ x: Double, _ y: Double, _ zoom: Double) -> [String: Double] {
            ["x": mirrored ? 1 - x : x, "y": y, "zoom": zoom]
        }
        let motions: [[String: Any]] = [
            ["from": view(0.4, 0.45, 1.3), "to": view(0.62, 0.6, 1.9)],
            ["key_frames": [view(0.3, 0.3, 2), view(0.7, 0.4, 1.5), view(0.6, 0.7, 3)], "path": "van-wijk"],
            ["key_frames": [view(0.3, 0.3, 2), view(0.7, 0.4, 1.5), view(0.6, 0.7, 3)]],
        ]
        let name = mirrored ? "mirrored" : "plain"
        for index in motions.indices { try folder.write(picture(index, mirrored: mirrored), "\(name)/\(index).bmp") }
        let manifest: [String: Any] = [
            "project_id": "p", "style": ["transition": ["kind": "crossfade", "seconds": 0.5]],
            "segments": motions.enumerated().map { index, motion -> [String: Any] in
                [
                    "start": index, "end": index + 1,
                    "generated_images": [
                        ["path": "\(index).bmp", "motion": motion, "fit": index == 2 ? "contain" : "cover"]
                    ],
                ]
            },
        ]
        try folder.write(try JSONSerialization.data(withJSONObject: manifest), "\(name)/manifest.json")
        let session = RenderSession(
            location: try ProjectLocation("\(folder.path)/\(name)", store: nil),
            output: OutputOptions(size: Self.size, frameRate: FrameRate(parsing: "8")),
            options: RenderOptions(resampler: CPUResampler(), jobs: 2), cancellation: Cancellation())
        var frames: [[[UInt8]]] = []
        _ = try session.run { _, plan in
            try FrameSource(plan, options: session.options, cancellation: session.cancellation).forEachFrame(in: 0..<24) {
                _, planes in
                func samples(_ plane: UnsafeMutablePointer<UInt8>, _ stride: Int, _ width: Int, _ height: Int) -> [UInt8] {
                    (0..<height).flatMap { row in (0..<width).map { plane[row * stride + $0] } }
                }
                frames.append([
                    samples(planes.y, planes.yStrideBytes, planes.width, planes.height),
                    samples(planes.cb, planes.cbStrideBytes, planes.chromaWidth, planes.chromaHeight),
                    samples(planes.cr, planes.crStrideBytes, planes.chromaWidth, planes.chromaHeight),
                ])
            }
        }
        return frames
    }

    @Test func mirroredProjectsGiveMirroredFrames() throws {
        let folder = try TemporaryFolder()
        let plain = try frames(mirrored: false, in: folder)
        let mirrored = try frames(mirrored: true, in: folder)
        #expect(plain.count == 24 && mirrored.count == 24)
        var worst = [0, 0, 0]
        for (index, (a, b)) in zip(plain, mirrored).enumerated() {
            // The third shot shows the picture's edge over its background, where colours do not change slowly.
            let showsEdges = index >= 13
            for (plane, width) in [(0, 96), (1, 48), (2, 48)] where plane == 0 || !showsEdges {
                for row in 0..<(a[plane].count / width) {
                    // The mirrored first chroma sample lies beyond the last one.
                    for column in (plane == 0 ? 0 : 1)..<width {
                        let mirror = Int(b[plane][row * width + column])
                        // Chroma lies on even columns; mirrored, half way between two of its samples.
                        let left = Int(a[plane][row * width + width - 1 - column])
                        let right = Int(a[plane][row * width + (plane == 0 ? width - 1 - column : width - column)])
                        let want = plane == 0 ? 2 * left : left + right
                        worst[plane] = max(worst[plane], (abs(2 * mirror - want) + 1) / 2)
                    }
                }
            }
        }
        #expect(worst.allSatisfy { $0 <= 1 }, "differences in Y, Cb, Cr: \(worst)")
        #expect(plain[3] != mirrored[3])
    }
}
