/// Why a picture file was refused, as one sentence without the file's name: the caller knows project, segment and picture.
public struct PictureError: Error, Hashable, Sendable, CustomStringConvertible {
    enum Kind: Hashable, Sendable {
        /// A system call failed: the operation ("open", "read") and the system's words.
        case unreadable(operation: String, reason: String)
        case notRegularFile(String)
        case empty
        case notAPicture
        case unsupported(String)
        case tooManyPixels(width: Int, height: Int, maximum: Int)
        case tooManyBytes(size: Int, maximum: Int)
        case truncated(PictureFormat)
        case broken(PictureFormat, String)
        case libav(PictureFormat, LibavError)
        case outOfMemory
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    public var description: String {
        switch kind {
        case .unreadable(let operation, let reason): "The picture cannot be \(operation): \(reason)."
        case .notRegularFile(let what): "The picture is \(what), not a file."
        case .empty: "The picture's file is empty (0 bytes)."
        case .notAPicture: "The file's content is not a picture; \(PictureFormat.allowed) are allowed, whatever the file's name."
        case .unsupported(let what): "The picture is \(what), which cannot be read; save it as an ordinary JPEG or PNG."
        case .tooManyPixels(let width, let height, let maximum):
            "The picture has \(width) × \(height) pixels and at most \(maximum) in all are allowed; scale it down."
        case .tooManyBytes(let size, let maximum):
            "The picture's file has \(size) bytes and at most \(maximum) are allowed; save it smaller."
        case .truncated(let format): "The \(format) picture is cut short: its file ends before the picture does; fetch it again."
        case .broken(let format, let what): "The \(format) picture is broken: \(what); fetch or save it again."
        case .libav(let format, let error): "The \(format) picture cannot be decoded (\(error)); fetch or save it again."
        case .outOfMemory: "There is not enough memory to decode the picture; scale it down."
        }
    }
}
