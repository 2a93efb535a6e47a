/// Why a film could not be made: one sentence with the place, the cause and what to do.
public struct RenderError: Error, Sendable, CustomStringConvertible {
    private enum Kind {
        case failed(String)
        case project(String)
        case picture(index: Int, String)
        case backend(String)
        case cancelled
    }

    private let kind: Kind
    public let underlying: (any Error)?

    private init(_ kind: Kind, underlying: (any Error)? = nil) {
        self.kind = kind
        self.underlying = underlying
    }

    package init(_ sentence: String, underlying: (any Error)? = nil) { self.init(.failed(sentence), underlying: underlying) }

    /// What is wrong with the project rather than with what was asked for; begins with the JSON path of the place.
    static func project(_ sentence: String, underlying: (any Error)? = nil) -> RenderError {
        RenderError(.project(sentence), underlying: underlying)
    }

    /// A picture that cannot be decoded; `index` is its place in the project's list of pictures.
    static func picture(_ index: Int, _ sentence: String, underlying: any Error) -> RenderError {
        RenderError(.picture(index: index, sentence), underlying: underlying)
    }

    /// What makes the frames failed, with `underlying`.
    static func backend(_ sentence: String, underlying: any Error) -> RenderError {
        RenderError(.backend(sentence), underlying: underlying)
    }

    static let cancelled = RenderError(.cancelled)

    public var isCancellation: Bool { if case .cancelled = kind { true } else { false } }

    package var isBackendFailure: Bool { if case .backend = kind { true } else { false } }

    var isOfProject: Bool {
        switch kind {
        case .project, .picture: true
        case .failed, .backend, .cancelled: false
        }
    }

    /// The picture at fault, where one is.
    var pictureIndex: Int? { if case .picture(let index, _) = kind { index } else { nil } }

    public var description: String {
        switch kind {
        case .failed(let sentence), .project(let sentence), .picture(_, let sentence), .backend(let sentence): sentence
        case .cancelled: "cancelled"
        }
    }
}
