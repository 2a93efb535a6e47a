import JSON

/// Turns a manifest into a project and collects what is wrong with it. After an error it reads on, so that one run of
/// `validate` shows everything.
struct ManifestReader {
    var report = DiagnosticList()
    var pictures: [MediaReference] = []
    var pictureIndices: [MediaReference: Int] = [:]
    var useCount = 0

    mutating func project(from document: JSON, fallbackID: String?) -> Project? {
        guard case .object(let manifest) = document else {
            report.error("$", "a manifest is an object, but this is \(document.kind)")
            return nil
        }
        checkKeys(of: manifest, "$", known: Keys.manifest)
        let id = projectID(manifest, fallback: fallbackID)
        let title = text(manifest["title"], "$.title")
        let narration = narration(manifest["audio_file"])
        let duration = seconds(manifest["duration"], "$.duration")
        let segments = segments(manifest["segments"])
        let output = output(manifest["output"])
        let style = style(manifest["style"])
        guard let id else { return nil }
        return Project(
            id: id, title: title, narration: narration, declaredDurationSeconds: duration, segments: segments,
            pictures: pictures, output: output, style: style, document: document)
    }

    private mutating func projectID(_ manifest: JSON.Object, fallback: String?) -> String? {
        let written = text(manifest["project_id"], "$.project_id")
        guard let id = written ?? fallback else {
            if present(manifest["project_id"]) == nil {
                report.error("$.project_id", "the manifest names no project: give it a project_id")
            }
            return nil
        }
        if let objection = ManifestReader.objection(toID: id) {
            report.error("$.project_id", "\"\(shortened(id))\" is no project id: \(objection)")
            return nil
        }
        return id
    }

    /// Why an id cannot be part of a file name; `nil` if it can.
    static func objection(toID id: String) -> String? {
        if id.isEmpty { return "it is empty" }
        if id.utf8.count > ManifestLimits.idBytes { return "it is longer than \(ManifestLimits.idBytes) bytes" }
        if id.utf8.first == UInt8(ascii: ".") { return "it begins with a dot" }
        if id.utf8.contains(UInt8(ascii: "/")) || id.utf8.contains(UInt8(ascii: "\\")) { return "it holds a slash" }
        if id.unicodeScalars.contains(where: isControl) { return "it holds a control character" }
        return nil
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    // MARK: Scalars. Absent and null are the same: nil, without a word.

    func present(_ value: JSON?) -> JSON? {
        if case .null? = value { nil } else { value }
    }

    /// A string, or a number as its digits.
    mutating func text(_ value: JSON?, _ path: @autoclosure () -> String) -> String? {
        switch present(value) {
        case nil: return nil
        case .string(let text): return text
        case .integer(let number): return String(number)
        case .number(let number): return String(describing: number)
        case let other?:
            report.error(path(), "must be a string, but is \(other.kind)")
            return nil
        }
    }

    /// A number, or a string that holds one.
    mutating func number(_ value: JSON?, _ path: @autoclosure () -> String) -> Double? {
        switch present(value) {
        case nil: return nil
        case .integer(let number): return Double(number)
        case .number(let number): return number
        case .string(let text):
            if let number = Double(decimal: text) { return number }
            report.error(path(), "must be a number, but is the text \"\(shortened(text))\"")
        case let other?:
            report.error(path(), "must be a number, but is \(other.kind)")
        }
        return nil
    }

    mutating func number(_ value: JSON?, in range: ClosedRange<Double>, _ path: @autoclosure () -> String) -> Double? {
        guard let number = number(value, path()) else { return nil }
        if range.contains(number) { return number }
        report.error(path(), "must be \(plain(range.lowerBound))…\(plain(range.upperBound)), but is \(plain(number))")
        return nil
    }

    mutating func wholeNumber(_ value: JSON?, in range: ClosedRange<Int>, _ path: @autoclosure () -> String) -> Int? {
        guard let number = number(value, path()) else { return nil }
        if let whole = Int(exactly: number), range.contains(whole) { return whole }
        report.error(path(),
            "must be a whole number \(range.lowerBound)…\(range.upperBound), but is \(plain(number))")
        return nil
    }

    /// A time of the film.
    mutating func seconds(_ value: JSON?, _ path: @autoclosure () -> String) -> Double? {
        guard let seconds = number(value, path()) else { return nil }
        if seconds < 0 {
            report.error(path(), "a time cannot be negative, but this is \(plain(seconds)) s")
        } else if seconds > ManifestLimits.seconds {
            report.error(path(), "a film has at most 24 hours (86400 s), but this is \(plain(seconds)) s")
        } else {
            return seconds
        }
        return nil
    }

    /// One of a set of names.
    mutating func name<T: RawRepresentable<String>>(
        _ value: JSON?, _ path: @autoclosure () -> String, of type: T.Type, allowed: @autoclosure () -> String
    ) -> T? {
        guard let value = present(value) else { return nil }
        if case .string(let text) = value, let result = T(rawValue: text) { return result }
        report.error(path(), "must be one of \(allowed()), but is \(described(value))")
        return nil
    }

    // MARK: Words for messages

    func described(_ value: JSON) -> String {
        if case .string(let text) = value { "\"\(shortened(text))\"" } else { value.kind }
    }

    /// At most 60 characters of a stranger's text, and none that would disturb a terminal.
    func shortened(_ text: String) -> String {
        let clean = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60).map {
            ManifestReader.isControl($0) ? "\u{FFFD}" : $0
        }))
        return clean.unicodeScalars.count < text.unicodeScalars.prefix(61).count ? clean + "…" : clean
    }

    func plain(_ number: Double) -> String {
        if let whole = Int64(exactly: number) { String(whole) } else { String(describing: number) }
    }
}
