/// A backend that turns working pictures into frames.
///
/// Every resampler gives the same bytes for the same layers: `ReferenceResampler` says which.
public protocol Resampler: Sendable {
    /// What is reported to people and in reports: "cpu".
    var backend: String { get }
    /// The kernels that really run: "avx2".
    var kernels: String { get }
    /// A renderer for one thread.
    func makeRenderer(width: Int, height: Int) -> any FrameRenderer
}

/// Renders frames of one size, one at a time. Belongs to one thread: it owns the scratch rows.
public protocol FrameRenderer: AnyObject {
    /// Renders one frame.
    ///
    /// - Parameters:
    ///   - layers: one or two; their weights are 0…16384 and sum to at most 16384, the rest is black.
    ///   - frame: of the size that the renderer was made for.
    func render(_ layers: [FrameLayer], into frame: FramePlanes)
}

/// Rounding and level constants that define a frame's bits. See `ReferenceResampler`.
public enum FrameArithmetic {
    /// Limited-range black in working samples.
    public static let blackLuma = 16 << WorkingPlane.fractionBits
    public static let neutralChroma = 128 << WorkingPlane.fractionBits
}
