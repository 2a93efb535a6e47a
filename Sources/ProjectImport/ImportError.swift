/// Why nothing was imported, or why an import stopped: one sentence for each problem.
public struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
    public let problems: [String]

    init(_ problems: [String]) { self.problems = problems }
    init(_ problem: String) { problems = [problem] }

    public var description: String { problems.joined(separator: "\n") }
}

/// Why one picture, or the narration, cannot be had. The others are not affected.
///
/// Names addresses without user, query and fragment: these may hold what lets somebody in.
public struct MediaFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence, with the address or the file's name in front.
    public let description: String

    init(_ description: String) { self.description = description }
    init(_ name: String, _ reason: String) { description = "\(name): \(reason)" }
}
