import Resampling

/// How the view moves from frame to frame.
enum Variant: String, CaseIterable {
    /// Constant size. Peers use one graph or context for all frames.
    case pan
    /// Constant size. Peers make a new graph or context for each frame, as exact positions would ask of them.
    case panRebuilt = "pan-rebuilt"
    /// A new size for each frame, so everybody makes all of it anew.
    case zoom
}

/// What is filmed at one ratio: the picture in everybody's form, and the views.
final class Scene {
    static let outputWidth = 1920
    static let outputHeight = 1080

    /// Working samples per output sample.
    let ratio: Double
    let truth: [TruePicture]
    let picture: PlanarPicture<UInt8>
    /// The same code values times 256.
    let deepPicture: PlanarPicture<UInt16>
    let workingPicture: WorkingPicture
    /// The view's constant size in a pan.
    let viewWidth: Int
    let viewHeight: Int

    /// Where views begin at the earliest, and what is left beyond them.
    private static let margin = 128
    /// The most that a zoom widens the view.
    private static let zoomSpan = 0.032
    private static let zoomFrames = 64
    /// Cycles per output sample of a plane: detail that a frame can show well.
    private static let bandLimit = 0.3

    init(ratio: Double) {
        self.ratio = ratio
        viewWidth = Int(Double(Self.outputWidth) * ratio)
        viewHeight = Int(Double(Self.outputHeight) * ratio)
        let limit = Self.bandLimit / ratio
        let truth = PlaneSite.planes.enumerated().map { TruePicture(bandLimit: limit / $1.pitch, seed: UInt64(1 + $0)) }
        func length(_ view: Int) -> Int { (Int(Double(view) * (1 + Self.zoomSpan)) + 3 * Self.margin) / 2 * 2 }
        let (width, height) = (length(viewWidth), length(viewHeight))
        let planes = zip(truth, PlaneSite.planes).map { truth, site in
            let plane = SamplePlane<UInt8>(width: width / Int(site.pitch), height: height / Int(site.pitch))
            truth.forEachRow(
                across: OutputAxis(start: 0, scale: 1, offset: site.offsetX, pitch: site.pitch, count: plane.width),
                down: OutputAxis(start: 0, scale: 1, offset: site.offsetY, pitch: site.pitch, count: plane.height)
            ) { y, values in
                let row = plane.row(y)
                for x in 0..<plane.width { row[x] = UInt8(min(max(values[x].rounded(), 0), 255)) }
            }
            return plane
        }
        self.truth = truth
        picture = PlanarPicture(planes: planes)
        deepPicture = PlanarPicture(planes: planes.map(Self.deepened))
        let working = planes.map(Self.working)
        workingPicture = WorkingPicture(luma: working[0], cb: working[1], cr: working[2])
    }

    private static func deepened(_ plane: SamplePlane<UInt8>) -> SamplePlane<UInt16> {
        let deep = SamplePlane<UInt16>(width: plane.width, height: plane.height)
        for y in 0..<plane.height {
            for x in 0..<plane.width { deep.row(y)[x] = UInt16(plane.row(y)[x]) << 8 }
        }
        return deep
    }

    private static func working(_ plane: SamplePlane<UInt8>) -> WorkingPlane {
        WorkingPlane(width: plane.width, height: plane.height) { samples, stride in
            for y in 0..<plane.height {
                for x in 0..<plane.width { samples[y * stride + x] = Int16(plane.row(y)[x]) << WorkingPlane.fractionBits }
            }
        }
    }

    /// The exact view of a frame.
    func view(_ frame: Int, _ variant: Variant) -> SourceRect {
        let index = Double(frame % Self.zoomFrames)
        let growth = variant == .zoom ? 1 + Self.zoomSpan * (index + 1) / Double(Self.zoomFrames) : 1
        return SourceRect(
            left: Double(Self.margin) + 0.37 + 0.73 * index, top: Double(Self.margin) + 0.61 + 0.41 * index,
            width: Double(viewWidth) * growth, height: Double(viewHeight) * growth)
    }

    /// Whole samples at which a peer's reused state reads: rows freely, columns where both luma and chroma begin at multiples of
    /// 64 samples, as aligned loads want.
    func wholeOffset(_ frame: Int) -> (x: Int, y: Int) {
        (frame % 2 * Self.margin, 64 + 2 * (frame % 32))
    }
}
