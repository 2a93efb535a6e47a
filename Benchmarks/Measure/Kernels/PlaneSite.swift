import Resampling

/// Where the samples of a plane lie on the luma grid, in luma *edge* coordinates: sample 0 at `offset`, the next `pitch` further.
///
/// The same rule holds for a working picture and for a frame; chroma is sited left (MPEG-2).
struct PlaneSite {
    let offsetX: Double
    let offsetY: Double
    let pitch: Double

    static let luma = PlaneSite(offsetX: 0.5, offsetY: 0.5, pitch: 1)
    static let chroma = PlaneSite(offsetX: 0.5, offsetY: 1, pitch: 2)

    /// Y, Cb, Cr.
    static let planes = [luma, chroma, chroma]
}

/// The positions of one output plane's samples along one axis, in luma edge coordinates of the picture.
struct OutputAxis {
    let origin: Double
    let step: Double
    let count: Int

    /// - Parameters:
    ///   - start: the view's left or top.
    ///   - scale: luma input samples per luma output sample.
    init(start: Double, scale: Double, offset: Double, pitch: Double, count: Int) {
        origin = start + offset * scale
        step = pitch * scale
        self.count = count
    }

    func position(_ index: Int) -> Double { origin + Double(index) * step }

    static func across(_ view: SourceRect, _ site: PlaneSite, outputWidth: Int) -> OutputAxis {
        OutputAxis(
            start: view.left, scale: view.width / Double(outputWidth), offset: site.offsetX, pitch: site.pitch,
            count: outputWidth / Int(site.pitch))
    }

    static func down(_ view: SourceRect, _ site: PlaneSite, outputHeight: Int) -> OutputAxis {
        OutputAxis(
            start: view.top, scale: view.height / Double(outputHeight), offset: site.offsetY, pitch: site.pitch,
            count: outputHeight / Int(site.pitch))
    }
}
