import JSON

extension ManifestReader {
    mutating func segments(_ value: JSON?) -> [Segment] {
        let path = "$.segments"
        guard case .array(let elements)? = value else {
            report.error(path,
                value.map { "must be an array, but is \($0.kind)" } ?? "the manifest has no segments: it needs at least one")
            return []
        }
        guard (1...ManifestLimits.segments).contains(elements.count) else {
            report.error(path, elements.isEmpty
                ? "is empty: a film needs at least one segment"
                : "has \(elements.count) segments, more than the \(ManifestLimits.segments) allowed")
            return []
        }
        let errorsBefore = report.errorCount
        var result: [Segment] = []
        result.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            if let segment = segment(element, index) { result.append(segment) }
            if useCount > ManifestLimits.pictureUses {
                report.error(path, "use more than the \(ManifestLimits.pictureUses) pictures allowed in a film")
                return result
            }
        }
        if pictures.isEmpty && report.errorCount == errorsBefore {
            report.error(path, "have no picture at all: give at least one segment its generated_images")
        }
        return result
    }

    private mutating func segment(_ value: JSON, _ index: Int) -> Segment? {
        let path = "$.segments[\(index)]"
        guard case .object(let object) = value else {
            report.error(path, "must be an object, but is \(value.kind)")
            return nil
        }
        checkKeys(of: object, path, known: Keys.segment)
        let id = text(object["id"], "\(path).id") ?? String(index)
        let text = text(object["text"], "\(path).text")
        let start = time(object, "start_time", "start", path)
        let end = time(object, "end_time", "end", path)
        let shots = uses(object["generated_images"], "\(path).generated_images")
        guard let start, let end else { return nil }
        if end.seconds < start.seconds {
            report.error(end.path, "the segment ends at \(plain(end.seconds)) s, before it starts (\(plain(start.seconds)) s)")
            return nil
        }
        return Segment(id: id, startSeconds: start.seconds, endSeconds: end.seconds, text: text, shots: shots, jsonPath: path)
    }

    private mutating func time(
        _ object: JSON.Object, _ key: String, _ shortKey: String, _ path: String
    ) -> (seconds: Double, path: String)? {
        let used = present(object[key]) != nil ? key : shortKey
        guard let value = present(object[used]) else {
            report.error("\(path).\(key)", "is missing: a segment needs start_time and end_time")
            return nil
        }
        let place = "\(path).\(used)"
        return seconds(value, place).map { ($0, place) }
    }

    private mutating func uses(_ value: JSON?, _ path: String) -> [Segment.Use] {
        guard let value = present(value) else { return [] }
        switch value {
        case .array(let elements):
            guard elements.count <= ManifestLimits.picturesPerSegment else {
                report.error(path,
                    "has \(elements.count) pictures, more than the \(ManifestLimits.picturesPerSegment) allowed in one segment")
                return []
            }
            return elements.enumerated().compactMap { use($1, "\(path)[\($0)]") }
        case .object, .string:
            // One picture that was not put into an array.
            return use(value, path).map { [$0] } ?? []
        default:
            report.error(path, "must be an array of pictures, but is \(value.kind)")
            return []
        }
    }

    private mutating func use(_ value: JSON, _ path: String) -> Segment.Use? {
        useCount += 1
        switch value {
        case .object(let object):
            let motion = motion(object["motion"], "\(path).motion")
            checkKeys(of: object, path, known: Keys.picture)
            let fit = name(object["fit"], "\(path).fit", of: Fit.self, allowed: "cover, contain")
            guard let reference = reference(from: object, path) else { return nil }
            return Segment.Use(pictureIndex: pictureIndex(of: reference), motion: motion, fit: fit, jsonPath: path)
        case .string(let text) where !text.isEmpty:
            guard let reference = reference(fromAddress: text, path) else { return nil }
            return Segment.Use(pictureIndex: pictureIndex(of: reference), motion: nil, fit: nil, jsonPath: path)
        case .null:
            report.warning(path, "is null and is passed over")
            return nil
        default:
            report.error(path,
                "must be a picture (an object with path, s3_key, s3_url, url or presigned_url), but is \(described(value))")
            return nil
        }
    }

    private mutating func pictureIndex(of reference: MediaReference) -> Int {
        if let known = pictureIndices[reference] { return known }
        pictureIndices[reference] = pictures.count
        pictures.append(reference)
        return pictures.count - 1
    }
}
