/// How a project wants to look; every default looks good untouched.
public struct Style: Hashable, Sendable {
    public var transition: Transition
    /// Amount of the presets: the ratio between a shot's widest and closest view, 1…20.
    public var zoom: Double
    public var easing: Easing
    public var fit: Fit
    /// Seed of the motions chosen for pictures that name none.
    public var seed: UInt64
    /// Behind pictures with transparency.
    public var background: Color

    public init(
        transition: Transition = Transition(), zoom: Double = 1.18, easing: Easing = .default, fit: Fit = .cover,
        seed: UInt64 = 0, background: Color = Color(red: 0, green: 0, blue: 0)
    ) {
        self.transition = transition
        self.zoom = zoom
        self.easing = easing
        self.fit = fit
        self.seed = seed
        self.background = background
    }

    /// 8-bit sRGB.
    public struct Color: Hashable, Sendable, CustomStringConvertible {
        public var red: UInt8
        public var green: UInt8
        public var blue: UInt8

        public init(red: UInt8, green: UInt8, blue: UInt8) {
            self.red = red
            self.green = green
            self.blue = blue
        }

        /// Reads "#rrggbb".
        public init?(parsing text: String) {
            let digits = Array(text.utf8)
            guard digits.count == 7, digits[0] == UInt8(ascii: "#"), digits[1] != UInt8(ascii: "+"),
                let value = UInt32(text.dropFirst(), radix: 16)
            else { return nil }
            self.init(
                red: UInt8(truncatingIfNeeded: value >> 16), green: UInt8(truncatingIfNeeded: value >> 8),
                blue: UInt8(truncatingIfNeeded: value))
        }

        public var description: String {
            let digits = String(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), radix: 16)
            return "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
        }
    }
}

/// What happens between two shots.
public struct Transition: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case cut
        case crossfade
        /// Out to black, then in from black.
        case fadeBlack = "fade-black"
    }

    public var kind: Kind
    /// Whole length, half on each side of the boundary, 0…10; shortened where a shot is shorter than that.
    public var seconds: Double

    public init(kind: Kind = .crossfade, seconds: Double = 0.6) {
        self.kind = kind
        self.seconds = seconds
    }
}

/// How a picture of another aspect fills the frame.
public enum Fit: String, Hashable, Sendable, CaseIterable {
    /// The frame is filled, the picture's rest is outside.
    case cover
    /// The whole picture, over a blurred and darkened copy of itself.
    case contain
}
