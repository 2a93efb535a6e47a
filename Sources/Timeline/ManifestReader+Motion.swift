import JSON

extension ManifestReader {
    /// A preset's name, key frames as an array, or an object: `{"preset"}`, `{"from", "to"}` or `{"key_frames"}`, each with
    /// `easing`, the latter two with `path`.
    mutating func motion(_ value: JSON?, _ path: String) -> Motion? {
        guard let value = present(value) else { return nil }
        switch value {
        case .string: return preset(value, path).map { .preset($0, easing: nil) }
        case .array(let elements):
            return keyFrames(elements, path).map { .keyFrames($0, easing: nil, path: .straight) }
        case .object(let object): return motion(from: object, path)
        default:
            report.error(path, "must be a preset's name, key frames or an object with from and to, but is \(value.kind)")
            return nil
        }
    }

    private mutating func motion(from object: JSON.Object, _ path: String) -> Motion? {
        let easing = easing(object["easing"], "\(path).easing")
        if let name = present(object["preset"]) {
            return preset(name, "\(path).preset").map { .preset($0, easing: easing) }
        }
        let way = name(object["path"], "\(path).path", of: Motion.Path.self, allowed: "straight, van-wijk") ?? .straight
        let listKey = ["key_frames", "keyframes", "keys"].first { present(object[$0]) != nil }
        if let listKey, let list = object[listKey] {
            guard case .array(let elements) = list else {
                report.error("\(path).\(listKey)", "must be an array of key frames, but is \(list.kind)")
                return nil
            }
            return keyFrames(elements, "\(path).\(listKey)").map { .keyFrames($0, easing: easing, path: way) }
        }
        guard let from = present(object["from"]), let to = present(object["to"]) else {
            report.error(path, "says no motion: it needs a preset, or from and to, or key_frames")
            return nil
        }
        let ends = [keyFrame(from, "\(path).from"), keyFrame(to, "\(path).to")].compactMap { $0 }
        guard ends.count == 2, let placed = placed(ends, path) else { return nil }
        return .keyFrames(placed, easing: easing, path: way)
    }

    private mutating func preset(_ value: JSON, _ path: String) -> Motion.Preset? {
        name(value, path, of: Motion.Preset.self, allowed: Motion.Preset.allCases.map(\.rawValue).joined(separator: ", "))
    }

    private mutating func keyFrames(_ elements: [JSON], _ path: String) -> [KeyFrame]? {
        guard ManifestLimits.keyFrames.contains(elements.count) else {
            report.error(path, "has \(elements.count) key frames: a motion has 2…1000")
            return nil
        }
        let keys = elements.enumerated().compactMap { keyFrame($1, "\(path)[\($0)]") }
        return keys.count == elements.count ? placed(keys, path) : nil
    }

    private mutating func keyFrame(_ value: JSON, _ path: String) -> KeyFrame? {
        guard case .object(let object) = value else {
            report.error(path, "must be an object with x, y and zoom, but is \(value.kind)")
            return nil
        }
        let errorsBefore = report.errorCount
        let x = number(object["x"], "\(path).x") ?? 0.5
        let y = number(object["y"], "\(path).y") ?? 0.5
        let zoom = number(object["zoom"], in: ManifestLimits.zoom, "\(path).zoom") ?? 1
        let at = number(object["at"], in: 0...1, "\(path).at")
        guard report.errorCount == errorsBefore else { return nil }
        return KeyFrame(x: x, y: y, zoom: zoom, at: at, jsonPath: path)
    }

    /// The key frames with every `at` filled in.
    private mutating func placed(_ keys: [KeyFrame], _ path: String) -> [KeyFrame]? {
        let result = keys.withTimesFilledIn()
        for (earlier, later) in zip(result, result.dropFirst()) {
            guard let begin = earlier.at, let end = later.at, end - begin >= ManifestLimits.keyFrameDistance else {
                let distance = plain(ManifestLimits.keyFrameDistance)
                report.error("\(later.jsonPath).at",
                    "key frames must come in the order of time, each at least \(distance) of the shot after the one before")
                return nil
            }
        }
        return result
    }
}

extension [KeyFrame] {
    /// Every `at` that is absent, evenly between its neighbours; the first at 0, the last at 1.
    func withTimesFilledIn() -> [KeyFrame] {
        var result = self
        guard count > 1 else { return result }
        result[0].at = result[0].at ?? 0
        result[count - 1].at = result[count - 1].at ?? 1
        var known = 0
        for index in 1..<count {
            guard let end = result[index].at, let begin = result[known].at else { continue }
            for between in known..<index where between > known {
                result[between].at = begin + (end - begin) * Double(between - known) / Double(index - known)
            }
            known = index
        }
        return result
    }
}
