/// What a manifest asks the camera to do over one picture.
public enum Motion: Hashable, Sendable {
    /// A named movement whose amount is the style's zoom. `easing`: `nil` for the style's.
    case preset(Preset, easing: Easing?)
    /// 2…1000 views that the camera goes through, ascending in `at`. `easing`: `nil` for the style's.
    case keyFrames([KeyFrame], easing: Easing?, path: Path)

    /// The way between two key frames.
    public enum Path: String, Hashable, Sendable {
        /// Constant ratio of zoom per second; every point of the picture travels on a straight line.
        case straight
        /// van Wijk & Nuij 2003: out, across and in again, at a constant perceived speed.
        case vanWijk = "van-wijk"
    }

    public enum Preset: String, Hashable, Sendable, CaseIterable {
        case zoomIn = "zoom-in"
        case zoomOut = "zoom-out"
        case panLeft = "pan-left"
        case panRight = "pan-right"
        case panUp = "pan-up"
        case panDown = "pan-down"
        /// Across and down.
        case diagonalDown = "diagonal-down"
        /// Across and up.
        case diagonalUp = "diagonal-up"
        /// A little nearer and a little aside.
        case drift
        /// Across on a curve.
        case arc
        /// In a little and out again.
        case breathe
        /// From a detail to the whole.
        case reveal
        case still
    }
}

/// One view that the camera goes through.
public struct KeyFrame: Hashable, Sendable {
    /// Centre, in fractions of the upright picture from its top left.
    public var x: Double
    public var y: Double
    /// 1…20; 1 is the largest view of the output's aspect that fits in the picture.
    public var zoom: Double
    /// When, 0…1 of the shot; `nil`: evenly between its neighbours, the first at 0 and the last at 1.
    public var at: Double?
    /// Where the manifest says so, for messages; empty where a preset made it.
    public var jsonPath: String

    public init(x: Double, y: Double, zoom: Double, at: Double? = nil, jsonPath: String = "") {
        self.x = x
        self.y = y
        self.zoom = zoom
        self.at = at
        self.jsonPath = jsonPath
    }
}
