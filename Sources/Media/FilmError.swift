import CFFmpeg

/// Why a chunk, a sound or a film could not be read or made: one sentence, and what libav said where it said something.
///
/// A cancelled operation throws `CancellationError` instead.
public struct FilmError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// The settings ask for what cannot be: size, frame rate, encoder, preset, crf.
        case settings
        /// The encoder refused to start or failed on the way.
        case encoding
        /// A file that was to be read is missing, broken or not what it should be.
        case input
        /// A file that was to be written could not be.
        case output
    }

    public let kind: Kind
    public let message: String
    public let underlying: LibavError?

    public init(_ kind: Kind, _ message: String, underlying: LibavError? = nil) {
        self.kind = kind
        self.message = message
        self.underlying = underlying
    }

    public var description: String { message }
}

extension FilmError {
    /// The sentence, followed by the last error line that libav or the encoder logged on this thread, or else by libav's words
    /// for the code.
    static func encoding(_ sentence: String, _ error: LibavError) -> FilmError {
        let cause = LibavLog.takeLastError() ?? error.description
        return FilmError(.encoding, "\(sentence): \(cause).", underlying: error)
    }
}
