/// The part of a picture that a frame shows.
///
/// - Units: fractions of the upright picture's width and height, from its top left; with `fit: contain`, of the canvas that has
///   the output's aspect and holds the whole picture.
/// - Range: always inside the picture: `centerX ± width / 2` and `centerY ± height / 2` are in 0…1 (to within 1e-12).
public struct Viewport: Hashable, Sendable {
    public var centerX: Double
    public var centerY: Double
    public var width: Double
    public var height: Double

    public init(centerX: Double, centerY: Double, width: Double, height: Double) {
        self.centerX = centerX
        self.centerY = centerY
        self.width = width
        self.height = height
    }

    public var left: Double { centerX - width / 2 }
    public var right: Double { centerX + width / 2 }
    public var top: Double { centerY - height / 2 }
    public var bottom: Double { centerY + height / 2 }
}
