import BenchmarkSupport
import Foundation
import JSON

/// Everything that was measured, as a table for people and as JSON.
struct Results {
    let ringSamples: Double
    var measurements: [Measurement] = []
    var flicker: [FlickerFigures] = []

    /// Whether every plane of every move that Burns filmed is within the limits.
    var burnsIsSmooth: Bool {
        let own = measurements.filter { $0.source == .burns }
        return !own.isEmpty && own.allSatisfy(\.isSmooth)
    }

    static let heading = row("move", "frames from", "plane", ["RMS px", "about mean", "px/frame^2", "backward"])

    static func lines(_ measurement: Measurement) -> String {
        measurement.figures.map { plane, figures in
            let cells = figures.map {
                [number($0.rms), number($0.rmsAboutMean), number($0.secondDifference), "\($0.backwardSteps)/\($0.steps)"]
            }
            return row(measurement.move, measurement.source.rawValue, plane.name, cells ?? ["lost", "", "", ""])
        }.joined(separator: "\n")
    }

    static func line(_ figures: FlickerFigures) -> String {
        let cells = String(format: "shimmer %.2f code values, contrast %.3f", figures.shimmer, figures.contrast)
        return "\(FlickerFigures.move.name.padded(to: 22)) \(figures.source.rawValue.padded(to: 18)) \(cells)"
    }

    var document: JSON {
        var document = JSON.Object()
        document["limits"] = [
            "rms_px": .number(MotionFigures.rmsLimit), "second_difference_px": .number(MotionFigures.secondDifferenceLimit),
            "backward_steps": 0,
        ]
        document["ring_samples"] = .number(ringSamples)
        document["burns_is_smooth"] = .bool(burnsIsSmooth)
        document["motion"] = .array(measurements.flatMap { measurement in
            measurement.figures.map { plane, figures in
                var row = JSON.Object()
                row["move"] = .string(measurement.move)
                row["frames_from"] = .string(measurement.source.rawValue)
                row["plane"] = .string(plane.name)
                row["is_tracked"] = .bool(figures != nil)
                if let figures {
                    row["rms_px"] = .number(figures.rms)
                    row["rms_about_mean_px"] = .number(figures.rmsAboutMean)
                    row["second_difference_px"] = .number(figures.secondDifference)
                    row["backward_steps"] = .integer(Int64(figures.backwardSteps))
                    row["steps"] = .integer(Int64(figures.steps))
                }
                return .object(row)
            }
        })
        document["flicker"] = .array(flicker.map {
            ["frames_from": .string($0.source.rawValue), "shimmer_code_values": .number($0.shimmer), "contrast": .number($0.contrast)]
        })
        return .object(document)
    }

    private static func number(_ value: Double) -> String { String(format: "%.4f", value) }

    private static func row(_ move: String, _ source: String, _ plane: String, _ cells: [String]) -> String {
        "\(move.padded(to: 11)) \(source.padded(to: 18)) \(plane.padded(to: 5))" + cells.map { $0.aligned(right: 12) }.joined()
    }
}
