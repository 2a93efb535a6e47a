import Resampling
import Synchronization

/// The working pictures of a film while they are in use: made when first needed, each file decoded once for all its uses,
/// let go after the last one.
///
/// Work comes as numbered items (chunks, or batches of frames), started in rising order by any number of threads. When more is
/// held than the budget, what nobody is using and is needed last goes first, and is decoded again later.
package final class PicturePool: Sendable {
    /// Decodes the file of `picture` and prepares all the planes asked for.
    package typealias Producer = @Sendable (_ picture: Int, _ requests: [PlaneRequest]) throws -> [PlaneRequest: WorkingPicture]

    private struct Use {
        /// Items that need it, ascending; those before `next` are over.
        var items: [Int]
        var next = 0
        var leases = 0
        var byteCount = 0
    }

    private let items: [[PlaneRequest]]
    private let requests: [Int: [PlaneRequest]]
    private let uses: Mutex<[PlaneRequest: Use]>
    /// One lock a file: whoever comes second waits for the first one's planes instead of decoding again.
    private let files: [Int: FileEntry]
    private let budgetBytes: Int
    private let produce: Producer

    private final class FileEntry: Sendable {
        let planes = Mutex<[PlaneRequest: WorkingPicture]>([:])
    }

    package init(items: [[PlaneRequest]], budgetBytes: Int, produce: @escaping Producer) {
        self.items = items
        self.budgetBytes = budgetBytes
        self.produce = produce
        var uses: [PlaneRequest: Use] = [:]
        for (index, item) in items.enumerated() {
            for request in item { uses[request, default: Use(items: [])].items.append(index) }
        }
        requests = Dictionary(grouping: uses.keys, by: \.picture)
        files = requests.mapValues { _ in FileEntry() }
        self.uses = Mutex(uses)
    }

    /// The planes of an item, held until `release(item)`.
    package func lease(_ item: Int) throws -> [PlaneRequest: WorkingPicture] {
        uses.withLock { uses in for request in items[item] { uses[request]?.leases += 1 } }
        var result: [PlaneRequest: WorkingPicture] = [:]
        for request in items[item] {
            guard let entry = files[request.picture] else { continue }
            result[request] = try entry.planes.withLock { planes in
                if planes[request] == nil {
                    let wanted = [request] + othersWorthMaking(with: request, besides: planes)
                    for (made, picture) in try produce(request.picture, wanted) {
                        planes[made] = picture
                        uses.withLock { $0[made]?.byteCount = picture.byteCount }
                    }
                }
                return planes[request]
            }
        }
        evict()
        return result
    }

    /// The file's other planes that are needed later: made from the same decoding as far as the budget goes.
    private func othersWorthMaking(
        with request: PlaneRequest, besides planes: [PlaneRequest: WorkingPicture]
    ) -> [PlaneRequest] {
        uses.withLock { uses in
            var room = budgetBytes - uses.values.reduce(0) { $0 + $1.byteCount } - request.byteCount
            return (requests[request.picture] ?? []).filter { other in
                guard other != request, planes[other] == nil, let use = uses[other], use.next < use.items.count,
                    other.byteCount <= room
                else { return false }
                room -= other.byteCount
                return true
            }
        }
    }

    package func release(_ item: Int) {
        let finished = uses.withLock { uses in
            items[item].filter { request in
                guard var use = uses[request] else { return false }
                use.leases -= 1
                use.next += 1
                uses[request] = use
                return use.next == use.items.count
            }
        }
        for request in finished { drop(request) }
        evict()
    }

    /// An item that turns out to need no planes.
    package func skip(_ item: Int) {
        uses.withLock { uses in for request in items[item] { uses[request]?.leases += 1 } }
        release(item)
    }

    private func evict() {
        while let victim = uses.withLock({ uses -> PlaneRequest? in
            guard uses.values.reduce(0, { $0 + $1.byteCount }) > budgetBytes else { return nil }
            return uses.filter { $0.value.leases == 0 && $0.value.byteCount > 0 }
                .max { $0.value.items[min($0.value.next, $0.value.items.count - 1)]
                    < $1.value.items[min($1.value.next, $1.value.items.count - 1)] }?.key
        }) {
            drop(victim)
        }
    }

    /// Forgets planes unless somebody has leased them meanwhile.
    private func drop(_ request: PlaneRequest) {
        files[request.picture]?.planes.withLock { planes in
            let isFree = uses.withLock { uses in
                guard uses[request]?.leases == 0 else { return false }
                uses[request]?.byteCount = 0
                return true
            }
            if isFree { planes[request] = nil }
        }
    }
}
