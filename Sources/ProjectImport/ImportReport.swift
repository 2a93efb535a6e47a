import JSON

/// What an import has done, picture by picture.
public struct ImportReport: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        /// Is in the store now.
        case imported(key: String, bytes: Int64)
        /// Was in the store before.
        case kept(key: String)
        case failed(MediaFailure)

        public var key: String? {
            switch self {
            case .imported(let key, _), .kept(let key): key
            case .failed: nil
            }
        }

        public var failure: MediaFailure? { if case .failed(let failure) = self { failure } else { nil } }
    }

    public struct Picture: Hashable, Sendable, CustomStringConvertible {
        /// Where the data name it, each of them.
        public var jsonPaths: [String]
        public var outcome: Outcome

        init(_ picture: ImportPlan.Picture, _ outcome: Outcome) {
            jsonPaths = picture.entries.map(\.jsonPath)
            self.outcome = outcome
        }

        public var description: String {
            switch outcome {
            case .imported(let key, let bytes): "\(key), \(bytes) bytes"
            case .kept(let key): "\(key), already there"
            case .failed: problem ?? ""
            }
        }

        /// With the place in front.
        public var problem: String? {
            outcome.failure.map { failure in
                let place = jsonPaths.first ?? "$"
                return failure.description.hasPrefix(place) ? failure.description : "\(place): \(failure)"
            }
        }
    }

    public var projectID: String
    /// In the order of the data; a picture that is shown more than once is here once.
    public var pictures: [Picture] = []
    /// `nil`: the project has none.
    public var narration: Outcome?
    /// Where the manifest was written; `nil`: it was not.
    public var manifest: String?
    public var warnings: [String] = []

    /// One sentence for each picture that could not be had, and for the narration.
    public var problems: [String] {
        pictures.compactMap(\.problem) + [narration?.failure.map { "narration: \($0)" }].compactMap { $0 }
    }

    public var importedCount: Int { pictures.count { if case .imported = $0.outcome { true } else { false } } }
    public var keptCount: Int { pictures.count { if case .kept = $0.outcome { true } else { false } } }
    public var failedCount: Int { pictures.count { $0.outcome.failure != nil } }
    public var importedBytes: Int64 {
        pictures.reduce(0) { sum, picture in if case .imported(_, let bytes) = picture.outcome { sum + bytes } else { sum } }
    }

    /// The whole in one sentence.
    public var sentence: String {
        let tenths = (importedBytes + 50_000) / 100_000
        var parts = ["\(importedCount) imported (\(tenths / 10).\(tenths % 10) MB)", "\(keptCount) already there"]
        if failedCount > 0 { parts.append("\(failedCount) missing") }
        let counts = parts.joined(separator: ", ")
        if let manifest { return "\(manifest) is written; of \(pictures.count) pictures, \(counts)" }
        let others = failedCount == 0 ? "another narration" : narration?.failure == nil ? "other URLs" : "other URLs and another narration"
        let way =
            narration?.failure != nil
            ? "" : failedCount == pictures.count ? " (a project needs one picture at least)" : ", or --allow-missing to do without them"
        return "no manifest is written; of \(pictures.count) pictures, \(counts); give \(others) and run the same again\(way)"
    }

    public var document: JSON {
        [
            "project_id": .string(projectID), "manifest": manifest.map(JSON.string) ?? .null,
            "pictures": .array(
                pictures.map { picture in
                    var object: [(String, JSON)] = [("paths", .array(picture.jsonPaths.map(JSON.string)))]
                    object += ImportReport.members(picture.outcome)
                    return .object(JSON.Object(object))
                }),
            "narration": narration.map { .object(JSON.Object(ImportReport.members($0))) } ?? .null,
            "warnings": .array(warnings.map(JSON.string)),
        ]
    }

    private static func members(_ outcome: Outcome) -> [(String, JSON)] {
        switch outcome {
        case .imported(let key, let bytes):
            [("outcome", "imported"), ("s3_key", .string(key)), ("bytes", .integer(bytes))]
        case .kept(let key): [("outcome", "kept"), ("s3_key", .string(key))]
        case .failed(let failure): [("outcome", "failed"), ("error", .string(failure.description))]
        }
    }
}

extension JSON.Object {
    init(_ members: [(String, JSON)]) {
        self.init()
        for (key, value) in members { self[key] = value }
    }
}
