import Glibc
import Media
import Resampling
import Timeline

/// One project from argument to film: examine, plan, render; again without the picture that turned out to be broken, where
/// the policy is to hold.
public struct RenderSession: Sendable {
    public var location: ProjectLocation
    public var output: OutputOptions
    public var options: RenderOptions
    public var onMissing: ProjectExamination.MissingPicturePolicy
    public var cancellation: Cancellation

    public init(
        location: ProjectLocation, output: OutputOptions, options: RenderOptions,
        onMissing: ProjectExamination.MissingPicturePolicy = .fail, cancellation: Cancellation
    ) {
        self.location = location
        self.output = output
        self.options = options
        self.onMissing = onMissing
        self.cancellation = cancellation
    }

    /// Examines and plans, then hands the plan to `body`.
    ///
    /// - Returns: what `body` returns, and the examination of what was rendered in the end.
    /// - Throws: `RenderError` with the first of the project's problems.
    public func run<R>(
        _ body: (ProjectExamination, FilmPlan) throws -> R
    ) throws -> (result: R, examination: ProjectExamination) {
        var broken: [Int: String] = [:]
        while true {
            let examination = try ProjectExamination(
                location, options: output, limits: options.limits, onMissing: onMissing, broken: broken,
                cancellation: cancellation)
            guard let film = examination.film else {
                let errors = examination.errors
                let more = errors.count > 1 ? " (and \(errors.count - 1) more: see burns validate)" : ""
                // Options of the command are named where a JSON path would be.
                let place = errors.first?.path.hasPrefix("--") == true ? "" : "\(location.manifestName): "
                throw RenderError("\(place)\(errors.first.map { "\($0.path): \($0.message)" } ?? "")\(more)")
            }
            do {
                let plan = try FilmPlan(film, cancellation: cancellation)
                return (try body(examination, plan), examination)
            } catch let error as RenderError {
                guard onMissing == .hold, let index = error.pictureIndex, broken[index] == nil, let cause = error.underlying
                else {
                    throw error.isOfProject ? RenderError("\(location.manifestName): \(error)", underlying: error) : error
                }
                broken[index] = "\(cause)"
            }
        }
    }
}
