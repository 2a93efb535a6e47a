import AWS
import Files
import Glibc
import HTTP

/// Makes the objects of a store the files of a folder, or the other way round: what is new or different moves, and nothing else.
///
/// - Content counts, by size and by the ETag or the checksum that the store states; times do not. Attributes do not move.
/// - With a record of what was last the same, what somebody has edited since on the side that is written to is kept.
/// - Empty objects whose keys end in a slash, with which some programs mark folders, are left alone.
/// - What somebody writes on the side that is written to after the plan was made is kept, too.
/// - Every file and object is whole at any time, and files are on the disk when all is done. What failed can be tried again by
///   another plan.
public struct StoreSync: Sendable {
    public enum Direction: Hashable, Sendable {
        /// From the folder to the store.
        case up
        case down
    }

    /// What there is to do. Nothing has been done yet.
    public struct Plan: Sendable {
        /// New or different in the source.
        public var transfers: [ListedObject]
        /// Of the target, not in the source. Empty unless asked for.
        public var deletions: [String]
        /// Of the target: edited there since both sides were last the same, while the source has nothing new.
        public var newer: [ListedObject] = []
        /// Of the target: would be replaced or deleted, were they not edited there, too, or had both sides ever been the same.
        public var conflicts: [ListedObject] = []
        /// Of the store: no file can have such a name, so that it cannot come here, and nobody can have deleted it here.
        public var nameless: [ListedObject] = []
        /// The same on both sides.
        public var unchangedCount: Int
        /// What is to be replaced or deleted, as it was when it was looked at.
        fileprivate var replaced: [ObjectKey: ETag] = [:]
        /// When the target was listed.
        package var lookedAt = ContinuousClock.now

        /// That have to move.
        public var bytes: Int64 { transfers.reduce(0) { $0 + $1.size } }
        public var isEmpty: Bool { transfers.isEmpty && deletions.isEmpty }
    }

    /// What could not be moved or deleted.
    public struct Failure: Hashable, Sendable {
        @ObjectKey public private(set) var key: String
        public let error: StoreError
        /// Nothing failed: somebody has written or deleted what was to be replaced since the plan was made, and it is kept.
        public var isConflict: Bool { error.kind == .preconditionFailed }
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
    /// Files at once: as many as a client has requests to a host under way, so that none of its connections waits for a file.
    public var parallel = HTTPClient.Configuration.usualTransfersPerHost
    public var transfer = TransferOptions()

    public init(folder: FolderStore, store: any ObjectStore, direction: Direction) {
        (self.folder, self.store, self.direction) = (folder, store, direction)
    }

    private var source: any ObjectStore { direction == .up ? folder : store }
    private var target: any ObjectStore { direction == .up ? store : folder }

    /// Lists both sides, and compares what has the same name and size.
    public func plan() async throws -> Plan {
        let lookedAt = ContinuousClock.now
        async let listed = target.list(Listing(prefix: prefix)).allObjects().filter { !$0.isFolderMark }
        let new = try await source.list(Listing(prefix: prefix)).allObjects().filter { !$0.isFolderMark }
        let old = try await listed
        let pairs = StoreSync.pairs(new, old)
        if prefix.isEmpty { record?.keepOnly(Set((old + new).map { ObjectKey($0.key) })) }
        let fates = try await inParallel(parallel, pairs, fate)
        var plan = Plan(transfers: [], deletions: [], unchangedCount: 0, lookedAt: lookedAt)
        for (pair, fate) in zip(pairs, fates) {
            switch (fate, pair.source, pair.target) {
            case (.moves, let new?, let old):
                plan.transfers.append(new)
                plan.replaced[ObjectKey(new.key)] = old?.etag
            case (.goes, _, let old?):
                plan.deletions.append(old.key)
                plan.replaced[ObjectKey(old.key)] = old.etag
            case (.isNameless, let object?, _), (.isNameless, nil, let object?): plan.nameless.append(object)
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
        case moves, goes, isNewer, conflicts, isSame, isLeftAlone, isNameless
    }

    private func fate(of pair: Pair) async throws -> Fate {
        if direction == .down, let new = pair.source, (try? FolderStore.parts(of: new.key)) == nil { return .isNameless }
        guard let old = pair.target else { return .moves }
        guard let new = pair.source else {
            guard deletes else { return .isLeftAlone }
            guard (try? FolderStore.parts(of: old.key)) != nil else { return .isNameless }
            return try await mayReplace(old, file: try file(old.key)) ? .goes : .conflicts
        }
        // Looked at before the content is.
        let file = try file(new.key)
        let object = direction == .up ? old : new
        if new.size == old.size {
            // What cannot be compared is what it was when it moved.
            func isLast() -> Bool { file.map { record?.isLast(new.key, $0, object.etag) ?? false } ?? false }
            if try await isSame(new.key, object) ?? isLast() {
                if let file { try record?.note(new.key, file, object.etag) }
                return .isSame
            }
        }
        if try await mayReplace(old, file: file) { return .moves }
        return try await hasNothingNew(new, file: file) ? .isNewer : .conflicts
    }

    /// Whether what others have edited stays.
    private var keepsEdits: Bool { record != nil && !overwrites }

    /// - Parameter file: the folder's; `nil`: there is none.
    private func mayReplace(_ old: ListedObject, file: SyncRecord.FileState?) async throws -> Bool {
        guard let record, keepsEdits else { return true }
        switch direction {
        case .up: return record.isUnedited(old, beside: file) || file.map { isNews($0, record, since: old) } ?? false
        case .down: return if let file { try await isUnedited(old.key, file, record) } else { true }
        }
    }

    /// Servers' clocks tick in seconds, and so do the answers that tell of them.
    private static let clockTolerance = 2

    /// Whether a file is from after the object, by the store's clock, and nobody has told what they once had in common: as in a
    /// folder that was just checked out, on a machine that keeps nothing.
    private func isNews(_ file: SyncRecord.FileState, _ record: SyncRecord, since old: ListedObject) -> Bool {
        let ahead = (store as? S3Store)?.now.seconds(since: .now) ?? 0
        return !record.knows(old.key)
            && Int(file.time / 1_000_000_000) + ahead > old.modifiedAt + (store is S3Store ? StoreSync.clockTolerance : 0)
    }

    private func hasNothingNew(_ new: ListedObject, file: SyncRecord.FileState?) async throws -> Bool {
        guard let record else { return false }
        guard direction == .up else { return record.isUnedited(new, beside: file) }
        return if let file { try await isUnedited(new.key, file, record) } else { false }
    }

    /// Whether a file is what it was when it and its object were last the same: by its state, or else by its content, as far as
    /// the object's ETag tells.
    private func isUnedited(_ key: String, _ file: SyncRecord.FileState, _ record: SyncRecord) async throws -> Bool {
        if record.isUnedited(key, file) { return true }
        guard let last = record.last(key), last.file.size == file.size, let path = try folder.path(ofKey: key)
        else { return false }
        return try await LocalFile(path).etag(like: last.etag, partBytes: transfer.partBytes) == last.etag
    }

    private func file(_ key: String) throws -> SyncRecord.FileState? {
        try folder.path(ofKey: key).flatMap { SyncRecord.FileState(path: $0) }
    }

    /// Moves what the plan says, several at once, and then deletes, if nothing failed.
    ///
    /// - Parameter each: told of every object that is done, from any thread.
    /// - Returns: what failed, and what somebody else has written or deleted since the plan was made.
    public func run(_ plan: Plan, each: (@Sendable (ListedObject) -> Void)? = nil) async throws -> [Failure] {
        if direction == .down { try sweep(before: plan) }
        let disk = direction == .down && !plan.transfers.isEmpty ? DiskFlush(of: folder.root) : nil
        let failures = try await inParallel(parallel, plan.transfers) { object -> Failure? in
            do {
                // The first of many show whether the server keeps to conditions.
                let looksFirst = plan.transfers.count <= parallel || .now - plan.lookedAt > StoreSync.freshness
                try await move(object, inPlaceOf: plan.replaced[ObjectKey(object.key)], looksFirst: looksFirst)
                each?(object)
                return nil
            } catch let error as StoreError {
                return Failure(key: object.key, error: error)
            } catch let error as FileError {
                return Failure(key: object.key, error: StoreError(.file, error.description))
            } catch is EditedMeanwhile {
                return Failure(
                    key: object.key,
                    error: StoreError(.preconditionFailed, "\(object.key) was written or deleted here meanwhile"))
            }
        }.compactMap { $0 }
        // Where something else has failed, that is what counts.
        if failures.isEmpty { try disk?.finish() }
        guard failures.isEmpty, !plan.deletions.isEmpty else { return failures }
        return try await delete(plan)
    }

    /// How long a listing counts as having just been made.
    private static let freshness = Duration.seconds(2)

    // MARK: Steps

    /// Removes what killed processes have left, but for what is gone on with: files that come in ranges.
    private func sweep(before plan: Plan) throws {
        let unfinished = plan.transfers.filter { $0.size > transfer.partBytes }
        // A key that no file can have fails by itself.
        let kept = unfinished.compactMap { try? folder.place(of: $0.key, creating: false) }.flatMap(PartialFile.paths)
        try folder.sweepLeftovers(except: Set(kept.map { ObjectKey($0) }))
    }

    /// What is still as it was.
    private func delete(_ plan: Plan) async throws -> [Failure] {
        var (keys, failures): ([String], [Failure]) = (plan.deletions, [])
        if keepsEdits {
            let objects = try await target.list(Listing(prefix: prefix)).allObjects()
            let now = Dictionary(objects.map { (ObjectKey($0.key), $0.etag) }) { first, _ in first }
            keys.removeAll { key in
                guard let etag = now[ObjectKey(key)], etag != plan.replaced[ObjectKey(key)] else { return false }
                failures.append(Failure(key: key, error: StoreError(.preconditionFailed, "\(key) was written meanwhile")))
                return true
            }
        }
        return try await target.delete(keys).map { Failure(key: $0.key, error: $0.error) } + failures
    }

    /// What has come is of no use.
    struct EditedMeanwhile: Error {}

    /// Of new files up to here it is noted in advance what they will be in the store; larger ones that a process was killed over
    /// are known by their time.
    private static let smallBytes: Int64 = 64 << 10

    /// - Parameter old: of the target; `nil`: there is none.
    private func move(_ object: ListedObject, inPlaceOf old: ETag?, looksFirst: Bool) async throws {
        let key = object.key
        switch direction {
        case .up:
            guard let path = try folder.path(ofKey: key) else { throw StoreError(.notFound, "there is no object \(key)") }
            let file = SyncRecord.FileState(path: path)
            let etag = try await upload(path, file, key, inPlaceOf: old, looksFirst: looksFirst)
            if let file { try record?.note(key, file, etag) }
        case .down:
            guard let path = try folder.place(of: key, creating: true) else { return }
            var options = transfer
            options.isOneOfMany = true
            options.arrived = { [record, keepsEdits] descriptor, etag in
                if FolderStore.isFolder(path) { throw FolderStore.failure(key, "written", EISDIR) }
                if keepsEdits, ETag(path: path) != old { throw EditedMeanwhile() }
                if let file = SyncRecord.FileState(descriptor: descriptor) { try record?.noteReceiving(key, file, etag) }
            }
            _ = try await store.download(object, to: path, options: options)
            try record?.noteReceived(key)
        }
    }

    private func upload(
        _ path: String, _ file: SyncRecord.FileState?, _ key: String, inPlaceOf old: ETag?, looksFirst: Bool
    ) async throws -> ETag {
        var options = transfer
        options.looksFirst = looksFirst
        if keepsEdits { options.condition = old.map(WriteCondition.matches) ?? .absent }
        // What the store does not have is compared with nothing, and what people edit is small.
        if let record, let file, old != nil || file.size <= StoreSync.smallBytes {
            options.leaving = { try record.noteSending(key, file, $0) }
        }
        do {
            return try await store.upload(path, to: key, attributes: ObjectAttributes(), options: options)
        } catch let error as StoreError where keepsEdits && [.preconditionFailed, .notFound].contains(error.kind) {
            record?.noteNotSent(key)
            let found = try await store.headIfPresent(key).map(ListedObject.init)
            // An attempt whose answer got lost.
            if let found, try await store.holds(found, contentOf: path, partBytes: transfer.partBytes) == true {
                return found.etag
            }
            guard error.kind == .preconditionFailed || found?.etag != old else { throw error }
            throw StoreError(
                .preconditionFailed, "\(key) was \(found == nil ? "deleted" : "written") by somebody else meanwhile")
        } catch let error as StoreError where ![.unavailable, .corrupted, .other].contains(error.kind) {
            // It has been refused.
            record?.noteNotSent(key)
            throw error
        }
    }

    private func isSame(_ key: String, _ object: ListedObject) async throws -> Bool? {
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
