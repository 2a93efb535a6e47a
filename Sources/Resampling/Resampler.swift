/// A backend that turns working pictures into frames.
///
/// Every resampler gives the same bytes for the same layers: `ReferenceResampler` says which.
public protocol Resampler: Sendable {
    /// What is reported to people and in reports: "cpu", "vulkan".
    var backend: String { get }
    /// The kernels that really run: "avx2".
    var kernels: String { get }
    /// The device's name, where frames are not made on the CPU.
    var device: String? { get }
    /// What went wrong on the way, and was made up for.
    var warnings: [String] { get }
    /// What makes the frames after a failure of the one that was to make them, and how many it has made; `nil`: there was none.
    var substitute: (resampler: any Resampler, frames: Int)? { get }

    /// Any number of queues may be at work side by side.
    func makeQueue(width: Int, height: Int) throws -> any FrameQueue
}

extension Resampler {
    public var device: String? { nil }
    public var warnings: [String] { [] }
    public var substitute: (resampler: any Resampler, frames: Int)? { nil }
}

/// A backend that works in the host's memory, wherever the caller wants its frames.
public protocol HostResampler: Resampler {
    /// A renderer for one thread.
    func makeRenderer(width: Int, height: Int) -> any FrameRenderer
}

extension HostResampler {
    public func makeQueue(width: Int, height: Int) -> any FrameQueue {
        HostFrameQueue(makeRenderer(width: width, height: height), width: width, height: height)
    }
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
