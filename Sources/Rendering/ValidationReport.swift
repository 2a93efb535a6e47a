import JSON
import Timeline

/// What `validate` found, as one JSON document.
public enum ValidationReport {
    public static func document(_ examination: ProjectExamination) -> JSON {
        func list(_ problems: [Diagnostic]) -> JSON {
            .array(problems.map { ["path": .string($0.path), "message": .string($0.message)] })
        }
        // Fractions of the upright picture, from its top left.
        func view(_ view: Viewport) -> JSON {
            [
                "left": .number(view.left), "top": .number(view.top), "width": .number(view.width),
                "height": .number(view.height),
            ]
        }
        var shots: JSON = .null
        if let film = examination.film {
            shots = .array(
                film.timeline.shots.map { shot in
                    [
                        "index": .integer(Int64(shot.index)), "segment": .integer(Int64(shot.segment)),
                        "picture": .string(film.project.pictures[shot.picture].displayName),
                        "first_frame": .integer(Int64(shot.frames.lowerBound)),
                        "end_frame": .integer(Int64(shot.frames.upperBound)),
                        "first_visible_frame": .integer(Int64(shot.visibleFrames.lowerBound)),
                        "end_visible_frame": .integer(Int64(shot.visibleFrames.upperBound)),
                        "first_view": view(shot.view(atFrame: shot.visibleFrames.lowerBound)),
                        "last_view": view(shot.view(atFrame: shot.visibleFrames.upperBound - 1)), "motion": .string(shot.motionName),
                        "fit": .string(shot.fit.rawValue),
                    ]
                })
        }
        return [
            "manifest": .string(examination.location.manifestName),
            "renderable": .bool(examination.film != nil),
            "frames": examination.film.map { .integer(Int64($0.timeline.frameCount)) } ?? .null,
            "errors": list(examination.errors), "warnings": list(examination.warnings), "shots": shots,
        ]
    }
}
