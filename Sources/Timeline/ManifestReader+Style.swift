import JSON

extension ManifestReader {
    mutating func output(_ value: JSON?) -> OutputRequest {
        guard let object = section(value, "$.output") else { return OutputRequest() }
        checkKeys(of: object, "$.output", known: Keys.output)
        var result = OutputRequest()
        result.width = side(object["width"], "$.output.width")
        result.height = side(object["height"], "$.output.height")
        if (present(object["width"]) == nil) != (present(object["height"]) == nil) {
            report.warning("$.output", "names only one of width and height, so neither is used")
            (result.width, result.height) = (nil, nil)
        }
        if let text = text(object["fps"], "$.output.fps") {
            result.fps = FrameRate(parsing: text)
            if result.fps == nil {
                report.error("$.output.fps",
                    "\"\(shortened(text))\" is no frame rate: allowed are 1…240, as \"24\", \"29.97\" or \"30000/1001\"")
            }
        }
        result.crf = wholeNumber(object["crf"], in: ManifestLimits.crf, "$.output.crf")
        result.preset = encoderName(object["preset"], "$.output.preset")
        result.codec = encoderName(object["codec"], "$.output.codec")
        return result
    }

    mutating func style(_ value: JSON?) -> Style {
        var result = Style()
        guard let object = section(value, "$.style") else { return result }
        checkKeys(of: object, "$.style", known: Keys.style)
        result.transition = transition(object["transition"], "$.style.transition")
        result.zoom = number(object["zoom"], in: ManifestLimits.zoom, "$.style.zoom") ?? result.zoom
        result.easing = easing(object["easing"], "$.style.easing") ?? result.easing
        result.fit = name(object["fit"], "$.style.fit", of: Fit.self, allowed: "cover, contain") ?? result.fit
        result.seed = seed(object["seed"], "$.style.seed") ?? result.seed
        if let text = text(object["background"], "$.style.background") {
            if let color = Style.Color(parsing: text) {
                result.background = color
            } else {
                report.error("$.style.background", "\"\(shortened(text))\" is no colour: one reads \"#rrggbb\"")
            }
        }
        return result
    }

    /// A name ("cut"), or an object with kind and seconds.
    private mutating func transition(_ value: JSON?, _ path: String) -> Transition {
        var result = Transition()
        let allowed = Transition.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        switch present(value) {
        case nil: break
        case .object(let object):
            result.kind = name(object["kind"], "\(path).kind", of: Transition.Kind.self, allowed: allowed) ?? result.kind
            result.seconds =
                number(object["seconds"], in: ManifestLimits.transitionSeconds, "\(path).seconds") ?? result.seconds
        case let value?:
            result.kind = name(value, path, of: Transition.Kind.self, allowed: allowed) ?? result.kind
        }
        return result
    }

    /// A name, "cubic-bezier(…)" or four numbers.
    mutating func easing(_ value: JSON?, _ path: String) -> Easing? {
        guard let value = present(value) else { return nil }
        switch value {
        case .string(let text):
            if let easing = Easing(parsing: text) { return easing }
        case .array(let elements) where elements.count == 4:
            let numbers = elements.enumerated().compactMap { number($1, "\(path)[\($0)]") }
            guard numbers.count == 4 else { return nil }
            if let easing = Easing(x1: numbers[0], y1: numbers[1], x2: numbers[2], y2: numbers[3]) { return easing }
        default: break
        }
        let allowed = "linear, ease-in, ease-out, ease-in-out, gentle, or cubic-bezier(x1, y1, x2, y2) with all four in 0…1"
        report.error(path, "must be \(allowed), but is \(described(value))")
        return nil
    }

    private mutating func section(_ value: JSON?, _ path: String) -> JSON.Object? {
        guard let value = present(value) else { return nil }
        if case .object(let object) = value { return object }
        report.error(path, "must be an object, but is \(value.kind)")
        return nil
    }

    private mutating func side(_ value: JSON?, _ path: String) -> Int? {
        guard let side = wholeNumber(value, in: ManifestLimits.sides, path) else { return nil }
        if side.isMultiple(of: 2) { return side }
        report.error(path, "must be even, because chroma has half the samples, but is \(side)")
        return nil
    }

    private mutating func encoderName(_ value: JSON?, _ path: String) -> String? {
        guard let text = text(value, path) else { return nil }
        let isPlain = (1...64).contains(text.utf8.count) && text.utf8.allSatisfy {
            ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D || $0 == 0x5F
        }
        if isPlain { return text }
        report.error(path, "\"\(shortened(text))\" is no encoder's name: letters, digits, - and _ are allowed")
        return nil
    }

    private mutating func seed(_ value: JSON?, _ path: String) -> UInt64? {
        switch present(value) {
        case nil: return nil
        case .integer(let number): return UInt64(bitPattern: number)
        case .number(let number):
            if let whole = UInt64(exactly: number) { return whole }
        case .string(let text):
            if let whole = UInt64(text) { return whole }
        default: break
        }
        report.error(path, "must be a whole number of at most 64 bits")
        return nil
    }
}
