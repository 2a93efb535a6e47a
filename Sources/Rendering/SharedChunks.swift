import Glibc
import Library
import ObjectStore
import Synchronization

/// Chunks that machines share through a store, below `segments/ID/`: what one has rendered, the others get.
///
/// Whoever renders one claims it first; others take other chunks, and wait for it in the end.
///
/// Nothing here fails a render: what cannot be had is rendered, and what cannot be given away is a warning. After the first
/// failure the store is left alone.
public final class SharedChunks: Sendable {
    private struct State {
        var problem: String?
        /// The last upload of each of those that are under way side by side.
        var lanes = [Task<Void, Never>?](repeating: nil, count: 4)
        var nextLane = 0
    }

    private let store: any ObjectStore
    private let folder: String
    private let journalFolder: String
    private let claims: ChunkClaims
    private let state = Mutex(State())

    /// - Parameter journalFolder: for notes on uploads, by which the next process goes on with those that were killed.
    public init(_ store: any ObjectStore, project id: String, journalFolder: String) {
        (self.store, self.journalFolder) = (store, journalFolder)
        folder = StoreLayout.segments(ofProject: id)
        claims = ChunkClaims(store, in: folder)
    }

    /// For the report.
    var warnings: [String] {
        state.withLock { state in state.problem.map { ["the shared cache \(store.location.naming(folder)): \($0)"] } ?? [] }
    }

    /// A chunk's name in the store, and where it is or goes here.
    typealias Place = (name: String, path: String)

    /// Gets those chunks that are missing here and others have rendered, some at once, and begins to give those that are here and
    /// not there.
    ///
    /// - Parameter missing: what arrives of them has still to be examined.
    func exchange(missing: [Place], own: [Place], _ cancellation: Cancellation) throws {
        guard isUsable else { return }
        try cancellation.wait { [self] in
            do {
                let objects = try await store.list(Listing(prefix: folder)).allObjects()
                await claims.tidy(objects)
                let names = Set(objects.map { ObjectKey($0.key) })
                for chunk in own where !names.contains(ObjectKey(folder + chunk.name)) { give(chunk.path, as: chunk.name) }
                let wanted = missing.filter { names.contains(ObjectKey(folder + $0.name)) }
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
                let found = try await store.list(Listing(prefix: folder + name)).allObjects()
                if found.contains(where: { $0.key == folder + name }), try await get(name, to: path) { return .hasArrived }
                let claim = found.first { $0.key == claims.key(of: name) }
                if let claim, !claims.isDead(claim) { return .isOthers }
                return try await claims.take(name, inPlaceOf: claim) ? .isOurs : .isOthers
            } catch let error as StoreError {
                note(error)
                return .isOurs
            }
        }
    }

    /// Waits for chunks that others render, and gets those that arrive. Returns when none is left that is worth waiting for.
    ///
    /// - Parameter awaited: called with how many are left.
    func wait(for chunks: [Place], _ cancellation: Cancellation, awaited: @escaping @Sendable (Int) -> Void) throws {
        guard isUsable else { return }
        let paths = Dictionary(chunks) { first, _ in first }
        defer { awaited(0) }
        try cancellation.wait { [self] in
            do {
                try await claims.wait(for: chunks.map(\.name)) { [self] names, count in
                    awaited(names.count + count)
                    _ = try await inParallel(4, names) { [self] in try await get($0, to: paths[$0] ?? "") }
                }
            } catch let error as StoreError {
                note(error)
            }
        }
    }

    /// Gives a chunk to the others, while the render goes on.
    func give(_ path: String, as name: String) {
        state.withLock { state in
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
                    await claims.drop(name)
                } catch let error as StoreError {
                    note(error)
                } catch {}  // cancelled, with all the rest
            }
        }
    }

    /// Gives claims back, as nothing will come of them. Takes two seconds at most.
    func release() {
        try? Cancellation().wait { [self] in
            let work = Task { await claims.giveBack() }
            let limit = Task {
                try? await Task.sleep(for: .seconds(2))
                work.cancel()
            }
            await work.value
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
                guard self.isUsable else { return }
                await self.claims.giveBack()
                await self.claims.tidy()
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

    private var isUsable: Bool { state.withLock { $0.problem == nil } }

    private func note(_ error: StoreError) { state.withLock { $0.problem = $0.problem ?? "\(error)" } }

    private func get(_ name: String, to path: String) async throws -> Bool {
        while true {
            do {
                try await store.download(folder + name, to: path)
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
