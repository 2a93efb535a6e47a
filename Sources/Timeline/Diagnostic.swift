/// One problem of a project: how bad, where in the manifest, and what to do, in one sentence.
public struct Diagnostic: Hashable, Sendable, CustomStringConvertible {
    public enum Severity: String, Hashable, Sendable {
        /// The project cannot be rendered.
        case error
        /// The project is rendered, but not quite as written.
        case warning
    }

    public let severity: Severity
    /// JSON path from the manifest's root: `$.segments[3].start_time`.
    public let path: String
    public let message: String

    public init(severity: Severity, path: String, message: String) {
        self.severity = severity
        self.path = path
        self.message = message
    }

    public var description: String { "\(path): \(severity.rawValue): \(message)" }
}

/// Collects problems, and stops listing after the first hundred of each severity: a manifest that is wrong a hundred thousand
/// times has one mistake, and its report must stay readable.
struct DiagnosticList {
    static let maximumPerSeverity = 100

    private var listed: [Diagnostic] = []
    private(set) var errorCount = 0
    private(set) var warningCount = 0

    mutating func error(_ path: @autoclosure () -> String, _ message: String) {
        errorCount += 1
        if errorCount <= DiagnosticList.maximumPerSeverity {
            listed.append(Diagnostic(severity: .error, path: path(), message: message))
        }
    }

    mutating func warning(_ path: @autoclosure () -> String, _ message: String) {
        warningCount += 1
        if warningCount <= DiagnosticList.maximumPerSeverity {
            listed.append(Diagnostic(severity: .warning, path: path(), message: message))
        }
    }

    /// In the order in which they were found, with one line for those left out.
    var diagnostics: [Diagnostic] {
        var result = listed
        for (severity, count) in [(Diagnostic.Severity.error, errorCount), (.warning, warningCount)]
        where count > DiagnosticList.maximumPerSeverity {
            let rest = count - DiagnosticList.maximumPerSeverity
            result.append(Diagnostic(severity: severity, path: "$", message: "\(rest) more \(severity.rawValue)s are not listed"))
        }
        return result
    }
}
