import HTTP
import ObjectStore
import Timeline

extension ProjectImport {
    private enum Source {
        case file(String)
        case web(OriginalURL)
        case stored(String)
    }

    private var audioFolder: String { folder + "audio/" }

    /// - Returns: `nil` where the project has none.
    func importNarration() async throws -> ImportReport.Outcome? {
        do {
            let stored = try await StoredMedia(audioFolder, in: store)
            switch try narrationSource(stored) {
            case nil: return nil
            case .stored(let key)?: return .kept(key: key)
            case .file(let path)?: return try await importNarration(file: path, stored)
            case .web(let original)?: return try await importNarration(from: original, stored)
            }
        } catch let failure as MediaFailure {
            return .failed(failure)
        }
    }

    /// What the user names, else a file beside the data, what the store has, or what can be fetched.
    private func narrationSource(_ stored: StoredMedia) throws -> Source? {
        switch options.narration {
        case .file(let path)?: return .file(path)
        case .url(let url)?: return .web(try original(url, "--audio"))
        case nil: break
        }
        guard let reference = data.project.narration else { return nil }
        if let path = reference.path {
            do {
                if let file = try data.folder.path(ofKey: path) { return .file(file) }
            } catch {
                throw MediaFailure(reference.jsonPath, error.description)
            }
        }
        let url = reference.url ?? reference.presignedURL
        if let key = reference.s3Key, let object = stored[key], url == nil || !options.refetches { return .stored(object.key) }
        if let url { return .web(try original(url, reference.jsonPath)) }
        throw MediaFailure(reference.jsonPath, ImportPlan.absence(reference.path ?? reference.s3Key ?? reference.s3URL))
    }

    private func original(_ url: String, _ place: String) throws(MediaFailure) -> OriginalURL {
        do {
            return try OriginalURL(url)
        } catch {
            throw MediaFailure(place, error.description)
        }
    }

    private func importNarration(file path: String, _ stored: StoredMedia) async throws -> ImportReport.Outcome {
        let bytes = try sizeOfFile(path, name: path)
        guard bytes <= options.maximumNarrationBytes else {
            throw MediaFailure(path, "it is longer than the \(options.maximumNarrationBytes) bytes allowed")
        }
        let format = try MediaInspection.sound(path: path, name: path)
        if let object = try await stored.holding(path, bytes: bytes, in: store) { return .kept(key: object.key) }
        let key = try await write(narrationName(stored), format.fileExtension, path) { key, condition in
            try await upload(path, to: key, ObjectAttributes(), condition)
        }
        return .imported(key: key, bytes: bytes)
    }

    private func importNarration(from original: OriginalURL, _ stored: StoredMedia) async throws -> ImportReport.Outcome {
        if !options.refetches, let object = stored.fetched(from: original) { return .kept(key: object.key) }
        let fetched = try await fetcher.fetch(
            original.address, limit: options.maximumNarrationBytes, accepting: "audio/*, video/mp4;q=0.5, */*;q=0.1")
        let format = try MediaInspection.sound(path: fetched.file.path, name: original.address.withoutQuery)
        let metadata = ["original-url": original.metadataText, "original-digest": original.digest].compactMapValues { $0 }
        let bytes = fetched.file.size
        let key = try await write(narrationName(stored), format.fileExtension, fetched.file.path) { key, condition in
            _ = try await store.put(
                .file(descriptor: fetched.file.descriptor, offset: 0, count: bytes), to: key,
                attributes: ObjectAttributes(metadata: metadata), condition: condition)
        }
        return .imported(key: key, bytes: bytes)
    }

    private func narrationName(_ stored: StoredMedia) -> String {
        var names = PictureNames(taken: stored.objects.map(\.key), at: date)
        return audioFolder + names.next(for: "narration")
    }
}
