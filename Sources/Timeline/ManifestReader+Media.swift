import JSON

extension ManifestReader {
    /// `audio_file`: a key, a path, a URL, or an upload result that holds them, however deep it is wrapped.
    mutating func narration(_ value: JSON?) -> MediaReference? {
        let path = "$.audio_file"
        guard let value = present(value) else { return nil }
        switch value {
        case .string(let text):
            if text.isEmpty {
                report.warning(path, "is empty, so the film has no sound: leave it out or name the narration")
                return nil
            }
            return reference(fromAddress: text, path)
        case .object:
            guard let (object, place) = ManifestReader.unwrapped(value, path) else {
                report.error(path, "names no file: it needs one of path, s3_key, s3_url, url, presigned_url")
                return nil
            }
            return reference(from: object, place)
        default:
            report.error(path, "must be a key, a path, a URL, or an object that holds them, but is \(value.kind)")
            return nil
        }
    }

    /// The first object, from the outside in, that names a file.
    private static func unwrapped(_ value: JSON, _ path: String) -> (JSON.Object, String)? {
        var level: [(JSON, String)] = [(value, path)]
        for _ in 0..<8 {
            var next: [(JSON, String)] = []
            for (value, path) in level {
                guard case .object(let object) = value else { continue }
                if addressKeys.contains(where: { isAddress(object[$0]) }) { return (object, path) }
                next += object.members.prefix(100).map { ($0.value, "\(path).\($0.key)") }
            }
            level = Array(next.prefix(1000))
        }
        return nil
    }

    static let addressKeys = ["path", "s3_key", "s3_url", "url", "presigned_url"]

    private static func isAddress(_ value: JSON?) -> Bool {
        if case .string(let text)? = value { !text.isEmpty } else { false }
    }

    /// One text that may be any kind of address. What is no URL may be meant from the manifest or from the store's root: both
    /// are tried.
    mutating func reference(fromAddress text: String, _ path: String) -> MediaReference? {
        var result = MediaReference(jsonPath: path)
        let url = ManifestReader.trimmed(text)
        if text.hasPrefix("s3://") {
            result.s3URL = checkedS3URL(text, path)
        } else if ManifestReader.isWebURL(url) {
            result.url = checkedWebURL(url, path)
        } else {
            result.path = checkedKey(text, path)
            result.s3Key = result.path
        }
        return result.isEmpty ? nil : result
    }

    mutating func reference(from object: JSON.Object, _ path: String) -> MediaReference? {
        var result = MediaReference(jsonPath: path)
        let errorsBefore = report.errorCount
        if let text = address(object, "path", path) { result.path = checkedKey(text, "\(path).path") }
        if let text = address(object, "s3_key", path) {
            // Some tools write a whole URL where the key belongs.
            if text.hasPrefix("s3://") {
                result.s3URL = checkedS3URL(text, "\(path).s3_key")
            } else {
                result.s3Key = checkedKey(text, "\(path).s3_key")
            }
        }
        if let text = address(object, "s3_url", path) { result.s3URL = checkedS3URL(text, "\(path).s3_url") }
        for key in ["url", "presigned_url"] {
            guard let text = address(object, key, path).map(ManifestReader.trimmed) else { continue }
            if text.hasPrefix("s3://") {
                result.s3URL = result.s3URL ?? checkedS3URL(text, "\(path).\(key)")
            } else if !ManifestReader.isWebURL(text) {
                report.warning("\(path).\(key)", "\"\(shownAddress(text))\" is neither an http(s) nor an s3 URL and is not used")
            } else if key == "url" {
                result.url = checkedWebURL(text, "\(path).url")
            } else {
                result.presignedURL = checkedWebURL(text, "\(path).presigned_url")
            }
        }
        if !result.isEmpty { return result }
        if report.errorCount == errorsBefore {
            report.error(path, "names no file: it needs one of path, s3_key, s3_url, url, presigned_url")
        }
        return nil
    }

    private mutating func address(_ object: JSON.Object, _ key: String, _ path: String) -> String? {
        guard let value = present(object[key]) else { return nil }
        guard case .string(let text) = value else {
            report.error("\(path).\(key)", "must be a string, but is \(value.kind)")
            return nil
        }
        return text.isEmpty ? nil : text
    }

    /// A key or path that stays below the folder it is resolved in.
    private mutating func checkedKey(_ text: String, _ path: String) -> String? {
        guard let objection = ManifestReader.objection(toKey: text) else { return text }
        report.error(path, "\"\(shownAddress(text))\" \(objection): a key or path must lead down from the store or the manifest")
        return nil
    }

    static func objection(toKey text: String) -> String? {
        if text.utf8.count > ManifestLimits.addressBytes { return "is longer than \(ManifestLimits.addressBytes) bytes" }
        if text.utf8.first == UInt8(ascii: "/") { return "is absolute" }
        if text.utf8.contains(UInt8(ascii: "\\")) { return "holds a backslash" }
        if text.unicodeScalars.contains(where: isControl) { return "holds a control character" }
        let components = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        if components.contains(where: { $0.elementsEqual("..".utf8) }) { return "holds \"..\"" }
        if let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[colon...].hasPrefix("://") { return "is a URL" }
        return nil
    }

    private mutating func checkedS3URL(_ text: String, _ path: String) -> String? {
        let rest = text.hasPrefix("s3://") ? text.dropFirst(5) : ""
        let bucket = rest.prefix { $0 != "/" }
        let key = rest.dropFirst(bucket.count).dropFirst()
        let bucketIsPlain = bucket.utf8.allSatisfy {
            ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
        }
        if bucket.isEmpty || key.isEmpty || !bucketIsPlain {
            report.error(path, "\"\(shownAddress(text))\" is no S3 URL: one reads s3://bucket/key")
            return nil
        }
        return checkedKey(String(key), path) == nil ? nil : text
    }

    /// Without what is around it and none of it.
    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0.isWhitespace }
        return String(start.prefix(upTo: start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.endIndex))
    }

    /// Spaces in it are encoded by whoever fetches.
    private mutating func checkedWebURL(_ url: String, _ path: String) -> String? {
        if url.utf8.count > ManifestLimits.addressBytes || url.unicodeScalars.contains(where: ManifestReader.isControl) {
            report.error(
                path, "\"\(shownAddress(url))\" is no URL: it holds a control character, or more than \(ManifestLimits.addressBytes) bytes")
            return nil
        }
        return url
    }

    /// For messages: whatever it was meant for, it may hold what lets somebody in.
    private func shownAddress(_ text: String) -> String { shortened(MediaReference.withoutSecrets(text)) }

    private static func isWebURL(_ text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        return start.hasPrefix("http://") || start.hasPrefix("https://")
    }
}
