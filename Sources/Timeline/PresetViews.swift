/// The views that a preset goes through in one picture, evenly spaced in time.
///
/// - Amounts: zooms take the style's zoom. Pans need room: where the picture has none along their way, they go closer until
///   they have `zoom - 1` views of it (at least an eighth). No pan is faster than the output's long side in 17 s, because
///   24 frames a second show faster ones as a stutter.
/// - Names say where the camera goes: `pan-right` shows more and more of the picture's right.
struct PresetViews {
    let framing: Framing
    /// 1 or more.
    let amount: Double
    /// How long the shot is seen.
    let seconds: Double
    /// Where in the room that is left the eye rests, 0…1. Pictures taller than the frame are seen from above the middle, where
    /// heads are.
    let restX: Double
    let restY: Double

    private static let longSidesPerSecond = 0.06
    private static let leastRoom = 0.125

    /// - Parameter offset: moves the close views away from the middle, each -1…1, for variety.
    init(framing: Framing, amount: Double, seconds: Double, offset: (x: Double, y: Double) = (0, 0)) {
        self.framing = framing
        self.amount = amount
        self.seconds = seconds
        restX = 0.5 + 0.2 * offset.x
        restY = (framing.widestHeight < 0.999 ? 0.3 : 0.5) + 0.2 * offset.y
    }

    func poses(for preset: Motion.Preset) -> [Pose] {
        let whole = pose(zoom: 1, 0.5, restY)
        switch preset {
        case .zoomIn: return [whole, pose(zoom: amount, restX, restY)]
        case .zoomOut: return [pose(zoom: amount, restX, restY), whole]
        case .panRight: return horizontalPan
        case .panLeft: return horizontalPan.reversed()
        case .panDown: return verticalPan
        case .panUp: return verticalPan.reversed()
        case .diagonalDown: return diagonal(fromX: -1, fromY: -1)
        case .diagonalUp: return diagonal(fromX: -1, fromY: 1)
        case .drift: return [pose(zoom: 1 + (amount - 1) * 0.3, 0.25, restY), pose(zoom: amount, 0.75, restY)]
        case .arc: return arc
        case .breathe: return [whole, pose(zoom: 1 + (amount - 1) * 0.6, 0.5, restY), whole]
        case .reveal: return [pose(zoom: min(amount * amount, ManifestLimits.zoom.upperBound), 0.36, 0.36), whole]
        case .still: return [whole, whole]
        }
    }

    /// A view by its place in the room that its zoom leaves: 0 at the left or top border, 1 at the right or bottom one.
    private func pose(zoom: Double, _ x: Double, _ y: Double) -> Pose {
        let (width, height) = (framing.widestWidth / zoom, framing.widestHeight / zoom)
        return Pose(x: width / 2 + x * (1 - width), y: height / 2 + y * (1 - height), scale: 1 / zoom)
    }

    private var roomWanted: Double { max(amount - 1, PresetViews.leastRoom) }

    /// The longest sensible way, in views, along a side that is `share` of the output's long side.
    private func longestWay(_ share: Double) -> Double {
        max(0.05, PresetViews.longSidesPerSecond * seconds) / share
    }

    private var widthShare: Double { min(1, framing.outputAspect) }
    private var heightShare: Double { min(1, 1 / framing.outputAspect) }

    private var horizontalPan: [Pose] {
        let zoom = max(1, (1 + roomWanted) / framing.sideBySide)
        let room = framing.sideBySide * zoom - 1
        let half = min(1, longestWay(widthShare) / room) / 2
        return [pose(zoom: zoom, 0.5 - half, restY), pose(zoom: zoom, 0.5 + half, restY)]
    }

    /// From the top down as far as time allows, so that the top, where faces are, is always seen.
    private var verticalPan: [Pose] {
        let zoom = max(1, (1 + roomWanted) / framing.oneBelowTheOther)
        let room = framing.oneBelowTheOther * zoom - 1
        let part = min(1, longestWay(heightShare) / room)
        return [pose(zoom: zoom, restX, 0), pose(zoom: zoom, restX, part)]
    }

    private func diagonal(fromX: Double, fromY: Double) -> [Pose] {
        let way = crossingWay
        return [
            pose(zoom: 1 + roomWanted, 0.5 + fromX * way.x / 2, way.y / 2 + (1 - way.y) * restY + fromY * way.y / 2),
            pose(zoom: 1 + roomWanted, 0.5 - fromX * way.x / 2, way.y / 2 + (1 - way.y) * restY - fromY * way.y / 2),
        ]
    }

    private var arc: [Pose] {
        let way = crossingWay
        let (low, high) = ((1 - way.y) * restY + way.y * 0.75, (1 - way.y) * restY + way.y * 0.25)
        return [
            pose(zoom: 1 + roomWanted, 0.5 - way.x / 2, low), pose(zoom: 1 + roomWanted, 0.5, high),
            pose(zoom: 1 + roomWanted, 0.5 + way.x / 2, low),
        ]
    }

    /// Equally many views across and down, as parts of the room on each axis.
    private var crossingWay: (x: Double, y: Double) {
        let zoom = 1 + roomWanted
        let (roomX, roomY) = (framing.sideBySide * zoom - 1, framing.oneBelowTheOther * zoom - 1)
        let way = min(roomX, roomY, longestWay(max(widthShare, heightShare)))
        return (way / roomX, way / roomY)
    }
}
