import Library
import ObjectStore
import Synchronization

/// Who renders a chunk that machines share: whoever has its claim, a small object beside it that only one can write.
///
/// Claims are written anew while they are held, so that one that stays as it is has lost its owner, and can be taken over. Where
/// a server ignores conditions, two that look within the same milliseconds can both get a claim, and render a chunk twice.
final class ChunkClaims: Sendable {
    private struct State {
        /// Claims of ours, by chunk, as they are in the store; `nil` while the first request is under way.
        var held: [String: ETag?] = [:]
        /// Claims that have stayed as they were for too long.
        var dead: Set<ETag> = []
        var renewal: Task<Void, Never>?
        var wasUsed = false
    }

    /// How often they are written anew, and how long one that is not is respected.
    private static let renewalSeconds = 10
    private static let lifeSeconds = 40

    private let store: any ObjectStore
    private let folder: String
    private let state = Mutex(State())

    /// - Parameter folder: where the chunks are, with a slash at its end.
    init(_ store: any ObjectStore, in folder: String) { (self.store, self.folder) = (store, folder) }

    func key(of name: String) -> String { folder + name + StoreLayout.claimEnding }

    /// Whether its owner is gone.
    func isDead(_ claim: ListedObject) -> Bool {
        state.withLock { $0.dead.contains(claim.etag) } || store.secondsSinceChange(of: claim) > ChunkClaims.lifeSeconds
    }

    /// - Parameter old: a dead one that is to be replaced; `nil`: there is none.
    /// - Returns: `false` where somebody else was faster.
    func take(_ name: String, inPlaceOf old: ListedObject?) async throws -> Bool {
        state.withLock { state in
            state.held[name] = .some(nil)
            state.wasUsed = true
        }
        guard let etag = try await write(name, old.map { .matches($0.etag) } ?? .absent) else {
            state.withLock { _ = $0.held.removeValue(forKey: name) }
            return false
        }
        state.withLock { state in
            state.held[name] = etag
            if state.renewal == nil { state.renewal = Task { [self] in await renew() } }
        }
        return true
    }

    /// Removes a claim, as the chunk is there.
    func drop(_ name: String) async {
        let wasHeld = state.withLock { $0.held.removeValue(forKey: name) != nil }
        if wasHeld { _ = try? await store.delete([key(of: name)]) }
    }

    /// Waits until one of these can be had or claimed, or all are there.
    ///
    /// - Parameter look: called each time with those that are there, and how many are not.
    func wait(for names: [String], look: @Sendable ([String], Int) async throws -> Void) async throws {
        var (left, seen): ([String], [ETag: ContinuousClock.Instant]) = (names, [:])
        while true {
            let objects = try await store.list(Listing(prefix: folder)).allObjects()
            let found = Dictionary(objects.map { (ObjectKey($0.key), $0) }) { first, _ in first }
            let ready = left.filter { found[ObjectKey(folder + $0)] != nil }
            left.removeAll(where: Set(ready).contains)
            try await look(ready, left.count)
            var isFree = false
            for name in left {
                guard let claim = found[ObjectKey(key(of: name))] else {
                    isFree = true
                    continue
                }
                let first = seen[claim.etag] ?? .now
                seen[claim.etag] = first
                if ContinuousClock.now - first > .seconds(ChunkClaims.lifeSeconds) {
                    state.withLock { _ = $0.dead.insert(claim.etag) }
                }
                isFree = isFree || isDead(claim)
            }
            if left.isEmpty || isFree { return }
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// Gives back what is held, so that nobody waits for it.
    func giveBack() async {
        let names = state.withLock { state in
            state.renewal?.cancel()
            state.renewal = nil
            defer { state.held = [:] }
            return Array(state.held.keys)
        }
        // What stays dies by itself.
        if !names.isEmpty { _ = try? await store.delete(names.map(key)) }
    }

    /// Removes what is left of claims on chunks that have come since.
    func tidy() async {
        guard state.withLock({ $0.wasUsed }),
            let objects = try? await store.list(Listing(prefix: folder)).allObjects()
        else { return }
        await tidy(objects)
    }

    /// Removes claims on chunks that are there: their owners were killed, or are about to remove them. What stays goes when old
    /// chunks go.
    func tidy(_ objects: [ListedObject]) async {
        let keys = Set(objects.map { ObjectKey($0.key) })
        let claims = objects.map(\.key).filter {
            StoreLayout.isClaim($0) && keys.contains(ObjectKey(String($0.dropLast(StoreLayout.claimEnding.count))))
        }
        if !claims.isEmpty { _ = try? await store.delete(claims) }
    }

    // MARK: Steps

    /// - Returns: `nil` where the condition is not met.
    private func write(_ name: String, _ condition: WriteCondition) async throws -> ETag? {
        // Never the same content, so that each claim has an ETag of its own.
        let content = Array("\(UInt64.random(in: 0 ... .max))".utf8)
        do {
            return try await store.put(content, to: key(of: name), condition: condition)
        } catch let error as StoreError where [.preconditionFailed, .notFound].contains(error.kind) {
            // It may be ours, by an attempt whose answer got lost.
            guard let found = try? await store.get(key(of: name), range: nil, ifMatch: nil, into: .bytes(limit: 100)),
                found.bytes == content
            else { return nil }
            return found.info.etag
        }
    }

    private func renew() async {
        while true {
            guard (try? await Task.sleep(for: .seconds(ChunkClaims.renewalSeconds))) != nil else { return }
            for (name, etag) in state.withLock({ $0.held }) {
                guard let etag, !Task.isCancelled else { continue }
                do {
                    let new = try await write(name, .matches(etag))
                    state.withLock { state in
                        // Meanwhile it may have been dropped; what somebody else has taken over is no longer ours.
                        if state.held[name] == .some(etag) { state.held[name] = new.map(Optional.some) }
                    }
                } catch {}  // the next time, or it dies
            }
        }
    }
}
