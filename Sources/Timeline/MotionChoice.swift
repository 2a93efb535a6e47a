/// Picks a motion for a picture that asks for none.
///
/// The choice depends on the seed, the project, the picture and how often it was seen before, not on the shot's number: a segment
/// inserted at the front leaves the other shots as they were. (The one thing that can change is a choice that would repeat its
/// new neighbour's.)
struct MotionChoice {
    let preset: Motion.Preset
    /// Gentler than the style's where the shot is short or the whole picture is shown.
    let amount: Double
    let offset: (x: Double, y: Double)

    // Pictures this much wider or taller than the frame are panoramas and portraits.
    private static let longSideFactor = 1.3
    // Zooming faster than this, in ln(zoom) per second, is felt as a push.
    private static let fastestZoom = 0.06

    private static let usual: [Motion.Preset] = [
        .zoomIn, .panRight, .zoomOut, .diagonalDown, .drift, .panLeft, .arc, .zoomIn, .diagonalUp, .zoomOut, .reveal,
    ]

    init(
        style: Style, projectID: String, picture: MediaReference, occurrence: Int, framing: Framing, fit: Fit, seconds: Double,
        previous: Motion.Preset?
    ) {
        var hash = StableHash()
        hash.combine(style.seed)
        hash.combine(projectID)
        hash.combine(picture.identityText)
        hash.combine(UInt64(occurrence))
        let candidates: [Motion.Preset] =
            if fit == .contain {
                // The whole picture stays in view: see `contain`'s margin.
                [.zoomIn, .zoomOut]
            } else if framing.sideBySide >= MotionChoice.longSideFactor {
                [.panRight, .panLeft]
            } else if framing.oneBelowTheOther >= MotionChoice.longSideFactor {
                [.panDown, .panUp]
            } else {
                MotionChoice.usual
            }
        let first = Int(hash.next() % UInt64(candidates.count))
        preset = candidates.indices.lazy.map { candidates[(first + $0) % candidates.count] }.first { $0 != previous }
            ?? candidates[first]
        let wanted = fit == .contain ? 1 + (style.zoom - 1) * 0.4 : style.zoom
        amount = min(wanted, PortableMath.exp(MotionChoice.fastestZoom * min(seconds, 60)))
        let (x, y) = (2 * hash.nextUnit() - 1, -hash.nextUnit())
        // Along a pan's way, and where the frame's rest of a portrait is placed, there is nothing to vary.
        offset = fit == .contain || framing.oneBelowTheOther >= MotionChoice.longSideFactor ? (0, 0) : (x, y)
    }
}
