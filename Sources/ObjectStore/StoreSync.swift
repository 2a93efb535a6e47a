import AWS
import Files

/// Makes the objects of a store the files of a folder, or the other way round: what is new or different moves, and nothing else.
///
/// - Content counts, by size and by the ETag or the checksum that the store states; times do not. Attributes do not move.
/// - With a record of what was last the same, what somebody has edited since on the side that is written to is kept.
/// - Empty objects whose keys end in a slash, with which some programs mark folders, are left alone.
/// - Every file and object is whole at any time. What failed can be tried again by another plan. So can what a loss of power has
///   taken from files that were just written: the system brings them to the disk when it sees fit.
public struct StoreSync: Sendable {
    public enum Direction: Hashable, Sendable {
        /// From the folder to the store.
        case up
        case down
    }

    /// What there is to do. Nothing has been done yet.
    public struct Plan: Hashable, Sendable {
        /// New or different in the source.
        public var transfers: [ListedObject]
        /// Of the target, not in the source. Empty unless asked for.
        public var deletions: [String]
        /// Of the target: edited there since both sides were last the same, while the source has nothing new.
        public var newer: [ListedObject] = []
        /// Of the target: would be replaced or deleted, were they not edited there, too, or had both sides ever been the same.
        public var conflicts: [ListedObject] = []
        /// The same on both sides.
        public var unchangedCount: Int

        /// That have to move.
        public var bytes: Int64 { transfers.reduce(0) { $0 + $1.size } }
        public var isEmpty: Bool { transfers.isEmpty && deletions.isEmpty }
    }

    /// What could not be moved or deleted.
    public struct Failure: Hashable, Sendable {
        @ObjectKey public private(set) var key: String
        public let error: StoreError
    }

    public let folder: FolderStore
    public let store: any ObjectStore
    public let direction: Direction
    /// Of the keys that count, on both sides.
    public var prefix = ""
    /// Whether what is not in the source goes from the target, too.
    public var deletes = false
    /// Of what was last the same; `nil`: nothing is kept because of edits.
    package var record: SyncRecord?
    /// Whether edits of the target are replaced, too.
    package var overwrites = false
    /// Files at once.
    public var parallel = 16
    public var transfer = TransferOptions()

    public init(folder: FolderStore, store: any ObjectStore, direction: Direction) {
        (self.folder, self.store, self.direction) = (folder, store, direction)
    }

    private var source: any ObjectStore { direction == .up ? folder : store }
    private var target: any ObjectStore { direction == .up ? store : folder }

    /// Lists both sides, and compares what has the same name and size.
    public func plan() async throws -> Plan {
        let old = try await target.list(Listing(prefix: prefix)).allObjects().filter { !$0.isFolderMark }
        let new = try await source.list(Listing(prefix: prefix)).allObjects().filter { !$0.isFolderMark }
        let pairs = StoreSync.pairs(new, old)
        let fates = try await inParallel(parallel, pairs, fate)
        var plan = Plan(transfers: [], deletions: [], unchangedCount: 0)
        for (pair, fate) in zip(pairs, fates) {
            switch (fate, pair.source, pair.target) {
            case (.moves, let new?, _): plan.transfers.append(new)
            case (.goes, _, let old?): plan.deletions.append(old.key)
            case (.isNewer, _, let old?): plan.newer.append(old)
            case (.conflicts, _, let old?): plan.conflicts.append(old)
            case (.isSame, _, _): plan.unchangedCount += 1
            default: break
            }
        }
        return plan
    }

    private typealias Pair = (source: ListedObject?, target: ListedObject?)

    private enum Fate {
        case moves, goes, isNewer, conflicts, isSame, isLeftAlone
    }

    private func fate(of pair: Pair) async throws -> Fate {
        guard let old = pair.target else { return .moves }
        guard let new = pair.source else {
            return !deletes ? .isLeftAlone : mayReplace(old, file: try file(old.key)) ? .goes : .conflicts
        }
        // Looked at before the content is.
        let file = try file(new.key)
        let object = direction == .up ? old : new
        if new.size == old.size, try await isSame(new.key, object) {
            if let file { try record?.note(new.key, file, object.etag) }
            return .isSame
        }
        if mayReplace(old, file: file) { return .moves }
        return hasNothingNew(new, file: file) ? .isNewer : .conflicts
    }

    /// - Parameter file: the folder's; `nil`: there is none.
    private func mayReplace(_ old: ListedObject, file: SyncRecord.FileState?) -> Bool {
        guard let record, !overwrites else { return true }
        switch direction {
        case .up: return record.isUnedited(old, beside: file) || file.map { isNews($0, record, since: old) } ?? false
        case .down: return file.map { record.isUnedited(old.key, $0) } ?? true
        }
    }

    /// Whether a file is from after the object, and nobody has told what they once had in common: as in a folder that was just
    /// checked out, on a machine that keeps nothing.
    private func isNews(_ file: SyncRecord.FileState, _ record: SyncRecord, since old: ListedObject) -> Bool {
        !record.knows(old.key) && file.time / 1_000_000_000 > old.modifiedAt
    }

    private func hasNothingNew(_ new: ListedObject, file: SyncRecord.FileState?) -> Bool {
        guard let record else { return false }
        return direction == .up
            ? file.map { record.isUnedited(new.key, $0) } ?? false : record.isUnedited(new, beside: file)
    }

    private func file(_ key: String) throws -> SyncRecord.FileState? {
        try folder.path(ofKey: key).flatMap { SyncRecord.FileState(path: $0) }
    }

    /// Moves what the plan says, several at once, and then deletes, if nothing failed.
    ///
    /// - Parameter each: told of every object that is done, from any thread.
    public func run(_ plan: Plan, each: (@Sendable (ListedObject) -> Void)? = nil) async throws -> [Failure] {
        if direction == .down { try sweep(before: plan) }
        let failures = try await inParallel(parallel, plan.transfers) { object -> Failure? in
            do {
                try await move(object)
                each?(object)
                return nil
            } catch let error as StoreError {
                return Failure(key: object.key, error: error)
            } catch let error as FileError {
                return Failure(key: object.key, error: StoreError(.file, error.description))
            }
        }.compactMap { $0 }
        guard failures.isEmpty, !plan.deletions.isEmpty else { return failures }
        return try await target.delete(plan.deletions).map { Failure(key: $0.key, error: $0.error) }
    }

    // MARK: Steps

    /// Removes what killed processes have left of files that come in one piece; the others are gone on with.
    private func sweep(before plan: Plan) throws {
        var names: [ObjectKey: [String]] = [:]
        for object in plan.transfers where object.size <= transfer.partBytes {
            // A key that no file can have fails by itself.
            guard let path = try? folder.place(of: object.key, creating: false) else { continue }
            let place = PathParts(path)
            names[ObjectKey(place.folder), default: []].append(place.name)
        }
        for (folder, names) in names { StagedFile.sweep(folder: folder.wrappedValue, leftoversOf: names) }
    }

    private func move(_ object: ListedObject) async throws {
        let key = object.key
        switch direction {
        case .up:
            guard let path = try folder.path(ofKey: key) else { throw StoreError(.notFound, "there is no object \(key)") }
            let file = SyncRecord.FileState(path: path)
            if let file { try record?.noteSending(key, file, at: ((store as? S3Store)?.now ?? .now).secondsSince1970) }
            let etag = try await store.upload(path, to: key, attributes: ObjectAttributes(), options: transfer)
            if let file { try record?.note(key, file, etag) }
        case .down:
            guard let path = try folder.place(of: key, creating: true) else { return }
            var options = transfer
            options.isOneOfMany = true
            options.arrived = { [record] descriptor, etag in
                if let file = SyncRecord.FileState(descriptor: descriptor) { try record?.noteReceiving(key, file, etag) }
            }
            _ = try await store.download(object, to: path, options: options)
            try record?.noteReceived(key)
        }
    }

    private func isSame(_ key: String, _ object: ListedObject) async throws -> Bool {
        guard let path = try folder.path(ofKey: key) else { return false }
        return try await store.holds(object, contentOf: path, partBytes: transfer.partBytes)
    }

    /// What is on both sides or on one. Both are in the order of keys.
    private static func pairs(_ source: [ListedObject], _ target: [ListedObject]) -> [Pair] {
        var pairs: [Pair] = []
        var (new, old) = (source[...], target[...])
        while !new.isEmpty || !old.isEmpty {
            // At the end of one side, what is left of the other comes first.
            let isNewOnly = if let a = new.first, let b = old.first { a.key.isLess(than: b.key) } else { old.isEmpty }
            let isOldOnly = if let a = new.first, let b = old.first { b.key.isLess(than: a.key) } else { new.isEmpty }
            pairs.append((isOldOnly ? nil : new.popFirst(), isNewOnly ? nil : old.popFirst()))
        }
        return pairs
    }
}
