import ObjectStore

extension ObjectAttributes {
    /// What a picture's object is kept with: where it came from and what it is for. Bounded, as S3 takes 2 KB in all.
    ///
    /// - Parameter entry: of several that show the picture, the first.
    init(picture size: PictureExtent, _ entry: ImportEntry, original: OriginalURL?) {
        self.init()
        let values: [String: String?] = [
            "original-url": original?.metadataText, "original-digest": original?.digest,
            "query": entry.query.map { ObjectAttributes.line($0, bytes: 200) },
            "provider": entry.provider.map { ObjectAttributes.line($0, bytes: 80) },
            "width": String(size.width), "height": String(size.height),
            "segment-id": ObjectAttributes.line(entry.segment.id, bytes: 80),
            "start-time": ObjectAttributes.seconds(entry.segment.startSeconds),
            "end-time": ObjectAttributes.seconds(entry.segment.endSeconds),
        ]
        metadata = values.compactMapValues { $0 }.filter { !$0.value.isEmpty }
    }

    /// Without control characters, which headers cannot have.
    private static func line(_ text: String, bytes: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(bytes) {
            scalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(scalars).utf8Prefix(bytes)
    }

    private static func seconds(_ value: Double) -> String { Int64(exactly: value).map(String.init) ?? String(value) }
}
