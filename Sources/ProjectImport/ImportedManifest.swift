import JSON
import ObjectStore
import Timeline

/// Rewrites the data into the project's manifest: what is in the store now is named by its key, everything else stays as it was.
struct ImportedManifest {
    /// A picture that is in the store.
    struct Stored: Sendable {
        let key: String
        /// `nil`: nobody has looked; what the data say stays.
        let size: PictureExtent?
        /// Without secrets; `nil`: it did not come from a URL.
        let originalURL: String?
        /// `nil`: the store is a folder.
        let presignedURL: String?
    }

    let location: StoreLocation
    /// By place; those that are missing are in `missing`.
    let pictures: [ImportEntry.Place: Stored]
    /// Why a picture is not there.
    let missing: [ImportEntry.Place: String]
    /// A key; `nil`: none.
    let narration: String?
    /// Where the data have no such date.
    let createdAt: String

    func document(from data: JSON.Object) -> JSON {
        var document = data
        document["audio_file"] = narration.map(JSON.string)
        if document["created_at"] == nil { document["created_at"] = .string(createdAt) }
        if case .array(var segments)? = document["segments"] {
            for number in segments.indices { segments[number] = segment(segments[number], number) }
            document["segments"] = .array(segments)
        }
        return .object(document)
    }

    private func segment(_ value: JSON, _ number: Int) -> JSON {
        guard case .object(var segment) = value else { return value }
        let entries = ImportEntry.pictures(of: value)
        guard !entries.isEmpty else { return value }
        var (found, lost): ([JSON], [JSON]) = ([], [])
        for (place, entry) in entries.enumerated() {
            let place = ImportEntry.Place(segment: number, picture: place)
            if let stored = pictures[place] {
                found.append(picture(entry, stored))
            } else {
                lost.append(["picture": ImportedManifest.withoutSecrets(entry), "error": .string(missing[place] ?? "it was not imported")])
            }
        }
        segment["generated_images"] = .array(found)
        segment["missing_images"] = lost.isEmpty ? nil : .array(lost)
        return .object(segment)
    }

    private func picture(_ entry: JSON, _ stored: Stored) -> JSON {
        var picture = JSON.Object()
        if case .object(let object) = ImportedManifest.withoutSecrets(entry) { picture = object }
        // Beside the data, it was.
        picture["path"] = nil
        picture["s3_key"] = .string(stored.key)
        picture["s3_url"] = location.url(ofKey: stored.key).map(JSON.string)
        picture["presigned_url"] = stored.presignedURL.map(JSON.string)
        if let url = stored.originalURL { picture["url"] = .string(url) }
        if let size = stored.size {
            picture["width"] = .integer(Int64(size.width))
            picture["height"] = .integer(Int64(size.height))
        }
        return .object(picture)
    }

    /// Whatever the keys are called under which there are URLs. What is none under `url` goes.
    private static func withoutSecrets(_ value: JSON, isAddress: Bool = false) -> JSON {
        switch value {
        case .string(let text):
            guard isAddress || text.contains("//") else { return value }
            if let url = try? OriginalURL(text) { return .string(url.text) }
            return isAddress ? .null : .string(MediaReference.withoutSecrets(text))
        case .array(let elements): return .array(elements.map { withoutSecrets($0) })
        case .object(var object):
            object["presigned_url"] = nil
            for member in object.members {
                object[member.key] = withoutSecrets(member.value, isAddress: member.key == "url")
            }
            return .object(object)
        default: return value
        }
    }
}

extension StoreLocation {
    /// "s3://bucket/key"; `nil` for a folder.
    func url(ofKey key: String) -> String? {
        if case .s3(let bucket, let prefix) = self { "s3://\(bucket)/\(prefix)\(key)" } else { nil }
    }
}
