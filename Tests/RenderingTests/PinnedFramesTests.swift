import Digest
import Foundation
import Media
import Rendering
import Resampling
import ResamplingCPU
import TestSupport
import Testing
import Timeline

/// What frames are, for good: caches hold films of earlier versions, whose chunks are to fit those of this one.
///
/// The pictures are drawn and uncompressed, so that no decoder's version is in it; the backends are compared with each other
/// elsewhere.
@Suite struct PinnedFramesTests {
    /// SHA-256 of a frame's Y, Cb and Cr samples.
    private static let pinned: [(transition: String, frame: Int, planes: [String])] = [
        (
            "crossfade", 3,
            [
                "abf2c31e95962393ac39f92fe582f1a8a743893e0d60945a927a9cf04e25d4b4",
                "cf0d3c75d8d1916865fb106a4d7f4f9d96d2d02d30ef129103072b5d68c351c9",
                "cf270f5e1b6eb0c8353923fc2bf62dfd888a7826e2419b47e8c1cc63ba464377",
            ]
        ),
        (
            "crossfade", 8,
            [
                "80d8e1414fb59124671e956c99822d751af3ee248312dfece9136d94826a5ce8",
                "f325c2ed4c36d86a4eb53393f7fe965f88b0c4947ed4597f9f56d45aade815f7",
                "5ed14c85f70d593a0d2c05b54bf3468cb2fab8e0adb11848766419f90518190a",
            ]
        ),
        (
            "crossfade", 12,
            [
                "4812a0f08683791e55810bd230fcd1c7c8bc2a7dc82d19fcecbdf142f6edf9e0",
                "6f799bcc0aea81f0e7a79814f29295b7749e42619fba7f533b8287cf5d78c95a",
                "9e30b92707d21d771ade8385edd519118bf9c47eb6e0078834ff7c89fc3d9682",
            ]
        ),
        (
            "fade-black", 16,
            [
                "3a4cf03db67ffe5521919b22c52b6e840b97ea18019d513a127358d94727cfaf",
                "0d7a13253fd127b38beecfc03528dd350a32b645ced8350d9cd61cfa4421dcd9",
                "219361bda24dcb6f9d5fbae2ca2e5284a9935ee6170e34fe9423f8c8d402a735",
            ]
        ),
    ]

    private func film(in folder: TemporaryFolder, transition: String) throws -> ProjectExamination.Film {
        func write(_ name: String, _ width: Int, _ height: Int, _ color: (Int, Int) -> (Int, Int, Int)) throws {
            let bytes = bitmap(width: width, height: height) { x, y in
                let (red, green, blue) = color(x, y)
                return (UInt8(truncatingIfNeeded: red), UInt8(truncatingIfNeeded: green), UInt8(truncatingIfNeeded: blue))
            }
            try folder.write(Data(bytes), "p/" + name)
        }
        try write("wide.bmp", 400, 260) { x, y in (x * y / 41, x * 255 / 399, (x / 9 + y / 7) % 2 * 200) }
        try write("tall.bmp", 91, 150) { x, y in (255 - y, (x * x + y * y) / 97, x * 2) }
        let segments: [[String: Any]] = [
            ["start_time": 0, "end_time": 2, "generated_images": [["path": "wide.bmp", "motion": "zoom-in"]]],
            ["start_time": 2, "end_time": 4, "generated_images": [["path": "tall.bmp", "motion": "pan-right", "fit": "contain"]]],
            ["start_time": 4, "end_time": 6, "generated_images": [["path": "wide.bmp", "motion": "diagonal-down"]]],
        ]
        let manifest: [String: Any] = [
            "project_id": "p", "style": ["transition": ["kind": transition, "seconds": 1.0]], "segments": segments,
        ]
        try folder.write(try JSONSerialization.data(withJSONObject: manifest), "p/manifest.json")
        let options = OutputOptions(size: PictureSize(width: 190, height: 106), frameRate: FrameRate(parsing: "4"))
        let examination = try ProjectExamination(
            ProjectLocation(folder.path + "/p", store: nil), options: options, cancellation: Cancellation())
        return try #require(examination.film, "\(examination.errors)")
    }

    private func planeHashes(_ frame: FramePlanes) -> [String] {
        [
            (frame.y, frame.yStrideBytes, frame.width, frame.height),
            (frame.cb, frame.cbStrideBytes, frame.chromaWidth, frame.chromaHeight),
            (frame.cr, frame.crStrideBytes, frame.chromaWidth, frame.chromaHeight),
        ].map { plane, stride, width, height in
            SHA256.hexadecimal(of: (0..<height).flatMap { UnsafeBufferPointer(start: plane + $0 * stride, count: width) })
        }
    }

    @Test func framesAreWhatTheyWere() throws {
        let folder = try TemporaryFolder()
        let options = RenderOptions(resampler: CPUResampler(), jobs: 1)
        var kinds: [String] = []
        for (transition, frame, planes) in Self.pinned {
            let film = try film(in: folder, transition: transition)
            let layers = film.timeline.layers(atFrame: frame)
            let fits = layers.map { "\(film.timeline.shots[$0.shot].fit)" }.joined(separator: " over ")
            kinds.append(fits + (layers.reduce(0) { $0 + $1.weight } < FrameLayer.fullWeight ? ", faded" : ""))
            let plan = try FilmPlan(film, cancellation: Cancellation())
            let source = FrameSource(plan, options: options, cancellation: Cancellation())
            var found: [String] = []
            try source.forEachFrame(in: frame..<frame + 1) { found = planeHashes($1) }
            #expect(
                found == planes,
                """
                Frame \(frame), with \(transition), has other samples than it had. Where that is meant, raise \
                ChunkKey.engineVersion, so that no cache's chunks of before are joined with new ones, and put these in: \
                \(found)
                """)
        }
        // What the frames are there for.
        #expect(kinds == ["cover", "cover over contain", "contain", "cover, faded"])
    }
}
