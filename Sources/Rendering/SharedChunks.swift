import Glibc
import Library
import ObjectStore
import Synchronization

/// Chunks that machines share through a store, below `segments/ID/`: what one has rendered, the others get.
///
/// Who renders a chunk says so first, by an object beside it that only one can write: its claim. Others take other chunks, and
/// wait for that one in the end. A claim that nothing comes of, as its owner was killed, is taken over by one of them. Where a
/// server ignores conditions (Ceph 16), two that look within the same milliseconds can both claim a chunk, and render it twice.
///
/// Nothing here fails a render: what cannot be had is rendered, and what cannot be given away is a warning. After the first
/// failure the store is left alone.
public final class SharedChunks: Sendable {
    private struct State {
        var gotCount = 0
        var givenCount = 0
        var problem: String?
        /// Chunks that are being rendered here.
        var claimed: Set<String> = []
        /// Claims that nothing has come of.
        var abandoned: Set<ETag> = []
        /// The last upload of each of those that are under way side by side.
        var lanes = [Task<Void, Never>?](repeating: nil, count: 4)
        var nextLane = 0
    }

    private let store: any ObjectStore
    private let folder: String
    private let journalFolder: String
    private let state = Mutex(State())

    /// - Parameter journalFolder: for notes on uploads, by which the next process goes on with those that were killed.
    public init(_ store: any ObjectStore, project id: String, journalFolder: String) {
        (self.store, self.journalFolder) = (store, journalFolder)
        folder = StoreLayout.segments(ofProject: id)
    }

    var gotCount: Int { state.withLock { $0.gotCount } }

    /// For the report.
    var warnings: [String] {
        state.withLock { state in state.problem.map { ["the shared cache \(store.location.naming(folder)): \($0)"] } ?? [] }
    }

    /// Gets those chunks that others have rendered, some at once.
    ///
    /// - Parameter chunks: names of files in the store, and where each goes. What arrives has still to be examined.
    func get(_ chunks: [(name: String, path: String)], _ cancellation: Cancellation) throws {
        guard isUsable else { return }
        try cancellation.wait { [self] in
            do {
                let names = Set(try await store.list(Listing(prefix: folder)).allObjects().map(\.key))
                let wanted = chunks.filter { names.contains(folder + $0.name) }
                _ = try await inParallel(4, wanted) { [self] in _ = try await get($0.name, to: $0.path) }
            } catch let error as StoreError {
                note(error)
            }
        }
    }

    /// What is to be done about a chunk.
    enum Turn {
        /// Somebody has rendered it by now, and it has arrived.
        case hasArrived
        case isOurs
        /// Somebody is rendering it.
        case isOthers
    }

    /// Gets a chunk, if somebody has rendered it by now, or else claims it.
    func turn(_ name: String, _ path: String, _ cancellation: Cancellation) throws -> Turn {
        guard isUsable else { return .isOurs }
        return try cancellation.wait { [self] in
            do {
                let key = folder + name
                let found = try await store.list(Listing(prefix: key)).allObjects()
                if found.contains(where: { $0.key == key }), try await get(name, to: path) { return .hasArrived }
                let claim = found.first { $0.key == claimKey(name) }
                if let claim, !state.withLock({ $0.abandoned.contains(claim.etag) }) { return .isOthers }
                return try await self.claim(name, inPlaceOf: claim?.etag) ? .isOurs : .isOthers
            } catch let error as StoreError {
                note(error)
                return .isOurs
            }
        }
    }

    private static let claimSuffix = ".claim"

    private func claimKey(_ name: String) -> String { folder + name + SharedChunks.claimSuffix }

    /// - Parameter old: `nil`: there is none.
    /// - Returns: `false` where somebody else was faster.
    private func claim(_ name: String, inPlaceOf old: ETag?) async throws -> Bool {
        do {
            // Never the same content, so that each claim has an ETag of its own.
            let content = Array("\(UInt64.random(in: 0 ... .max))".utf8)
            try await store.put(content, to: claimKey(name), condition: old.map(WriteCondition.matches) ?? .absent)
            _ = state.withLock { $0.claimed.insert(name) }
            return true
        } catch let error as StoreError where [.preconditionFailed, .notFound].contains(error.kind) {
            return false
        }
    }

    /// Waits for chunks that others render, and gets those that arrive.
    ///
    /// - Parameters:
    ///   - chunks: names, and where each goes.
    ///   - patience: in seconds. When none has arrived for so long, the claims on the rest count no more.
    ///
    /// Returns when none is left that is worth waiting for.
    func wait(for chunks: [(name: String, path: String)], patience: Double, _ cancellation: Cancellation) throws {
        try cancellation.wait { [self] in
            do {
                var (left, last) = (chunks, ContinuousClock.now)
                while isUsable {
                    let found = try await store.list(Listing(prefix: folder)).allObjects()
                    let names = Set(found.map(\.key))
                    let ready = left.filter { names.contains(folder + $0.name) }
                    _ = try await inParallel(4, ready) { [self] in _ = try await get($0.name, to: $0.path) }
                    if !ready.isEmpty { last = .now }
                    // Without a claim, nobody is at it any more.
                    left.removeAll { names.contains(folder + $0.name) || !names.contains(claimKey($0.name)) }
                    if left.isEmpty { return }
                    if ContinuousClock.now - last > .seconds(patience) {
                        let claims = Set(left.map { claimKey($0.name) })
                        let etags = found.filter { claims.contains($0.key) }.map(\.etag)
                        return state.withLock { $0.abandoned.formUnion(etags) }
                    }
                    try await Task.sleep(for: .seconds(1))
                }
            } catch let error as StoreError {
                note(error)
            }
        }
    }

    /// Gives a chunk to the others, while the render goes on.
    func give(_ path: String, as name: String) {
        state.withLock { state in
            state.claimed.remove(name)
            let lane = state.nextLane
            let before = state.lanes[lane]
            state.nextLane = (lane + 1) % state.lanes.count
            state.lanes[lane] = Task { [self] in
                await before?.value
                guard isUsable, !Task.isCancelled else { return }
                do {
                    var options = TransferOptions()
                    options.journalFolder = journalFolder
                    try await store.upload(path, to: folder + name, options: options)
                    self.state.withLock { $0.givenCount += 1 }
                } catch let error as StoreError {
                    note(error)
                } catch {}  // cancelled, with all the rest
            }
        }
    }

    /// Gives claims back of which nothing will come, so that nobody waits for it. Takes two seconds at most.
    func release() {
        let keys = state.withLock { state in
            defer { state.claimed = [] }
            return state.claimed.map(claimKey)
        }
        guard !keys.isEmpty, isUsable else { return }
        try? Cancellation().wait { [self] in
            let deletion = Task { _ = try? await store.delete(keys) }
            let limit = Task {
                try? await Task.sleep(for: .seconds(2))
                deletion.cancel()
            }
            await deletion.value
            limit.cancel()
        }
    }

    /// Waits until all is given that was to be given.
    func finish(_ cancellation: Cancellation) throws {
        let lanes = state.withLock { $0.lanes.compactMap { $0 } }
        try cancellation.wait {
            await withTaskCancellationHandler {
                for lane in lanes { await lane.value }
                await self.abandonUploads()
                await self.removeClaims()
            } onCancel: {
                for lane in lanes { lane.cancel() }
            }
            try Task.checkCancellation()
        }
    }

    /// Of chunks that nobody wants any more.
    private func abandonUploads() async {
        guard isUsable, let bucket = store as? S3Store else { return }
        do {
            try await bucket.abandonUploads(notedIn: journalFolder, below: folder)
        } catch let error as StoreError {
            note(error)
        } catch {}  // cancelled, with all the rest
    }

    /// Those on chunks that are there. What stays goes when old chunks go.
    private func removeClaims() async {
        guard isUsable else { return }
        do {
            let keys = Set(try await store.list(Listing(prefix: folder)).allObjects().map(\.key))
            let claims = keys.filter {
                $0.hasSuffix(SharedChunks.claimSuffix) && keys.contains(String($0.dropLast(SharedChunks.claimSuffix.count)))
            }
            if !claims.isEmpty { _ = try await store.delete(Array(claims)) }
        } catch let error as StoreError {
            note(error)
        } catch {}  // cancelled, with all the rest
    }

    private var isUsable: Bool { state.withLock { $0.problem == nil } }

    private func note(_ error: StoreError) { state.withLock { $0.problem = $0.problem ?? "\(error)" } }

    private func get(_ name: String, to path: String) async throws -> Bool {
        while true {
            do {
                try await store.download(folder + name, to: path)
                state.withLock { $0.gotCount += 1 }
                return true
            } catch let error as StoreError where [.notFound, .corrupted, .changed].contains(error.kind) {
                return false
            } catch let error as StoreError where error.kind == .busy {
                // Another render on this machine gets it into the same cache. If that is killed, this one goes on with it.
                try await Task.sleep(for: .milliseconds(100))
                if access(path, F_OK) == 0 { return true }
            }
        }
    }
}
