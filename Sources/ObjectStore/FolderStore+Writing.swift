import Files
import Glibc
import HTTP

extension FolderStore {
    public func put(
        _ body: HTTPBody, to key: String, attributes: ObjectAttributes, condition: WriteCondition?
    ) async throws -> ETag {
        try put(body, to: key, attributes, condition)
    }

    /// - Parameter verify: throws where what was read is not to become the object, whose ETag it is told.
    private func put(
        _ body: HTTPBody, to key: String, _ attributes: ObjectAttributes, _ condition: WriteCondition?,
        verify: (ETag) throws -> Void = { _ in }
    ) throws -> ETag {
        try attributes.check()
        // Only an object that has to be there can be missing.
        let mayBeMissing = if case .matches = condition { true } else { false }
        // A folder that is empty goes when somebody deletes its last object; perhaps before this one is in it.
        var attempt = 1
        while true {
            do {
                return try write(body, to: key, attributes, condition, verify)
            } catch let error as StoreError where error.kind == .notFound && !mayBeMissing {
                guard access(root, F_OK) == 0 else { throw StoreError(.noStore, "the store \(root) is not there any more") }
                guard attempt < 100 else { throw error }
            }
            attempt += 1
        }
    }

    public func copy(_ source: String, to key: String) async throws -> ETag {
        let object = try FolderObject(source, in: self)
        defer { withExtendedLifetime(object) {} }
        let body = HTTPBody.file(descriptor: object.descriptor, offset: 0, count: object.size)
        return try await put(body, to: key, attributes: object.attributes(), condition: nil)
    }

    public func setTags(_ tags: [String: String], of key: String) async throws {
        try ObjectAttributes.check(tags: tags)
        try FolderObject(key, in: self).setTags(tags)
    }

    public func delete(_ keys: [String]) async throws -> [DeleteFailure] {
        var failures: [DeleteFailure] = []
        for key in keys {
            try Task.checkCancellation()
            do {
                try remove(key)
            } catch {
                failures.append(DeleteFailure(key: key, error: error))
            }
        }
        return failures
    }

    public func upload(
        _ path: String, to key: String, attributes: ObjectAttributes, options: TransferOptions
    ) async throws -> ETag {
        let file = try LocalFile(path)
        let etag = try put(file.body, to: key, attributes, options.condition) {
            try file.checkUnchanged()
            try options.leaving?($0)
        }
        options.progress?(TransferProgress(done: file.size, total: file.size))
        return etag
    }

    // MARK: Steps

    private func write(
        _ body: HTTPBody, to key: String, _ attributes: ObjectAttributes, _ condition: WriteCondition?,
        _ verify: (ETag) throws -> Void
    ) throws -> ETag {
        guard let place = try place(of: key, creating: true) else { throw FolderStore.failure(key, "written", ENOENT) }
        do {
            let staged = try StagedFile(for: place)
            try FolderStore.write(body, to: staged.descriptor, key: key)
            try FolderAttributes.write(attributes, to: staged.descriptor, key: key)
            let etag = try FolderStore.stamp(staged.descriptor, key: key)
            try verify(etag)
            try exclusively {
                if let condition { try check(condition, key: key) }
                try staged.commit()
            }
            return etag
        } catch let error as FileError {
            throw FolderStore.failure(key, error)
        }
    }

    private static func write(_ body: HTTPBody, to descriptor: Int32, key: String) throws {
        switch body {
        case .none: break
        case .bytes(let bytes):
            try bytes.withUnsafeBytes { try writeBlock($0, to: descriptor, at: 0, path: key) }
        case .file(let source, let offset, let count):
            var place: Int64 = 0
            try readBlocks(of: source, offset..<offset + count, path: key) {
                try writeBlock($0, to: descriptor, at: place, path: key)
                place += Int64($0.count)
            }
            guard place == count else {
                throw StoreError(.changed, "the file for \(key) ends after \(place) of the \(count) bytes that are to be written")
            }
        }
    }

    /// Sets the file's time to the nanosecond: the kernel's own is some milliseconds coarse, and two files might look the same.
    private static func stamp(_ descriptor: Int32, key: String) throws(StoreError) -> ETag {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var status = stat()
        guard futimens(descriptor, [now, now]) == 0, fstat(descriptor, &status) == 0 else {
            throw FolderStore.failure(key, "written", errno)
        }
        return ETag(file: status)
    }

    private func check(_ condition: WriteCondition, key: String) throws(StoreError) {
        var current: ETag?
        do {
            current = try FolderObject(key, in: self).etag
        } catch where error.kind == .notFound {}
        switch (condition, current) {
        case (.absent, nil): return
        case (.absent, _): throw StoreError(.preconditionFailed, "\(key) is there already")
        case (.matches, nil): throw StoreError(.notFound, "there is no object \(key)")
        case (.matches(let wanted), let found):
            guard found == wanted else { throw StoreError.another(key, than: wanted) }
        }
    }

    /// Removes the file, and the folders that are empty then: a store has none.
    private func remove(_ key: String) throws(StoreError) {
        guard let place = try place(of: key, creating: false) else { return }
        guard unlink(place) == 0 || errno == ENOENT || errno == ENOTDIR || errno == EISDIR else {
            throw FolderStore.failure(key, "deleted", errno)
        }
        var folder = PathParts(place).folder
        while folder != root, isInside(folder), rmdir(folder) == 0 { folder = PathParts(folder).folder }
    }

    /// One writer at a time, of those that use this. File systems without locks do without.
    private func exclusively(_ body: () throws -> Void) throws {
        let lock = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if lock >= 0 { while flock(lock, LOCK_EX) != 0 && errno == EINTR {} }
        defer { if lock >= 0 { close(lock) } }
        try body()
    }
}
