import CFFmpeg

/// A failed call into FFmpeg's libraries: which call, its code, and FFmpeg's own words for it.
public struct LibavError: Error, Hashable, Sendable, CustomStringConvertible {
    public let call: String
    public let code: Int32

    public init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    public var description: String { "\(call): \(LibavError.text(of: code))" }

    /// FFmpeg's words for a code ("No space left on device").
    public static func text(of code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let base = buffer.baseAddress, av_strerror(code, base, buffer.count) == 0 else { return "error \(code)" }
            return String(cString: base)
        }
    }
}

/// Turns a libav return code into an error that keeps the call's name. Codes that are values (EAGAIN, EOF) are for the caller
/// to test before.
@discardableResult
func check(_ code: Int32, _ call: @autoclosure () -> String) throws(LibavError) -> Int32 {
    if code < 0 { throw LibavError(call: call(), code: code) }
    return code
}

/// For calls that return a new object or NULL when memory is short.
func checkAllocated<T>(_ pointer: T?, _ call: @autoclosure () -> String) throws(LibavError) -> T {
    guard let pointer else { throw LibavError(call: call(), code: burns_av_enomem) }
    return pointer
}
